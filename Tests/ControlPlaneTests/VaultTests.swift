import Catalog
import ControlPlane
import HoldfastCore
import TestSupport
import Testing

@Suite("Vaults hold resources by rules")
struct VaultTests {
    @Test("a resource outside the allowed places, or not there, can't be registered")
    func registering() async throws {
        try await World.with { world in
            world.places.set("file:///etc", .refused("outside"))
            world.places.set("file:///gone", .unreachable("gone"))
            for location in ["file:///etc", "file:///gone"] {
                await expectRefused(.locationRefused) { _ = try await world.register("a", location: location) }
            }
            let id = try await world.register("a")
            await expectRefused(.resourceExists) {
                _ = try await world.control.registerResource(
                    ResourceDraft(id: id, type: .volume, name: "b", location: "file:///b"), by: World.admin)
            }
            // Another project may use the same id, and learns nothing of the first.
            _ = try await world.control.registerResource(
                ResourceDraft(id: id, type: .volume, name: "b", location: "file:///b"), by: World.stranger)
            #expect(try await world.control.showResource(id, by: World.admin).record.name == "a")
            #expect(try await world.control.showResource(id, by: World.stranger).record.name == "b")
        }
    }

    @Test("types, doubles, and membership are checked, all or nothing")
    func membership() async throws {
        try await World.with { world in
            let disk = try await world.register("disk")
            let share = try await world.register("share", type: .sharedFileSystem, location: "file:///srv")
            await expectRefused(.resourceTypeMismatch) { _ = try await world.vault([disk, share]) }
            await expectRefused(.resourceTwice) { _ = try await world.vault([disk, disk]) }
            await expectRefused(.resourceNotFound) { _ = try await world.vault([ResourceID("nobody's")]) }
            #expect(try await world.control.listVaults(by: World.admin).rows.isEmpty, "a refused vault is not there")
            let first = try await world.vault([disk])
            let second = try await world.vault()
            await expectRefused(.resourceInOtherVault) {
                _ = try await world.control.addResources(
                    [ResourceReference(id: disk)], to: second, by: World.admin)
            }
            await expectRefused(.resourceTypeMismatch) {
                _ = try await world.control.addResources(
                    [ResourceReference(id: disk, type: .server)], to: first, by: World.admin)
            }
            let included = [IncludedVolume(id: "y", osVersion: "12"), IncludedVolume(id: "z")]
            _ = try await world.control.addResources(
                [ResourceReference(id: disk, excludedVolumes: ["x"], includedVolumes: included)], to: first,
                by: World.admin)
            let shown = try await world.control.showVault(first, by: World.admin).members.map(\.membership)
            #expect(shown.map(\.excludedVolumes) == [["x"]], "adding again replaces the lists of volumes")
            #expect(shown.map(\.includedVolumes) == [included])
            await expectRefused(.resourceInUse) { try await world.control.removeResource(disk, by: World.admin) }
        }
    }

