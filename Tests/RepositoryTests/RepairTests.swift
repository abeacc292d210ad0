import HoldfastCore
import ObjectStorage
import TestSupport
import Testing

@testable import Repository

@Suite("Repair saves all that is whole, and the next backup heals the rest")
struct RepairTests {
    /// Goal: after a repair the check names only what is lost, and a backup that still has the source gives it back.
    /// Method: one flipped byte anywhere in any pack or segment, many times.
    @Test("after any flipped byte in packs and index", arguments: [UInt64](1...40))
    func flips(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let store = MemoryObjectStore()
        let repository = try Fixture.create(store)
        let images = [Fixture.image([1, 2, 3]), Fixture.image([3, 4]), Fixture.image([5, 6])]
        let points = try images.map { try Fixture.backUp($0, to: repository) }
        var objects = store.contents
        let keys = objects.keys.filter { $0.text.hasPrefix("packs/") || $0.text.hasPrefix("index/") }.sorted()
        let key = try #require(keys.randomElement(using: &random))
        let place = Int.random(in: 0..<(objects[key]?.count ?? 1), using: &random)
        objects[key]?[place] ^= UInt8.random(in: 1...255, using: &random)

        let damaged = MemoryObjectStore(objects)
        let opened = try Fixture.open(damaged)
        let report = try opened.repair()
        #expect(report.lostChunks <= 1 && report.unreadable.isEmpty, "one byte is in one chunk")
        let check = try opened.check(readData: true)
        #expect(check.faults.isEmpty, "what is left is whole")
        #expect(check.hits.isEmpty == (report.lostChunks == 0))
        #expect(try opened.repair() == RepairReport(), "a second finds nothing")

        for image in images { _ = try Fixture.backUp(image, to: opened) }
        #expect(try opened.check(readData: true).isClean)
        let again = try Fixture.open(damaged)
        for (point, image) in zip(points, images) { #expect(try Fixture.read(point, from: again) == image) }
    }

    @Test("a pack that is gone, and one that is cut")
    func gone() throws {
        let store = MemoryObjectStore()
        let repository = try Fixture.create(store)
        let first = try Fixture.backUp(Fixture.image([1, 2]), to: repository)
        let packs = try Set(store.list(ObjectKey("packs")).map(\.key))
        let second = try Fixture.backUp(Fixture.image([3, 4]), to: repository)
        for isCut in [false, true] {
            var objects = store.contents
            for key in packs { objects[key] = isCut ? objects[key].map { Array($0.prefix(70_000)) } : nil }
            let damaged = MemoryObjectStore(objects)
            let opened = try Fixture.open(damaged)
            let report = try opened.repair()
            #expect(report.removedPacks == 1 && report.lostChunks > 0 && (report.savedChunks > 0) == isCut)
            #expect(try opened.check(readData: true).hits.map(\.restorePoint) == [first.id])
            #expect(try Fixture.read(second, from: opened) == Fixture.image([3, 4]))
            _ = try Fixture.backUp(Fixture.image([1, 2]), to: opened)
            #expect(try Fixture.read(first, from: opened) == Fixture.image([1, 2]))
        }
    }
}
