import Catalog
import ControlPlane
import HoldfastCore
import TestSupport
import Testing

@Suite("What locks, holds and times keep")
struct ProtectionTests {
    private static let day = Duration.seconds(86_400)

    private func make(_ world: World, _ vault: VaultID, days: Int = -1) async throws -> BackupID {
        let made = try await world.control.createCheckpoint(
            CheckpointDraft(vault: vault, retentionDays: days), by: World.admin)
        try await world.work()
        return try #require(try await world.backups(vault).first { $0.record.checkpoint == made.record.id }).record.id
    }

    private func lock(_ world: World, _ vault: VaultID) async throws {
        _ = try await world.control.updateVault(vault, VaultChange(isLocked: true), by: World.admin)
    }

    private func expire(_ world: World) async throws -> Int {
        let count = try await world.control.expireByTime() + world.control.expireByPolicies()
        try await world.work()
        return count
    }

    @Test("in a locked vault nothing goes before its time, by any call, and at its time it goes")
    func locked() async throws {
        try await World.with { world in
            let resource = try await world.register("a")
            let vault = try await world.vault([resource])
            let timed = try await make(world, vault, days: 10)
            let forever = try await make(world, vault)
            try await lock(world, vault)
            let other = try await world.vault()
            for id in [timed, forever] {
                await expectRefused(.backupLocked) { try await world.control.deleteBackup(id, by: World.admin) }
            }
            await expectRefused(.vaultProtected) { try await world.control.deleteVault(vault, by: World.admin) }
            await expectRefused(.vaultProtected) {
                _ = try await world.control.removeResources([resource], from: vault, by: World.admin)
            }
            await expectRefused(.vaultLocked) {
                _ = try await world.control.moveResources([resource], from: vault, to: other, by: World.admin)
            }
            await expectRefused(.vaultLocked) {
                _ = try await world.control.updateVault(vault, VaultChange(isLocked: false), by: World.admin)
            }
            world.clock.advance(by: Self.day * 9)
            #expect(try await expire(world) == 0)
            world.clock.advance(by: Self.day * 2)
            #expect(try await expire(world) == 1)
            #expect(try await world.backups(vault).map(\.record.id) == [forever])
        }
    }

    @Test("a locked vault's automatic backups have the days that their policy had when they were made")
    func policies() async throws {
        try await World.with { world in
            let vault = try await world.vault([try await world.register("a")])
            var definition = PolicyDefinition()
            definition.retentionDurationDays = 5
            let policy = try await world.control.createPolicy(
                PolicyDraft(
                    name: "p", kind: .backup, definition: definition,
                    pattern: ["FREQ=DAILY;INTERVAL=1;BYHOUR=3;BYMINUTE=00"]), by: World.admin
            ).record.id
            _ = try await world.control.associate([policy], with: vault, destination: nil, by: World.admin)
            _ = try await world.control.advanceSchedules()
            func run() async throws {
                world.clock.advance(by: Self.day)
                _ = try await world.control.advanceSchedules()
                _ = try await world.control.beginDueRuns()
                try await world.work()
            }
            try await run()
            #expect(try await world.backups(vault).map(\.record.expiresAt) == [nil], "the policy's rules decide")
            try await lock(world, vault)
            try await run()
            let times = try await world.backups(vault).map { ($0.record.createdAt, $0.record.expiresAt) }
            #expect(times.count == 2)
            for (made, end) in times { #expect(end == made.adding(Self.day * 5), "also of what was there before") }
            // Who would have them gone sooner changes the policy, or unbinds it.
            definition.retentionDurationDays = 1
            var change = PolicyChange()
            change.definition = definition
            _ = try await world.control.updatePolicy(policy, change, by: World.admin)
            world.clock.advance(by: Self.day * 2)
            #expect(try await expire(world) == 0)
            try await world.control.dissociate(policy, from: vault, by: World.admin)
            #expect(try await expire(world) == 0)
            world.clock.advance(by: Self.day * 4)
            #expect(try await expire(world) == 2)
        }
    }

    @Test("a held backup stays, whatever comes, until an administrator releases it")
    func holds() async throws {
        try await World.with { world in
            let resource = try await world.register("a")
            let vault = try await world.vault([resource])
            let backup = try await make(world, vault, days: 1)
            let held = try await world.control.holdBackup(backup, reason: "case 7", by: World.user)
            world.clock.advance(by: Self.day * 3)
            let again = try await world.control.holdBackup(backup, reason: "case 8", by: World.user)
            #expect(again.hold == BackupRecord.Hold(since: try #require(held.hold).since, reason: "case 8"))
            #expect(try await expire(world) == 0)
            await expectRefused(.backupHeld) { try await world.control.deleteBackup(backup, by: World.admin) }
            await expectRefused(.vaultProtected) { try await world.control.deleteVault(vault, by: World.admin) }
            await expectRefused(.vaultProtected) {
                _ = try await world.control.removeResources([resource], from: vault, by: World.admin)
            }
            await expectRefused(.forbidden) { try await world.control.releaseBackup(backup, by: World.user) }
            await expectRefused(.forbidden) {
                _ = try await world.control.holdBackup(backup, reason: "x", by: World.viewer)
            }
            await expectRefused(.invalid) {
                _ = try await world.control.holdBackup(backup, reason: "", by: World.admin)
            }
            await expectRefused(.backupNotFound) {
                try await world.control.releaseBackup(backup, by: World.stranger)
            }
            try await world.control.releaseBackup(backup, by: World.admin)
            try await world.control.releaseBackup(backup, by: World.admin)
            #expect(try await expire(world) == 1)
        }
    }

    @Test("new times hold for all of a vault, lengthen only in a locked one, and leave a log")
    func newTimes() async throws {
        try await World.with { world in
            let vault = try await world.vault([try await world.register("a")])
            let timed = try await make(world, vault, days: 1)
            let forever = try await make(world, vault)
            func set(_ day: String, _ zone: String = "UTC+02:00") async throws -> ExpirationChange {
                try await world.control.updateExpiration(of: vault, through: day, zone: zone, by: World.user)
            }
            for (day, zone) in [
                ("1999-01-01", "UTC+00:00"), ("2099-02-29", "UTC+00:00"), ("2099-2-1", "UTC+00:00"),
                ("2099-01-01", "UTC"), ("2099-01-01", "Europe/Berlin"), ("2099-01-01", "UTC+25:00"),
            ] {
                await expectRefused(.invalid) { _ = try await set(day, zone) }
            }
            #expect(try await set("2098-01-01").backupCount == 2)
            try await lock(world, vault)
            #expect(try await set("2097-01-01").backupCount == 0, "nothing gets shorter")
            let change = try await set("2099-12-31")
            #expect(change.backupCount == 2 && change.day == "2099-12-31")
            // 2100-01-01T00:00+02:00.
            let end = Instant(microseconds: 4_102_437_600_000_000)
            #expect(try await world.backups(vault).allSatisfy { $0.record.expiresAt == end })
            #expect(Set(try await world.backups(vault).map(\.record.id)) == [timed, forever])
            let log = try await world.control.showOperation(change.operation, by: World.viewer)
            #expect(log.kind == .updateExpirationTime && log.state == .succeeded && log.subject.backupCount == 2)
            await expectRefused(.forbidden) {
                _ = try await world.control.updateExpiration(
                    of: vault, through: "2099-12-31", zone: "UTC+00:00", by: World.viewer)
            }
        }
    }
}