    @Test("changes at the same time lose nothing of each other")
    func together() async throws {
        try await World.with { world in
            let vault = try await world.vault()
            let changes = [
                VaultChange(name: "renamed"), VaultChange(sizeGiB: 77), VaultChange(consistentLevel: .appConsistent),
                VaultChange(settings: { $0.thresholdPercent = 33 }), VaultChange(settings: { $0.autoExpand = true }),
                VaultChange(settings: { $0.backupNamePrefix = "p" }), VaultChange(isLocked: true),
            ]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for change in changes {
                    group.addTask { _ = try await world.control.updateVault(vault, change, by: World.admin) }
                }
                group.addTask {
                    try await world.control.addTags([Catalog.Tag(key: "k", value: "v")], to: vault, by: World.admin)
                }
                try await group.waitForAll()
            }
            let found = try await world.control.showVault(vault, by: World.admin).record
            #expect(found.name == "renamed" && found.sizeGiB == 77 && found.consistentLevel == .appConsistent)
            #expect(found.settings.thresholdPercent == 33 && found.settings.autoExpand && found.settings.isLocked)
            #expect(found.settings.backupNamePrefix == "p" && found.settings.tags.map(\.key) == ["k"])
            #expect(found.version == 9)
        }
    }

    @Test("a vault of replicas takes neither resources nor backups, whoever asks")
    func replicas() async throws {
        try await World.with { world in
            let disk = try await world.register("disk")
            func draft(_ resources: [ResourceReference], binds: Bool = false) -> VaultDraft {
                var settings = VaultSettings()
                settings.autoBind = binds
                return VaultDraft(
                    name: "r", objectType: .disk, protectType: .replication, sizeGiB: 10, settings: settings,
                    resources: resources)
            }
            let reference = ResourceReference(id: disk)
            await expectRefused(.vaultTakesNoResources) {
                _ = try await world.control.createVault(draft([reference]), by: World.admin)
            }
            let vault = try await world.control.createVault(draft([], binds: true), by: World.admin)
            #expect(vault.members.isEmpty, "it binds nothing by itself")
            await expectRefused(.vaultTakesNoResources) {
                _ = try await world.control.addResources([reference], to: vault.record.id, by: World.admin)
            }
            await expectRefused(.vaultTakesNoBackups) { _ = try await world.checkpoint(vault.record.id) }
            await expectRefused(.vaultTakesNoBackups) { _ = try await world.checkpoint(vault.record.id, [disk]) }
            #expect(try await world.control.showResource(disk, by: World.admin).vault == nil)
        }
    }

    @Test("a vault holds 256 resources and no more")
    func limit() async throws {
        try await World.with { world in
            var ids: [ResourceID] = []
            for index in 0...ControlPlane.resourcesPerVaultMax { ids.append(try await world.register("d\(index)")) }
            await expectRefused(.resourceLimit) { _ = try await world.vault(ids) }
            let vault = try await world.vault(Array(ids.dropLast()))
            #expect(try await world.control.showVault(vault, by: World.admin).members.count == 256)
        }
    }

    @Test("sizes have limits, a vault does not shrink below its use, and unlocking is refused")
    func updates() async throws {
        try await World.with { world in
            await expectRefused(.badVaultSize) { _ = try await world.vault(sizeGiB: 0) }
            await expectRefused(.badVaultSize) { _ = try await world.vault(sizeGiB: 10_485_761) }
            let vault = try await world.vault([try await world.register("disk")])
            _ = try await world.checkpoint(vault)
            try await world.work(storedBytes: 5 << 30)
            await expectRefused(.badVaultSize) {
                _ = try await world.control.updateVault(vault, VaultChange(sizeGiB: 4), by: World.admin)
            }
            let changed = try await world.control.updateVault(
                vault,
                VaultChange(name: "new", sizeGiB: 5, isLocked: true, settings: { $0.thresholdPercent = 50 }),
                by: World.user)
            #expect(changed.record.name == "new" && changed.record.sizeGiB == 5 && changed.record.version == 2)
            #expect(changed.record.settings.isLocked && changed.record.settings.thresholdPercent == 50)
            #expect(changed.usedBytes == 5 << 30 && changed.allocatedBytes == 1000)
            await expectRefused(.vaultLocked) {
                _ = try await world.control.updateVault(vault, VaultChange(isLocked: false), by: World.admin)
            }
        }
    }

    @Test("a busy vault is not deleted, a free one goes with its backups, and deleting twice is one deletion")
    func deletion() async throws {
        try await World.with { world in
            let vault = try await world.vault([try await world.register("disk")])
            _ = try await world.checkpoint(vault)
            await expectRefused(.backupRunning) { try await world.control.deleteVault(vault, by: World.admin) }
            try await world.work()
            let backup = try #require(try await world.backups(vault).first).record.id
            _ = try await world.control.restoreBackup(RestoreDraft(backup: backup), by: World.admin)
            await expectRefused(.vaultBusy) { try await world.control.deleteVault(vault, by: World.admin) }
            try await world.work()
            for _ in 1...2 { try await world.control.deleteVault(vault, by: World.admin) }
            #expect(try await world.control.showVault(vault, by: World.admin).record.state == .deleting)
            #expect(try await world.backups(vault).map(\.status) == [.deleting])
            await expectRefused(.vaultNotAvailable) { _ = try await world.checkpoint(vault) }
            await expectRefused(.vaultBarsRestore) {
                _ = try await world.control.restoreBackup(RestoreDraft(backup: backup), by: World.admin)
            }
            await expectRefused(.vaultStateWrong) {
                _ = try await world.control.updateVault(vault, VaultChange(name: "n"), by: World.admin)
            }
            try await world.work()
            await expectRefused(.vaultNotFound) { _ = try await world.control.showVault(vault, by: World.admin) }
            let logs = try await world.control.listOperations(by: World.admin).rows
            #expect(Set(logs.map(\.kind)) == [.vaultDelete, .backup, .restore], "the logs outlive the vault")
        }
    }

    @Test("a deletion that failed leaves an error, and can be repeated")
    func failedDeletion() async throws {
        try await World.with { world in
            let vault = try await world.vault([try await world.register("disk")])
            _ = try await world.checkpoint(vault)
            try await world.work()
            try await world.control.deleteVault(vault, by: World.admin)
            try await world.work(failing: true)
            #expect(try await world.control.showVault(vault, by: World.admin).record.state == .error)
            #expect(try await world.backups(vault).map(\.status) == [.error])
            try await world.control.deleteVault(vault, by: World.admin)
            try await world.work()
            await expectRefused(.vaultNotFound) { _ = try await world.control.showVault(vault, by: World.admin) }
        }
    }

    @Test("a resource leaves with its backups, and not while it is being backed up")
    func leaving() async throws {
        try await World.with { world in
            let (stays, leaves) = (try await world.register("stays"), try await world.register("leaves"))
            let vault = try await world.vault([stays, leaves])
            _ = try await world.checkpoint(vault)
            await expectRefused(.backupRunning) {
                _ = try await world.control.removeResources([leaves], from: vault, by: World.admin)
            }
            try await world.work()
            await expectRefused(.resourceNotInVault) {
                _ = try await world.control.removeResources([leaves, ResourceID("x")], from: vault, by: World.admin)
            }
            _ = try await world.control.removeResources([leaves], from: vault, by: World.admin)
            #expect(try await Set(world.status(of: vault)) == [.available, .removing])
            await expectRefused(.resourceBeingRemoved) {
                _ = try await world.control.addResources([ResourceReference(id: leaves)], to: vault, by: World.admin)
            }
            for isSuspended in [true, false] {
                await expectRefused(.resourceBeingRemoved) {
                    _ = try await world.control.setSuspended(
                        isSuspended, resources: [leaves], in: vault, by: World.admin)
                }
            }
            #expect(try await world.checkpoint(vault).record.skipped.map(\.code) == [.beingRemoved])
            try await world.work()
            #expect(try await world.backups(vault).allSatisfy { $0.record.resource == stays })
            #expect(try await world.control.showResource(leaves, by: World.admin).vault == nil)
            try await world.control.removeResource(leaves, by: World.admin)
        }
    }
}
