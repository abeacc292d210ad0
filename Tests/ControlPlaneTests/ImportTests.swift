import Catalog
import ControlPlane
import HoldfastCore
import TestSupport
import Testing

@Suite("Backups that the repository holds come back into the catalog")
struct ImportTests {
    private func found(_ name: String, _ change: (inout FoundBackup) -> Void = { _ in }) -> FoundBackup {
        var one = FoundBackup(
            restorePoint: RestorePointID("point-\(name)"), project: World.project, backup: BackupID("backup-\(name)"),
            name: name, description: "", checkpoint: CheckpointID("checkpoint-\(name)"), checkpointName: name,
            vault: VaultID("vault-a"), vaultName: "docs", vaultObjectType: .disk, vaultSizeGiB: 40,
            resource: ResourceID("disk-a"), resourceName: "disk", resourceType: .volume,
            resourceLocation: "file:///images/disk.raw", isAutomatic: true, isIncremental: true,
            createdAt: Instant(microseconds: 1_700_000_000_000_000), storedBytes: 10, logicalBytes: 1000)
        change(&one)
        return one
    }

    @Test("under their old ids, with their vault, resource and restore point; a second time nothing is made")
    func idempotent() async throws {
        try await World.with { world in
            let all = [found("a"), found("b") { $0.checkpoint = CheckpointID("checkpoint-a") }]
            let first = try await world.control.adopt(all)
            #expect(first.imported.map(\.text) == ["backup-a", "backup-b"] && first.refused.isEmpty)
            #expect(first.vaults == [VaultID("vault-a")] && first.resources == [ResourceID("disk-a")])

            let second = try await world.control.adopt(all)
            #expect(second.imported.isEmpty && second.presentCount == 2 && second.vaults.isEmpty)

            let vault = try await world.control.showVault(VaultID("vault-a"), by: World.admin)
            #expect(vault.record.name == "docs" && vault.record.sizeGiB == 40 && vault.usedBytes == 20)
            #expect(vault.members.map(\.resource.id.text) == ["disk-a"] && vault.members.first?.backupCount == 2)
            let checkpoint = try await world.control.showCheckpoint(CheckpointID("checkpoint-a"), by: World.admin)
            #expect(checkpoint.status == .available && checkpoint.resources.count == 2)
            let backup = try await world.control.showBackup(BackupID("backup-a"), by: World.admin)
            #expect(backup.status == .available && backup.record.restorePoint == RestorePointID("point-a"))
            #expect(backup.record.importedAt != nil)
        }
    }

    @Test("what the catalog has stays as it is")
    func keeps() async throws {
        try await World.with { world in
            _ = try await world.control.adopt([found("a")])
            _ = try await world.control.renameBackup(BackupID("backup-a"), to: "mine", by: World.admin)
            _ = try await world.control.updateVault(VaultID("vault-a"), VaultChange(name: "other"), by: World.admin)
            _ = try await world.control.adopt([found("a"), found("b")])
            #expect(
                try await world.control.showBackup(BackupID("backup-a"), by: World.admin).record.name == "mine")
            #expect(try await world.control.showVault(VaultID("vault-a"), by: World.admin).record.name == "other")
        }
    }

    @Test(
        "an id of another project is refused, and nothing of that project changes",
        arguments: ["backup", "vault", "checkpoint"])
    func strangers(what: String) async throws {
        try await World.with { world in
            _ = try await world.control.adopt([found("a")])
            let intruder = found(what == "backup" ? "a" : "x") { one in
                one.project = World.stranger.project
                if what != "vault" { one.vault = VaultID("vault-x") }
                if what == "checkpoint" { one.checkpoint = CheckpointID("checkpoint-a") }
            }
            let report = try await world.control.adopt([intruder])
            #expect(report.imported.isEmpty && report.refused.count == 1 && report.presentCount == 0)
            #expect(try await world.control.listBackups(by: World.stranger).count == 0)
            #expect(try await world.control.listVaults(by: World.stranger).count == 0)
            #expect(try await world.control.listBackups(by: World.admin).count == 1)
        }
    }

    @Test("a backup from the future, or imported at all, never counts for retention and never goes by it")
    func retention() async throws {
        try await World.with { world in
            let disk = try await world.register("disk")
            let vault = try await world.vault([disk])
            let future = Instant(microseconds: 4_000_000_000_000_000)
            let imported = (0..<3).map { number in
                found("\(number)") { one in
                    (one.vault, one.resource) = (vault, disk)
                    one.createdAt = number == 0 ? future : Instant(microseconds: 1_000_000_000_000_000)
                }
            }
            _ = try await world.control.adopt(imported)
            let now = Instant(world.clock.seams.now())
            for one in try await world.backups(vault) {
                #expect(one.record.createdAt <= now && (one.record.protectedAt ?? future) <= now)
            }
            var definition = PolicyDefinition()
            definition.maxBackups = 1
            let policy = try await world.control.createPolicy(
                PolicyDraft(
                    name: "keep-one", kind: .backup, definition: definition,
                    pattern: ["FREQ=DAILY;INTERVAL=1;BYHOUR=01;BYMINUTE=00"]), by: World.admin)
            _ = try await world.control.associate([policy.record.id], with: vault, destination: nil, by: World.admin)
            _ = try await world.control.createCheckpoint(
                CheckpointDraft(vault: vault, isAutomatic: true), by: World.admin)
            try await world.work()
            world.clock.advance(by: .seconds(60))

            #expect(try await world.control.expireByPolicies() == 0)
            #expect(try await world.backups(vault).count == 4)
        }
    }

    @Test("one search of a vault at a time; who may only look may not search")
    func searches() async throws {
        try await World.with { world in
            let vault = try await world.vault()
            await expectRefused(.forbidden) { _ = try await world.control.importVault(vault, by: World.viewer) }
            await expectRefused(.vaultNotFound) { _ = try await world.control.importVault(vault, by: World.stranger) }
            let operation = try await world.control.importVault(vault, by: World.user)
            #expect(operation.kind == .sync && operation.state == .queued)
            await expectRefused(.syncRunning) { _ = try await world.control.importVault(vault, by: World.admin) }
            try await world.work()
            _ = try await world.control.importVault(vault, by: World.admin)

            let draft = ImportDraft(backup: BackupID("b"), restorePoint: nil, resource: ResourceID("r"))
            await expectRefused(.invalid) {
                _ = try await world.control.importBackups([draft, draft], by: World.admin)
            }
            await expectRefused(.forbidden) { _ = try await world.control.importBackups([draft], by: World.viewer) }
        }
    }
}
