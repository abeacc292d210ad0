import Foundation
import HoldfastCore
import ObjectStorage
import Testing

@testable import Repository

@Suite("Keys while something is locked or held")
struct LockedKeyTests {
    private let store = MemoryObjectStore()
    private let fixture = LockFixture()

    private static let other = KeyMaterial.keyFile(KeyFile(randomBytes: { Data(repeating: 9, count: $0) }))

    private func keep(_ point: RestorePointID, _ repository: Repository, isHeld: Bool) throws {
        if isHeld {
            try repository.hold(point, reason: "x")
        } else {
            try repository.keep(point, until: .until(LockFixture.after(days: 1)))
        }
    }

    /// What was sealed before any epoch began, as the operations page says how to find it: four bytes in each object.
    private func firstEpoch(_ contents: [ObjectKey: [UInt8]]) -> [ObjectKey: [UInt8]] {
        contents.filter { key, bytes in
            switch key.text.split(separator: "/").first {
            case "epochs": false
            case "index", "packs", "points", "locks": bytes.dropFirst(36).prefix(4).allSatisfy { $0 == 0 }
            default: true
            }
        }
    }

    @Test("a key stays until the time is over or the hold ends", arguments: [false, true])
    func removal(isHeld: Bool) throws {
        let repository = try fixture.create(store)
        let point = try Fixture.backUp(Fixture.image([1]), to: repository)
        let id = try repository.addKey(Self.other)
        try keep(point.id, repository, isHeld: isHeld)
        try repository.enforceLocks()
        let code: RepositoryError.Code = isHeld ? .restorePointHeld : .restorePointLocked
        #expect(repositoryCode { try repository.removeKey(id) } == code)
        #expect(store.protectedKeys.contains(try StoredKeys.wrapping(id)))
        // What opens nothing is in nobody's way.
        let damaged = String(repeating: "0", count: 64)
        try store.put([1, 2, 3], at: StoredKeys.wrapping(damaged))
        try repository.removeKey(damaged)
        if isHeld { try repository.endHolds(of: point.id) } else { fixture.pass(days: 2) }
        try repository.removeKey(id)
        #expect(try repository.keyList().count == 1)
    }

    /// Goal: whoever has the files and a key, and every command, makes no locked backup unreadable to another key. Method: he
    /// revokes that key, seals anew and removes what he can; its owner then takes away what came after.
    @Test("a revoked key opens what was locked under it, nothing new, and goes when nothing is locked any more")
    func revocation() throws {
        let repository = try fixture.create(store)
        let owner = try #require(try repository.keyList().first?.id)
        let point = try Fixture.backUp(Fixture.image([1, 2]), to: repository)
        try keep(point.id, repository, isHeld: false)
        try repository.enforceLocks()
        _ = try repository.addKey(Self.other)
        let thief = try fixture.open(store, by: Self.other)
        #expect(try thief.revokeKeys([owner]) == 1)
        let wrapped = store.contents.keys.filter { $0.text.hasPrefix("keys/") }
        #expect(wrapped.count == 2 && store.protectedKeys.isSuperset(of: wrapped))
        _ = try thief.rotateKeys()
        let new = try Fixture.backUp(Fixture.image([1, 3]), to: thief)
        _ = try thief.prune(PruneOptions(maxUnused: 0, reseals: true))
        #expect(try thief.keyList().map(\.isOutdated).sorted { !$0 && $1 } == [false, true])
        #expect(repositoryCode { try thief.removeKey(owner) } == .restorePointLocked)

        #expect(repositoryCode { _ = try fixture.open(store) } == .wrongKey, "it opens nothing new")
        let old = try fixture.open(MemoryObjectStore(firstEpoch(store.contents)))
        _ = try old.rebuildIndex()
        #expect(try old.restorePoints().map(\.id) == [point.id])
        #expect(try Fixture.read(point, from: old) == Fixture.image([1, 2]))
        #expect(repositoryCode { _ = try Fixture.read(new, from: old) } != nil)

        fixture.pass(days: 2)
        _ = try thief.rotateKeys()
        #expect(try thief.keyList().count == 1)
    }

    @Test("what nobody with a key has put there goes with a rotation, whatever is locked")
    func slippedIn() throws {
        let repository = try fixture.create(store)
        let point = try Fixture.backUp(Fixture.image([1]), to: repository)
        try keep(point.id, repository, isHeld: true)
        let masters = [SecretBytes([UInt8](repeating: 5, count: 32))]
        let recipient = try KeyRecipient(Self.other, label: "first", salt: [UInt8](repeating: 3, count: 32))
        _ = try KeyWrapping(masters, for: recipient, repositoryID: repository.id, randomBytes: Seams.live.randomBytes)
            .put(in: store)
        _ = try repository.rotateKeys()
        #expect(try repository.keyList().map(\.isProved) == [true])
    }
}
