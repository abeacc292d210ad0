import Endpoints
import Foundation
import HoldfastCore
import TestSupport
import Testing
import Transfer

@Suite("Trees may be wide, deep, and cut off half-way")
struct LargeTreeTests {
    @Test("100,000 files in one directory")
    func wide() async throws {
        try await withTemporaryDirectory { place in
            let source = place + "/source"
            try FileManager.default.createDirectory(atPath: source, withIntermediateDirectories: false)
            for index in 0..<100_000 {
                let file = open("\(source)/\(index)", O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o644)
                guard file >= 0 else { throw POSIXError(.EIO) }
                if index.isMultiple(of: 1000) { _ = Glibc.write(file, "\(index)", "\(index)".utf8.count) }
                close(file)
            }
            let fixture = try Fixture()
            let outcome = try await fixture.backUp(tree: source)
            #expect(outcome.entryCount == 100_001 && outcome.warnings == [])
            let again = try await fixture.backUp(tree: source, parent: outcome.restorePoint)
            #expect(again.readBytes == 0 && again.storedBytes == 0)
            let restored = try await fixture.restore(again.restorePoint, to: .tree(path: place + "/target"))
            #expect(restored.entryCount == 100_001)
            let names = try FileManager.default.contentsOfDirectory(atPath: place + "/target")
            #expect(names.count == 100_000)
            #expect(try read(place + "/target/77000") == Array("77000".utf8))
        }
    }

    @Test("2,000 directories deep, far beyond what a path may be long")
    func deep() async throws {
        try await withTemporaryDirectory { place in
            let source = place + "/source"
            try FileManager.default.createDirectory(atPath: source, withIntermediateDirectories: false)
            try descend(source, levels: 2000) { level, directory in
                guard mkdirat(directory, "d", 0o755) == 0 else { throw POSIXError(.EIO) }
                let file = openat(directory, "f", O_CREAT | O_WRONLY | O_CLOEXEC, 0o644)
                _ = Glibc.write(file, "\(level)", "\(level)".utf8.count)
                close(file)
            }
            let fixture = try Fixture()
            let outcome = try await fixture.backUp(tree: source)
            #expect(outcome.entryCount == 4001 && outcome.warnings == [])
            let restored = try await fixture.restore(outcome.restorePoint, to: .tree(path: place + "/target"))
            #expect(restored.entryCount == 4001 && restored.warnings == [])
            var seen = 0
            try descend(place + "/target", levels: 2000) { level, directory in
                let file = openat(directory, "f", O_RDONLY | O_CLOEXEC)
                var bytes = [UInt8](repeating: 0, count: 16)
                let count = Glibc.read(file, &bytes, 16)
                close(file)
                if count > 0, String(decoding: bytes.prefix(count), as: UTF8.self) == "\(level)" { seen += 1 }
            }
            #expect(seen == 2000)
        }
    }

    @Test(
        "a restore that is cut off is marked, left out of backups, and finished by the same again", arguments: [2, 20])
    func resumed(cutAfter: Int) async throws {
        try await withTemporaryDirectory { place in
            let (source, target) = (place + "/source", place + "/target")
            try FileManager.default.createDirectory(atPath: source, withIntermediateDirectories: false)
            var tree = RandomTree(seed: 200)
            try tree.fill(source)
            let fixture = try Fixture()
            let outcome = try await fixture.backUp(tree: source)
            let writes = Counter()
            await #expect(throws: (any Error).self) {
                try await fixture.restore(
                    outcome.restorePoint, to: .tree(path: target),
                    hooks: RestoreHooks(willWrite: { _, _, _ in
                        if writes.next() >= cutAfter { throw CocoaError(.featureUnsupported) }
                    }))
            }
            #expect(FileManager.default.fileExists(atPath: target + "/.holdfast-restore"))
            let again = try await fixture.restore(outcome.restorePoint, to: .tree(path: target))
            #expect(again.resumed && again.warnings == [])
            let found = try differences(treeFacts(source), treeFacts(target))
            #expect(found == [])
        }
    }

    /// Calls `body` in each directory `d/d/d/…` below `root`, before it goes deeper.
    private func descend(_ root: String, levels: Int, _ body: (Int, Int32) throws -> Void) throws {
        var directory = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        for level in 0..<levels {
            try body(level, directory)
            let next = openat(directory, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            close(directory)
            guard next >= 0 else { throw POSIXError(.ENOENT) }
            directory = next
        }
        close(directory)
    }
}
