import HoldfastCore
import ObjectStorage
import TestSupport
import Testing

@testable import Repository

@Suite("Several keys open a repository, and no data is touched")
struct KeyTests {
    @Test("added, used, removed")
    func life() throws {
        let store = MemoryObjectStore()
        let repository = try Fixture.create(store)
        let point = try Fixture.backUp(Fixture.image([1]), to: repository)
        let packs = try store.list(ObjectKey("packs"))
        let passphrase = KeyMaterial.passphrase(Array("correct horse".utf8))
        #expect(throws: RepositoryError.self) { try Repository.open(store, unlockedBy: passphrase, seams: .live) }
        let id = try repository.addKey(passphrase)
        #expect(try repository.keyList().map(\.isInUse).filter { $0 }.count == 1)

        let opened = try Repository.open(store, unlockedBy: passphrase, seams: .live)
        #expect(try Fixture.read(point, from: opened) == Fixture.image([1]))
        #expect(try opened.keyList().first { $0.isInUse }?.id == id)
        #expect { try opened.removeKey(id) } throws: { ($0 as? RepositoryError)?.code == .keyInUse }
        for key in try opened.keyList() where key.kind == .keyFile { try opened.removeKey(key.id) }
        #expect(throws: RepositoryError.self) { try Fixture.open(store) }
        #expect(throws: RepositoryError.self) { try opened.removeKey(String(repeating: "0", count: 64)) }
        #expect(try Fixture.read(point, from: opened) == Fixture.image([1]))
        #expect(try store.list(ObjectKey("packs")) == packs)
    }
}
