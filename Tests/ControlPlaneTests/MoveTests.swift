import Catalog
import ControlPlane
import HoldfastCore
import TestSupport
import Testing

@Suite("Resources move with their backups")
struct MoveTests {
    private func move(_ world: World, _ ids: [ResourceID], _ from: VaultID, _ to: VaultID) async throws {
        _ = try await world.control.moveResources(ids, from: from, to: to, by: World.user)
    }

    @Test("backups go along, restore points are divided, the use follows, and the next backup builds on them")
    func whole() async throws {
        try await World.with { world in
            let (a, b) = (try await world.register("a"), try await world.register("b"))
            let (source, target) = (try await world.vault([a, b]), try await world.vault())
            let both = try await world.checkpoint(source)
            try await world.work()
            let alone = try await world.checkpoint(source, [a])
            try await world.work()
            try await move(world, [a], source, target)

            #expect(try await world.backups(source).map(\.record.resource) == [b])
            let moved = try await world.backups(target).map(\.record)
            #expect(moved.map(\.resource) == [a, a])
            #expect(moved.map(\.checkpoint).contains(alone.record.id), "a restore point that moves whole keeps its id")
            let stayed = try await world.control.showCheckpoint(both.record.id, by: World.admin)
            #expect(stayed.record.vault == source && stayed.resources.map(\.backup.resource) == [b])
            let own = try #require(moved.first { $0.checkpoint != alone.record.id }?.checkpoint)
            let divided = try await world.control.showCheckpoint(own, by: World.admin)
            #expect(divided.record.vault == target && divided.record.name == both.record.name)
            #expect(try await world.control.showVault(target, by: World.admin).usedBytes == 20)
            #expect(
                try await world.control.uncountedVaults(limit: 9).map(\.vault).sorted() == [source, target].sorted())

            let next = try await world.checkpoint(target)
            let leased = try #require(try await world.control.leaseOperation(worker: "w", for: World.lease))
            guard case .backUp(let work) = leased.work else { throw TestFailure("not a backup: \(leased.work)") }
            let parent = try #require(work.parent)
            #expect(work.backup.checkpoint == next.record.id && moved.map(\.id).contains(parent.id))
            try await world.control.failOperation(leased, .init(code: .unexpected, message: "enough"))
            // The vault that they left can go, and they stay.
            try await world.control.deleteVault(source, by: World.admin)
            try await world.work()
            #expect(try await world.backups(target).count == 3)
        }
    }

    @Test("what does not fit, is busy or is not there does not move, all or none")
    func refusals() async throws {
        try await World.with { world in
            let (a, b) = (try await world.register("a"), try await world.register("b"))
            let source = try await world.vault([a, b])
            let small = try await world.vault(sizeGiB: 10)
            await expectRefused(.invalid) { try await move(world, [a], source, source) }
            await expectRefused(.vaultNotFound) { try await move(world, [a], source, VaultID("none")) }
            await expectRefused(.resourceTwice) { try await move(world, [a, a], source, small) }
            await expectRefused(.resourceNotInVault) { try await move(world, [a, ResourceID("c")], source, small) }
            let shares = try await world.vault(objectType: .turbo)
            await expectRefused(.targetVaultUnfit) { try await move(world, [a], source, shares) }
            _ = try await world.checkpoint(source)
            await expectRefused(.backupRunning) { try await move(world, [a], source, small) }
            try await world.work(storedBytes: 6 << 30)
            await expectRefused(.targetVaultFull) { try await move(world, [a, b], source, small) }
            let backup = try #require(try await world.backups(source).first).record
            _ = try await world.control.restoreBackup(
                RestoreDraft(backup: backup.id, target: .original), by: World.admin)
            await expectRefused(.restoreRunning) { try await move(world, [backup.resource], source, small) }
            try await world.work()
            #expect(try await world.backups(source).count == 2)
            await expectRefused(.forbidden) {
                _ = try await world.control.moveResources([a], from: source, to: small, by: World.viewer)
            }
            try await move(world, [a], source, small)
            #expect(try await world.control.showVault(small, by: World.admin).members.map(\.resource.id) == [a])
        }
    }
}

struct TestFailure: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}
