import Foundation
import HoldfastCore
import ObjectStorage
import Testing

@testable import Repository

@Suite("What the store protects for locked restore points")
struct EnforcementTests {
    private let fixture = LockFixture()

    /// Goal: whoever removes all that the store lets him remove can't hurt a locked backup. Method: exactly that.
    @Test("is enough to give them back", arguments: [false, true])
    func isEnough(isHeld: Bool) throws {
        let store = MemoryObjectStore()
        let repository = try fixture.create(store)
        let images: [[UInt64]] = [[1, 2], [2, 3, 4], [5]]
        let points = try images.map { try Fixture.backUp(Fixture.image($0), to: repository) }
        for point in points.prefix(2) {
            if isHeld {
                try repository.hold(point.id, reason: "x")
            } else {
                try repository.keep(point.id, until: .until(LockFixture.after(days: 1)))
            }
        }
        let report = try repository.enforceLocks()
        #expect(report.protection == .refusesRemoval)
        #expect(report.restorePoints == 2)
        #expect(report.incomplete.isEmpty)
        for key in store.contents.keys { try? store.delete(key) }
        #expect(Set(store.contents.keys) == store.protectedKeys)
        let left = try fixture.open(store)
        _ = try left.rebuildIndex()
        #expect(Set(try left.restorePoints().map(\.id)) == Set(points.prefix(2).map(\.id)))
        for (point, image) in zip(points, images).prefix(2) {
            #expect(try Fixture.read(point, from: left) == Fixture.image(image))
        }
        #expect(try left.check(readData: true).isClean)
    }

    @Test("a store that can't protect is asked once, and the engine refuses all the same")
    func unavailable() throws {
        let store = MemoryObjectStore(answer: .unavailable(reason: "it is only memory"))
        let repository = try fixture.create(store)
        let point = try Fixture.backUp(Fixture.image([1]), to: repository)
        #expect(try repository.enforceLocks().protection == nil)
        try repository.keep(point.id, until: .forever)
        let report = try repository.enforceLocks()
        #expect(report.protection == .unavailable(reason: "it is only memory"))
        #expect(report.objects == 0)
        #expect(repositoryCode { try repository.forget(point.id) } == .restorePointLocked)
    }

    @Test(
        "a prune leaves a pack as it is while a lock covers it, and writes it anew after that",
        arguments: [false, true])
    func prune(reseals: Bool) throws {
        let store = MemoryObjectStore()
        let repository = try fixture.create(store)
        let session = try repository.beginBackup(domain: "local")
        let spare = try Fixture.image([7, 8, 9]).map { extent in try extent.withUnsafeBytes { try session.store($0) } }
        #expect(spare.count == 3)
        let point = try Fixture.finish(session, Fixture.image([1]))
        let gone = try Fixture.backUp(Fixture.image([4]), to: repository)
        try repository.keep(point.id, until: .until(LockFixture.after(days: 1)))
        try repository.enforceLocks()
        try repository.forget(gone.id)
        let before = store.contents.keys.filter { $0.text.hasPrefix("packs/") }
        #expect(before.count == 2)
        let account = try repository.account(for: [])
        let kept = try repository.prune(PruneOptions(maxUnused: 0, reseals: reseals))
        #expect(kept.removedPacks == 1)
        #expect(kept.rewrittenPacks == 0)
        #expect(kept.lockedBytes >= Int64(3 * Fixture.extentBytes))
        #expect(account.unneededBytes == kept.freedBytes, "what is said to be freed is freed, to the byte")
        fixture.pass(days: 2)
        let after = try repository.prune(PruneOptions(maxUnused: 0, reseals: reseals))
        #expect(after.rewrittenPacks == 1)
        #expect(after.lockedBytes == 0)
        #expect(try Fixture.read(point, from: fixture.open(store)) == Fixture.image([1]))
    }

    @Test("what a repair writes anew for a locked restore point is protected like what it replaces")
    func repair() throws {
        let store = MemoryObjectStore()
        let repository = try fixture.create(store)
        let point = try Fixture.backUp(Fixture.image([1, 2]), to: repository)
        try repository.keep(point.id, until: .forever)
        try repository.enforceLocks()
        let pack = try #require(store.contents.keys.first { $0.text.hasPrefix("packs/") })
        // As a disk does it: the attribute stays, the bytes do not.
        var bytes = try store.get(pack, range: nil)
        bytes[50_000] ^= 1
        let damaged = MemoryObjectStore(
            store.contents.merging([pack: bytes]) { $1 }, protected: store.protectedKeys)
        let opened = try fixture.open(damaged)
        #expect(try opened.repair().savedChunks > 0)
        let packs = Set(damaged.contents.keys.filter { $0.text.hasPrefix("packs/") })
        #expect(!packs.contains(pack) && !packs.isEmpty)
        #expect(packs.isSubset(of: damaged.protectedKeys))
    }
}
