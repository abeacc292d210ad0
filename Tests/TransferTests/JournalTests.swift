import Endpoints
import Foundation
import TestSupport
import Testing
import Transfer

@Suite("The journal of a restore is text that anybody may have changed")
struct JournalTests {
    /// Goal: whatever lies where the journal goes, a restore ends well. Method: a valid one, changed at seeded places, cut,
    /// or made long; then the restore that finds it.
    @Test("a restore that finds any bytes there gives the right ones, and removes it", arguments: [UInt64](1...60))
    func changed(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let fixture = try Fixture()
        try await withTemporaryDirectory { directory in
            let contents = random.bytes(100_000)
            try write(contents, to: "\(directory)/source")
            let point = try await fixture.backUp(image: "\(directory)/source").restorePoint
            let header = Array("holdfast-restore 1\nrestore_point \(point)\n".utf8)
            var journal = header + Array("done_bytes 5 done_entries 1\n".utf8)
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let place = Int.random(in: 0..<max(1, journal.count), using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: if place < journal.count { journal[place] = UInt8.random(in: 0...255, using: &random) }
                case 1: journal.removeSubrange(min(place, journal.count)...)
                default: journal.insert(contentsOf: random.bytes(5000), at: min(place, journal.count))
                }
            }
            let mark = "\(directory)/target.holdfast-restore"
            try write(journal, to: mark)
            try write(random.bytes(contents.count), to: "\(directory)/target")
            let outcome = try await fixture.restore(point, to: .image(path: "\(directory)/target"))
            #expect(try read("\(directory)/target") == contents)
            #expect(!FileManager.default.fileExists(atPath: mark))
            #expect(outcome.resumed == journal.starts(with: header))
        }
    }
}
