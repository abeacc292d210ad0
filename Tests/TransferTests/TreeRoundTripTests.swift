import Endpoints
import Foundation
import TestSupport
import Testing
import Transfer

@Suite("Trees come back exactly")
struct TreeRoundTripTests {
    /// Goal: nothing that can be seen of a tree is lost. Method: random trees, compared by plain system calls.
    @Test("with every kind of item and attribute", arguments: [UInt64](1...12))
    func everything(seed: UInt64) async throws {
        try await withTemporaryDirectory { place in
            let source = place + "/source"
            try FileManager.default.createDirectory(atPath: source, withIntermediateDirectories: false)
            var tree = RandomTree(seed: seed)
            try tree.fill(source)
            let before = try treeFacts(source)

            let fixture = try Fixture()
            let outcome = try await fixture.backUp(tree: source)
            let restored = try await fixture.restore(outcome.restorePoint, to: .tree(path: place + "/target"))

            #expect(outcome.warnings == [])
            #expect(restored.warnings == [])
            #expect(outcome.entryCount == before.count)
            #expect(restored.entryCount == before.count)
            #expect(try differences(before, treeFacts(place + "/target")) == [])
            #expect(try differences(before, treeFacts(source)) == [], "a backup changes nothing")
        }
    }

    @Test("over another tree, of which nothing is left if asked", arguments: [UInt64](20...25))
    func overAnother(seed: UInt64) async throws {
        try await withTemporaryDirectory { place in
            for name in ["source", "target"] {
                try FileManager.default.createDirectory(atPath: place + "/" + name, withIntermediateDirectories: false)
            }
            var tree = RandomTree(seed: seed)
            try tree.fill(place + "/source")
            var other = RandomTree(seed: seed + 1000)
            try other.fill(place + "/target")
            // Names that both have, with other kinds behind them.
            for (name, isDirectory) in [("a", true), ("b", false)] {
                for (side, kind) in [("/source/", isDirectory), ("/target/", !isDirectory)] {
                    let path = place + side + name
                    if kind {
                        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
                        try write([1], to: path + "/inner")
                    } else {
                        try write([2, 3], to: path)
                    }
                }
            }
            let before = try treeFacts(place + "/source")

            let fixture = try Fixture()
            let outcome = try await fixture.backUp(tree: place + "/source")
            let restored = try await fixture.restore(
                outcome.restorePoint, to: .tree(path: place + "/target"), deleteExtra: true)

            #expect(restored.warnings == [])
            #expect(try differences(before, treeFacts(place + "/target")) == [])
        }
    }

    @Test("again over themselves, and nothing is written")
    func overItself() async throws {
        try await withTemporaryDirectory { place in
            let source = place + "/source"
            try FileManager.default.createDirectory(atPath: source, withIntermediateDirectories: false)
            var tree = RandomTree(seed: 77)
            try tree.fill(source, items: 40)
            let fixture = try Fixture()
            let outcome = try await fixture.backUp(tree: source)
            try await fixture.restore(outcome.restorePoint, to: .tree(path: place + "/target"))
            let once = try treeFacts(place + "/target")

            let again = try await fixture.restore(outcome.restorePoint, to: .tree(path: place + "/target"))

            #expect(!again.resumed)
            #expect(again.verifiedBytes >= again.writtenBytes)
            #expect(try differences(once, treeFacts(place + "/target")) == [])
        }
    }
}
