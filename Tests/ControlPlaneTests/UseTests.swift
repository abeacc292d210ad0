import Catalog
import ControlPlane
import HoldfastCore
import TestSupport
import Testing

@Suite("What vaults use is known, and has consequences")
struct UseTests {
    /// A vault of 10 GB with one resource.
    private func vault(_ world: World, _ change: (inout VaultSettings) -> Void = { _ in }) async throws -> VaultID {
        var settings = VaultSettings()
        change(&settings)
        let resource = try await world.register("disk-\(UInt64.random(in: 0...(.max)))")
        return try await world.control.createVault(
            VaultDraft(
                name: "vault", objectType: .disk, sizeGiB: 10, settings: settings,
                resources: [ResourceReference(id: resource)]), by: World.admin
        ).record.id
    }

    private func backUp(_ world: World, _ vault: VaultID, storedBytes: Int64) async throws {
        _ = try await world.checkpoint(vault)
        try await world.work(storedBytes: storedBytes, logicalBytes: 100 << 30)
    }

    private func used(_ world: World, _ vault: VaultID) async throws -> Int64 {
        try await world.control.showVault(vault, by: World.admin).usedBytes
    }

    /// As the accountant does, with a repository in which each restore point needs so much.
    private func count(_ world: World, bytes: Int64) async throws {
        for vault in try await world.control.uncountedVaults(limit: 100) {
            try await world.control.noteCounted(vault, neededBytes: Int64(vault.restorePoints.count) * bytes)
        }
    }

    private func events(_ world: World) async throws -> [VaultEventRecord.Kind] {
        try await world.control.listEvents(by: World.viewer).rows.map(\.kind).reversed()
    }

    @Test("a count replaces estimates, and backups that came during it are added to it")
    func counting() async throws {
        try await World.with { world in
            let vault = try await vault(world)
            try await backUp(world, vault, storedBytes: 100)
            #expect(try await used(world, vault) == 100)
            let reading = try await world.control.uncountedVaults(limit: 10)
            #expect(reading.map(\.vault) == [vault] && reading.first?.restorePoints.count == 1)
            try await backUp(world, vault, storedBytes: 5)
            for vault in reading { try await world.control.noteCounted(vault, neededBytes: 70) }
            #expect(try await used(world, vault) == 75, "the second backup was not in the count")
            #expect(try await world.control.uncountedVaults(limit: 10).first?.restorePoints.count == 2)
            try await count(world, bytes: 40)
            #expect(try await used(world, vault) == 80)
            #expect(try await world.control.uncountedVaults(limit: 10).isEmpty)
            // An old count that comes late changes nothing.
            for vault in reading { try await world.control.noteCounted(vault, neededBytes: 1) }
            #expect(try await used(world, vault) == 80)
        }
    }

    @Test("the summary has all vaults, and the usage each resource's backups")
    func summaries() async throws {
        try await World.with { world in
            let (one, two) = (try await vault(world), try await vault(world))
            try await backUp(world, one, storedBytes: 3 << 20)
            try await backUp(world, one, storedBytes: 1 << 20)
            try await backUp(world, two, storedBytes: 1 << 20)
            let summary = try await world.control.summary(by: World.viewer)
            #expect(summary.sizeGiB == 20 && summary.usedBytes == 5 << 20)
            let usage = try await world.control.storageUsage(
                StorageUsageFilter(), limit: 10, offset: 0, by: World.viewer)
            #expect(usage.count == 2 && usage.rows.map(\.backupCount).sorted() == [1, 2])
            #expect(usage.rows.map(\.storedBytes).sorted() == [1 << 20, 4 << 20])
            let first = try #require(usage.rows.first)
            let only = try await world.control.storageUsage(
                StorageUsageFilter(resource: first.resource, type: .volume), limit: 10, offset: 0, by: World.admin)
            #expect(only.rows == [first])
            #expect(
                try await world.control.storageUsage(
                    StorageUsageFilter(), limit: 10, offset: 2, by: World.admin
                ).rows.isEmpty)
            let strange = try await world.control.summary(by: World.stranger)
            #expect(strange.sizeGiB == 0 && strange.usedBytes == 0)
        }
    }

    @Test("reaching the threshold is one event, and another only after the use was below it")
    func thresholds() async throws {
        try await World.with { world in
            let vault = try await vault(world) { $0.thresholdPercent = 50 }
            try await backUp(world, vault, storedBytes: 4 << 30)
            #expect(try await events(world) == [])
            try await backUp(world, vault, storedBytes: 1 << 30)
            try await backUp(world, vault, storedBytes: 1 << 30)
            #expect(try await events(world) == [.thresholdReached])
            _ = try await world.control.updateVault(vault, VaultChange(sizeGiB: 100), by: World.admin)
            _ = try await world.control.updateVault(vault, VaultChange(sizeGiB: 11), by: World.admin)
            #expect(try await events(world) == [.thresholdReached, .thresholdReached])
            let ids = try await world.control.updateAlerts(notifies: false, thresholdPercent: 100, by: World.user)
            #expect(ids == [vault])
            try await backUp(world, vault, storedBytes: 10 << 30)
            #expect(try await events(world).count == 2, "it does not notify any more")
            _ = try await world.control.updateAlerts(notifies: true, thresholdPercent: nil, by: World.user)
            #expect(try await events(world).count == 3, "it is over its threshold when it begins to notify again")
            _ = try await world.control.updateAlerts(notifies: true, thresholdPercent: nil, by: World.user)
            #expect(try await world.control.takeUnannouncedEvents().count == 3)
            #expect(try await world.control.takeUnannouncedEvents().isEmpty)
            #expect(try await world.control.listEvents(by: World.stranger).rows.isEmpty)
            await expectRefused(.forbidden) {
                _ = try await world.control.updateAlerts(notifies: true, thresholdPercent: nil, by: World.viewer)
            }
        }
    }

    @Test("a full vault takes no backup unless it may grow, and then it grows")
    func growing() async throws {
        try await World.with { world in
            let small = try await vault(world)
            try await backUp(world, small, storedBytes: 11 << 30)
            await expectRefused(.vaultFull) { _ = try await world.checkpoint(small) }
            let growing = try await vault(world) { $0.autoExpand = true }
            try await backUp(world, growing, storedBytes: 20 << 30)
            let shown = try await world.control.showVault(growing, by: World.admin)
            #expect(shown.record.sizeGiB == 22, "what it uses and a tenth")
            #expect(shown.record.version == 2)
            #expect(try await events(world) == [.thresholdReached, .expanded, .thresholdReached])
            _ = try await world.checkpoint(growing)
        }
    }
}
