import Catalog
import ControlPlane
import HoldfastCore
import TestSupport
import Testing

@Suite("Backups are sent to other regions by the rules")
struct ReplicationRuleTests {
    private static let draft = ReplicationDraft(
        region: FarRegion.region, project: FarRegion.project, vault: FarRegion.vault)

    private static func draft(_ change: (inout ReplicationDraft) -> Void) -> ReplicationDraft {
        var draft = draft
        change(&draft)
        return draft
    }

    private func withBackup(
        _ body: (World, FarRegion, VaultID, BackupID) async throws -> Void
    ) async throws {
        let far = FarRegion()
        try await World.with(peers: far) { world in
            let vault = try await world.vault([try await world.register("disk")])
            _ = try await world.checkpoint(vault)
            try await world.work()
            try await body(world, far, vault, try #require(try await world.backups(vault).first).record.id)
        }
    }

    private func statuses(_ world: World, _ backup: BackupID) async throws -> [ReplicationView] {
        try await world.control.replications(of: [backup], by: World.admin)[backup] ?? []
    }

    @Test("a record says how it stands: waiting, sending, there, with what the other region calls it")
    func records() async throws {
        try await withBackup { world, _, _, backup in
            let record = try await world.control.copyBackup(backup, Self.draft, by: World.user)
            #expect(try await statuses(world, backup).map(\.state) == [.queued])
            let leased = try #require(try await world.control.leaseOperation(worker: "w", for: World.lease))
            guard case .running = try #require(try await statuses(world, backup).first).state else {
                throw Unexpected()
            }
            guard case .replicate(let work) = leased.work else { throw Unexpected() }
            #expect(work.subject.record == record.id && work.basis == nil && work.backup.id == backup)
            #expect(
                try await world.control.showBackup(backup, by: World.admin).status == .available,
                "it is only read")
            try await world.control.releaseOperation(leased)
            try await world.work()
            let view = try #require(try await statuses(world, backup).first)
            #expect(view.state == .succeeded && view.record.remoteBackup == BackupID("remote-\(backup)"))
            #expect(view.record.endedAt != nil)
            let log = try await world.control.showOperation(record.operation, by: World.admin)
            #expect(log.kind == .replication && log.details.remoteBackup == view.record.remoteBackup)
        }
    }

    @Test("what is being sent neither goes at its time nor moves, and does both afterwards")
    func stays() async throws {
        try await withBackup { world, _, vault, backup in
            let resource = try await world.control.showBackup(backup, by: World.admin).record.resource
            let other = try await world.vault()
            _ = try await world.control.updateExpiration(
                of: vault, through: "2099-01-01", zone: "UTC+00:00", by: World.admin)
            _ = try await world.control.copyBackup(backup, Self.draft, by: World.user)
            world.clock.advance(by: .seconds(100 * 366 * 86_400))
            #expect(try await world.control.expireByTime() == 0)
            await expectRefused(.backupInUse) {
                _ = try await world.control.moveResources([resource], from: vault, to: other, by: World.admin)
            }
            try await world.work()
            _ = try await world.control.moveResources([resource], from: vault, to: other, by: World.admin)
            #expect(try await world.control.expireByTime() == 1)
        }
    }

    @Test("a failure is told, and the same may be tried again")
    func failure() async throws {
        try await withBackup { world, _, _, backup in
            _ = try await world.control.copyBackup(backup, Self.draft, by: World.user)
            try await world.work(failing: true)
            guard case .failed = try #require(try await statuses(world, backup).first).state else {
                throw Unexpected()
            }
            _ = try await world.control.copyBackup(backup, Self.draft, by: World.user)
            try await world.work()
            #expect(try await statuses(world, backup).map(\.state.isFinished) == [true, true])
            #expect(try await world.control.showBackup(backup, by: World.admin).status == .available)
        }
    }

    @Test("what is there or on its way is not sent again; what was deleted there is")
    func twice() async throws {
        try await withBackup { world, far, vault, backup in
            _ = try await world.control.copyBackup(backup, Self.draft, by: World.user)
            await expectRefused(.replicaExists) {
                _ = try await world.control.copyBackup(backup, Self.draft, by: World.user)
            }
            #expect(try await world.control.copyVault(vault, Self.draft, by: World.user).isEmpty)
            try await world.work()
            far.change { $0.backups = [BackupID("remote-\(backup)")] }
            await expectRefused(.replicaExists) {
                _ = try await world.control.copyBackup(backup, Self.draft, by: World.user)
            }
            #expect(try await world.control.copyVault(vault, Self.draft, by: World.user).isEmpty)
            far.change { $0.backups = [] }
            _ = try await world.control.copyBackup(backup, Self.draft, by: World.user)
        }
    }

    @Test("a vault's new backups alone go, and each is compared with the newest replica before it")
    func vaults() async throws {
        try await withBackup { world, _, vault, backup in
            #expect(try await world.control.copyVault(vault, Self.draft, by: World.user).map(\.backup) == [backup])
            try await world.work()
            world.clock.advance(by: .seconds(60))
            _ = try await world.checkpoint(vault)
            try await world.work()
            let sent = try await world.control.copyVault(vault, Self.draft, by: World.user)
            #expect(sent.count == 1 && sent.first?.backup != backup)
            let leased = try #require(try await world.control.leaseOperation(worker: "w", for: World.lease))
            guard case .replicate(let work) = leased.work else { throw Unexpected() }
            let first = try await world.control.showBackup(backup, by: World.admin).record
            let point = try #require(first.restorePoint)
            #expect(work.basis == .init(source: point, target: RestorePointID("remote-\(point)")))
        }
    }

    @Test("what is being sent is not deleted, by nobody")
    func busy() async throws {
        try await withBackup { world, _, vault, backup in
            let disk = try await world.control.showBackup(backup, by: World.admin).record.resource
            _ = try await world.control.copyBackup(backup, Self.draft, by: World.user)
            await expectRefused(.backupInUse) { try await world.control.deleteBackup(backup, by: World.admin) }
            await expectRefused(.vaultBusy) { try await world.control.deleteVault(vault, by: World.admin) }
            await expectRefused(.backupInUse) {
                _ = try await world.control.removeResources([disk], from: vault, by: World.admin)
            }
            try await world.work()
            try await world.control.deleteBackup(backup, by: World.admin)
            try await world.work()
            #expect(try await statuses(world, backup).isEmpty, "its records go with it")
        }
    }

    @Test("the region, its project and its vault have to fit, before anything is queued")
    func fitting() async throws {
        try await withBackup { world, far, vault, backup in
            func refused(_ code: ControlError.Code, _ change: (inout ReplicationDraft) -> Void = { _ in }) async {
                let draft = Self.draft(change)
                await expectRefused(code) {
                    _ = try await world.control.copyBackup(backup, draft, by: World.user)
                }
                await expectRefused(code) { _ = try await world.control.copyVault(vault, draft, by: World.user) }
            }
            await refused(.regionUnknown) { $0.region = "west-1" }
            await refused(.projectNotPaired) { $0.project = World.project }
            await refused(.targetVaultMissing) { $0.vault = VaultID("x") }
            far.change { $0.vault = FarRegion.vault(objectType: .turbo) }
            await refused(.targetVaultUnfit)
            far.change { $0.vault = FarRegion.vault(objectType: .disk, protectType: .backup) }
            await refused(.targetVaultUnfit)
            far.change { $0.vault = FarRegion.vault(objectType: .disk, state: .deleting) }
            await refused(.targetVaultState)
            far.change { $0.isAway = true }
            await refused(.regionUnreachable)
            await expectRefused(.forbidden) {
                _ = try await world.control.copyBackup(backup, Self.draft, by: World.viewer)
            }
            await expectRefused(.backupNotFound) {
                _ = try await world.control.copyBackup(backup, Self.draft, by: World.stranger)
            }
            await expectRefused(.projectNotPaired) {
                _ = try await world.control.externalVaults(
                    in: FarRegion.region, project: World.project, RemoteVaultFilter(), limit: 10, offset: 0,
                    by: World.admin)
            }
            let logs = try await world.control.listOperations(by: World.admin).rows
            #expect(logs.map(\.kind) == [.backup])
        }
    }

    @Test("replicas, and backups that are not whole, are not sent on")
    func unsendable() async throws {
        try await withBackup { world, _, vault, _ in
            _ = try await world.checkpoint(vault)
            let running = try #require(try await world.backups(vault).first { $0.status == .waitingProtect })
            await expectRefused(.backupNotReplicable) {
                _ = try await world.control.copyBackup(running.record.id, Self.draft, by: World.user)
            }
            try await world.work(failing: true)
            await expectRefused(.backupNotReplicable) {
                _ = try await world.control.copyBackup(running.record.id, Self.draft, by: World.user)
            }
            let replicas = try await world.control.createVault(
                VaultDraft(name: "r", objectType: .disk, protectType: .replication, sizeGiB: 10), by: World.admin)
            await expectRefused(.vaultNotReplicable) {
                _ = try await world.control.copyVault(replicas.record.id, Self.draft, by: World.user)
            }
        }
    }

    private func policy(_ world: World, _ kind: PolicyKind, keeping count: Int? = nil) async throws -> PolicyID {
        var definition = PolicyDefinition()
        definition.maxBackups = count
        if kind == .replication {
            definition.destinationRegion = FarRegion.region
            definition.destinationProject = FarRegion.project.text
        }
        return try await world.control.createPolicy(
            PolicyDraft(
                name: "away", kind: kind, definition: definition,
                pattern: ["FREQ=DAILY;INTERVAL=1;BYHOUR=01;BYMINUTE=00"]), by: World.admin
        ).record.id
    }

    @Test(
        "of two policies in one call the one that replicates gets the vault there, and a vault of replicas takes neither"
    )
    func bothKinds() async throws {
        try await World.with(peers: FarRegion()) { world in
            let (local, away) = (try await policy(world, .backup), try await policy(world, .replication))
            let vault = try await world.vault()
            await expectRefused(.invalid) {
                _ = try await world.control.associate([local, away], with: vault, destination: nil, by: World.admin)
            }
            #expect(try await world.control.listPolicies(of: vault, by: World.admin).isEmpty, "all or none")
            for _ in 1...2 {
                let bound = try await world.control.associate(
                    [local, away], with: vault, destination: FarRegion.vault, by: World.admin)
                #expect(bound.map(\.policy) == [local, away] && bound.map(\.destination) == [nil, FarRegion.vault])
            }
            await expectRefused(.invalid) {
                _ = try await world.control.associate(
                    [local], with: vault, destination: FarRegion.vault, by: World.admin)
            }
            let replicas = try await world.control.createVault(
                VaultDraft(name: "r", objectType: .disk, protectType: .replication, sizeGiB: 10), by: World.admin
            ).record.id
            await expectRefused(.policyUnusable) {
                _ = try await world.control.associate(
                    [away], with: replicas, destination: FarRegion.vault, by: World.admin)
            }
            await expectRefused(.policyUnusable) {
                _ = try await world.control.associate([local], with: replicas, destination: nil, by: World.admin)
            }
        }
    }

    @Test("a replication policy sends what is new, each time; an outage there costs nothing but time")
    func policies() async throws {
        try await withBackup { world, far, vault, backup in
            let policy = try await policy(world, .replication, keeping: 7)
            _ = try await world.control.associate(
                [policy], with: vault, destination: FarRegion.vault, by: World.admin)

            func aDay() async throws -> [ScheduledRun.Outcome] {
                _ = try await world.control.advanceSchedules()
                world.clock.advance(by: .seconds(86_400))
                _ = try await world.control.advanceSchedules()
                return try await world.control.beginDueRuns().map(\.outcome)
            }
            far.change { $0.isAway = true }
            guard case .refused(.regionUnreachable, _)? = try await aDay().first else { throw Unexpected() }
            let missed = try await world.control.listOperations(by: World.admin).rows.filter { $0.kind == .replication }
            guard missed.count == 1, case .failed(let failure)? = missed.first?.state else { throw Unexpected() }
            #expect(failure.code == .regionUnreachable)
            far.change { $0.isAway = false }
            #expect(try await aDay() == [.sent(1)])
            let leased = try #require(try await world.control.leaseOperation(worker: "w", for: World.lease))
            guard case .replicate(let work) = leased.work else { throw Unexpected() }
            var kept = PolicyDefinition()
            kept.maxBackups = 7
            #expect(work.subject.rules == ReplicaRules(policy: policy, definition: kept))
            try await world.control.releaseOperation(leased)
            try await world.work()
            #expect(try await statuses(world, backup).map(\.record.isAutomatic) == [true])
            #expect(try await aDay() == [.sent(0)])
        }
    }

    private struct Unexpected: Error {}
}
