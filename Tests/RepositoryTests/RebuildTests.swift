import HoldfastCore
import ObjectStorage
import Testing

@testable import Repository

@Suite("An index can be rebuilt from the packs and the key")
struct RebuildTests {
    @Test("after every segment is lost, everything reads again; a second rebuild finds nothing to do")
    func lost() throws {
        let store = MemoryObjectStore()
        let repository = try Fixture.create(store)
        let first = try Fixture.backUp(Fixture.image([1, 2]), to: repository)
        let second = try Fixture.backUp(Fixture.image([2, 3]), to: repository, domain: "other")

        var objects = store.contents
        for key in objects.keys where key.text.hasPrefix("index/") { objects[key] = nil }
        let left = MemoryObjectStore(objects)
        let opened = try Fixture.open(left)
        #expect(throws: RepositoryError.self) { try Fixture.read(first, from: opened) }
        #expect(try !opened.check(readData: false).isClean)

        let rebuild = try opened.rebuildIndex()
        #expect(rebuild.packs == 2 && rebuild.damaged.isEmpty)
        #expect(rebuild.chunks == repository.index.count)
        for repository in [opened, try Fixture.open(left)] {
            #expect(try Fixture.read(first, from: repository) == Fixture.image([1, 2]))
            #expect(try Fixture.read(second, from: repository) == Fixture.image([2, 3]))
            #expect(try repository.check(readData: true).isClean)
        }
        #expect(try opened.rebuildIndex() == IndexRebuild())
    }

    @Test("packs that can't list themselves are named, and the others are taken")
    func damaged() throws {
        let store = MemoryObjectStore()
        let repository = try Fixture.create(store)
        let first = try Fixture.backUp(Fixture.image([1]), to: repository)
        let packs = try Set(store.list(ObjectKey("packs")).map(\.key))
        let second = try Fixture.backUp(Fixture.image([2]), to: repository)
        var objects = store.contents
        for key in objects.keys where key.text.hasPrefix("index/") { objects[key] = nil }
        for key in packs { objects[key]?.removeLast() }
        let opened = try Fixture.open(MemoryObjectStore(objects))
        let rebuild = try opened.rebuildIndex()
        #expect(rebuild.damaged.map(\.place) == packs.map(\.text))
        #expect(try Fixture.read(second, from: opened) == Fixture.image([2]))
        #expect(try opened.check(readData: true).hits.map(\.restorePoint) == [first.id])
    }
}
