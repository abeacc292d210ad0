import Endpoints
import Foundation
import HoldfastCore
import TestSupport
import Testing
import Transfer

@Suite("A second backup reads what changed")
struct IncrementalTests {
    @Test("of an unchanged tree: nothing is opened, next to nothing is stored")
    func unchanged() async throws {
        try await withTree(seed: 101) { source, fixture in
            let first = try await fixture.backUp(tree: source)
            let opened = Counter()
            let second = try await fixture.backUp(
                tree: source, parent: first.restorePoint, hooks: SourceHooks(willOpen: { opened.add($0) }))
            #expect(opened.seen == [] && second.readBytes == 0)
            #expect(second.parentUsed == first.restorePoint && second.restorePoint != first.restorePoint)
            #expect(second.entryCount == first.entryCount && second.logicalBytes == first.logicalBytes)
            #expect(second.storedBytes == 0, "the same manifest is the same chunks")
            try await fixture.expectSame(source, after: second)
        }
    }

    @Test("of a changed tree: exactly the changed files are opened")
    func changed() async throws {
        try await withTree(seed: 102) { source, fixture in
            for name in ["grows", "shrinks", "same size", "goes", "stays"] {
                try write(Array(repeating: 1, count: 5000), to: "\(source)/\(name)")
            }
            let first = try await fixture.backUp(tree: source)
            try write(Array(repeating: 1, count: 6000), to: "\(source)/grows")
            try write([1], to: "\(source)/shrinks")
            try write(Array(repeating: 2, count: 5000), to: "\(source)/same size")
            try write([3], to: "\(source)/comes")
            try FileManager.default.removeItem(atPath: "\(source)/goes")
            let opened = Counter()
            let second = try await fixture.backUp(
                tree: source, parent: first.restorePoint, hooks: SourceHooks(willOpen: { opened.add($0) }))
            #expect(opened.seen.sorted() == ["comes", "grows", "same size", "shrinks"])
            try await fixture.expectSame(source, after: second)
        }
    }

    @Test("a file whose time was set back is read: its change time tells")
    func timeSetBack() async throws {
        try await withTree(seed: 103, items: 5) { source, fixture in
            let path = "\(source)/file"
            try write([1, 2, 3], to: path)
            let time = [FileAttributeKey.modificationDate: Date(timeIntervalSince1970: 1_000_000_000)]
            try FileManager.default.setAttributes(time, ofItemAtPath: path)
            let first = try await fixture.backUp(tree: source)
            try write([4, 5, 6], to: path)
            try FileManager.default.setAttributes(time, ofItemAtPath: path)
            let second = try await fixture.backUp(tree: source, parent: first.restorePoint)
            try await fixture.expectSame(source, after: second)
        }
    }

    @Test("asked to trust nothing, it opens every file again")
    func rereadAll() async throws {
        try await withTree(seed: 104) { source, fixture in
            let (opened, again) = (Counter(), Counter())
            let first = try await fixture.backUp(tree: source, hooks: SourceHooks(willOpen: { opened.add($0) }))
            let second = try await fixture.backUp(
                tree: source, parent: first.restorePoint, rereadAll: true,
                hooks: SourceHooks(willOpen: { again.add($0) }))
            #expect(again.seen.count == opened.seen.count && second.readBytes == first.readBytes)
            #expect(second.storedBytes == 0)
        }
    }

    @Test("a parent that is gone, or of another kind, is left aside")
    func badParent() async throws {
        try await withTree(seed: 105, items: 10) { source, fixture in
            let image = "\(source).raw"
            try write([1, 2, 3], to: image)
            let other = try await fixture.backUp(image: image)
            let gone = RestorePointID(String(repeating: "0", count: 64))
            for parent in [other.restorePoint, gone] {
                let outcome = try await fixture.backUp(tree: source, parent: parent)
                #expect(outcome.parentUsed == nil && outcome.warnings == [])
                try await fixture.expectSame(source, after: outcome)
            }
        }
    }

    private func withTree(
        seed: UInt64, items: Int = 60, _ body: (_ source: String, Fixture) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { place in
            let source = place + "/source"
            try FileManager.default.createDirectory(atPath: source, withIntermediateDirectories: false)
            var tree = RandomTree(seed: seed)
            try tree.fill(source, items: items)
            try await body(source, try Fixture())
        }
    }
}

extension Fixture {
    /// Restores beside the source, and compares.
    func expectSame(_ source: String, after outcome: BackupOutcome) async throws {
        let target = source + "-\(outcome.restorePoint.text.prefix(8))"
        try await restore(outcome.restorePoint, to: .tree(path: target))
        let found = try differences(treeFacts(source), treeFacts(target))
        #expect(found == [])
    }
}
