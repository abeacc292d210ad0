import Archiving
import Foundation
import HoldfastCore
import Repository
import TestSupport
import Testing
import Transfer

@Suite("What tar unpacks is what was backed up")
struct TarTests {
    /// Goal: GNU tar, which shares no code with us, makes the same tree of the stream. Method: random trees with everything a
    /// file system holds, compared by plain system calls; sockets, for which tar has no place, are looked for by themselves.
    @Test("with every kind of item and attribute", arguments: [UInt64](1...6))
    func everything(seed: UInt64) async throws {
        try await withTemporaryDirectory { place in
            let source = place + "/source"
            try FileManager.default.createDirectory(atPath: source, withIntermediateDirectories: false)
            var tree = RandomTree(seed: seed)
            try tree.fill(source)
            let fixture = try Fixture()
            let outcome = try await fixture.backUp(tree: source)
            let point = try fixture.repository.restorePoint(outcome.restorePoint)

            var leftOut: Set<[UInt8]> = []
            let file = open(place + "/archive", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
            try TarExport(point, reader: fixture.repository.reader()).write([], to: file) {
                leftOut.insert(Array($0.joined(separator: [47])))
                // What an earlier call of this thread left behind is nobody's failure now.
                errno = ENOMEM
            }
            close(file)
            try FileManager.default.createDirectory(atPath: place + "/target", withIntermediateDirectories: false)
            try Self.extract(place + "/archive", to: place + "/target")

            let before = try treeFacts(source)
            let sockets = Set(before.filter { $0.value.mode & UInt32(S_IFMT) == UInt32(S_IFSOCK) }.keys)
            #expect(leftOut == sockets)
            let after = Self.withoutUnnamedHoles(try treeFacts(place + "/target"))
            let wanted = Self.withoutUnnamedHoles(before.filter { !sockets.contains($0.key) })
            #expect(differences(wanted, after) == [])
            #expect(after.values.contains { $0.mode & UInt32(S_IFMT) == UInt32(S_IFREG) && !$0.contents.isEmpty })
        }
    }

    /// Files whose names are not UTF-8 are stored without their holes: see `TarWriter`.
    private static func withoutUnnamedHoles(_ facts: [[UInt8]: ItemFacts]) -> [[UInt8]: ItemFacts] {
        var facts = facts
        for path in facts.keys where String(validating: path, as: UTF8.self) == nil { facts[path]?.dataRuns = [] }
        return facts
    }

    private static func extract(_ archive: String, to target: String) throws {
        let tar = Process()
        tar.executableURL = URL(filePath: "/bin/tar")
        tar.arguments = [
            "--extract", "--same-owner", "--same-permissions", "--xattrs", "--xattrs-include=*", "-f", archive, "-C",
            target,
        ]
        // It wonders about times to come, and about names that are not UTF-8.
        tar.standardError = FileHandle.nullDevice
        try tar.run()
        tar.waitUntilExit()
        #expect(tar.terminationStatus == 0)
    }
}
