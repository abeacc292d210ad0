import Endpoints
import Foundation
import HoldfastCore
import Repository
import Synchronization
import TestSupport
import Testing
import Transfer

@Suite("Progress tells the truth")
struct ProgressTests {
    /// What a transfer said, in the order in which it said it.
    private final class Record: Sendable {
        private let said = Mutex<[TransferProgress]>([])
        var all: [TransferProgress] { said.withLock { $0 } }
        func add(_ progress: TransferProgress) { said.withLock { $0.append(progress) } }
    }

    /// Goal: the last word is what there was, counted as the restore point counts it. Method: trees with hard links, holes
    /// and everything else, backed up, restored, and copied.
    @Test("in a backup, a restore and a copy", arguments: [UInt64](1...4))
    func lastWord(seed: UInt64) async throws {
        try await withTemporaryDirectory { place in
            let source = place + "/source"
            try FileManager.default.createDirectory(atPath: source, withIntermediateDirectories: false)
            var tree = RandomTree(seed: seed)
            try tree.fill(source)
            let (fixture, other) = (try Fixture(), try Fixture())
            let (backup, restored, copied) = (Record(), Record(), Record())
            let outcome = try await Transfer.backUp(
                BackupRequest(source: .tree(path: source), domain: "local"), into: fixture.repository,
                seams: fixture.seams, progress: backup.add)
            for target in ["one", "one"] {
                // The second time over what is there already.
                _ = try await Transfer.restore(
                    RestoreRequest(
                        restorePoint: outcome.restorePoint, target: .tree(path: place + "/" + target)),
                    from: fixture.repository, seams: fixture.seams, progress: restored.add)
            }
            _ = try await copyRestorePoints(
                CopyRequest(), from: fixture.repository, to: other.repository, seams: fixture.seams,
                progress: copied.add)
            for record in [backup, restored, copied] {
                let last = try #require(record.all.last)
                #expect(last.doneBytes == outcome.logicalBytes && last.totalBytes == outcome.logicalBytes)
                #expect(last.doneEntries == outcome.entryCount && last.totalEntries == outcome.entryCount)
            }
        }
    }
}
