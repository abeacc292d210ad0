import Catalog
import ControlPlane
import HoldfastCore
import TestSupport
import Testing

@Suite("Times in locked vaults")
struct LockedTimesTests {
    private static let day = Duration.seconds(86_400)
    private static let daily = ["FREQ=DAILY;INTERVAL=1;BYHOUR=3;BYMINUTE=00"]

    private func policy(
        _ world: World, _ vaults: [VaultID] = [], _ change: (inout PolicyDefinition) -> Void
    ) async throws -> PolicyID {
        var definition = PolicyDefinition()
        change(&definition)
        let id = try await world.control.createPolicy(
            PolicyDraft(name: "p", kind: .backup, definition: definition, pattern: Self.daily), by: World.admin
        ).record.id
        for vault in vaults {
            _ = try await world.control.associate([id], with: vault, destination: nil, by: World.admin)
        }
        _ = try await world.control.advanceSchedules()
        return id
    }

    private func lock(_ world: World, _ vault: VaultID) async throws {
        _ = try await world.control.updateVault(vault, VaultChange(isLocked: true), by: World.admin)
    }

    private func automatic(_ world: World, _ vault: VaultID) async throws {
        _ = try await world.control.createCheckpoint(CheckpointDraft(vault: vault, isAutomatic: true), by: World.admin)
        try await world.work()
    }

    private func runDue(_ world: World) async throws {
        _ = try await world.control.advanceSchedules()
        _ = try await world.control.beginDueRuns()
        try await world.work()
    }

    private func expire(_ world: World) async throws {
        _ = try await world.control.expireByPolicies()
        _ = try await world.control.expireByTime()
        try await world.work()
    }

    private func times(_ world: World, _ vault: VaultID) async throws -> [Instant?] {
        try await world.backups(vault).map(\.record.expiresAt)
    }

    private func made(_ world: World, _ vault: VaultID) async throws -> Set<Instant> {
        Set(try await world.backups(vault).map(\.record.createdAt))
    }

    private func now(_ world: World) -> Instant { Instant(world.clock.seams.now()) }

    /// Goal: a lock never makes a backup go sooner, and does not keep it for ever either. Method: two vaults under one policy
    /// for months, one of them locked on the way.
    @Test("a locked vault never removes what an unlocked one keeps, and removes it some day", arguments: [0, 1, 2])
    func neverSooner(rules: Int) async throws {
        try await World.with { world in
            let open = try await world.vault([try await world.register("a")])
            let locked = try await world.vault([try await world.register("b")])
            _ = try await policy(world, [open, locked]) { definition in
                definition.retentionDurationDays = 7
                if rules > 0 { definition.maxBackups = 30 }
                guard rules > 1 else { return }
                var rule = PolicyAdvancedRule(period: .month)
                (rule.retentionType, rule.daysOfMonth, rule.periods) = ("Monthly", [1], 2)
                definition.advancedRules = [rule]
            }
            for day in 1...110 {
                world.clock.advance(by: Self.day)
                try await runDue(world)
                if day == 40 { try await lock(world, locked) }
                try await expire(world)
                let (kept, keptLocked) = (try await made(world, open), try await made(world, locked))
                #expect(kept.isSubset(of: keptLocked), "day \(day)")
            }
            let left = try await world.backups(locked).count
            #expect(left <= [9, 40, 44][rules], "they go after all: \(left) are left")
        }
    }

    @Test("locking gives nothing a time that is over")
    func past() async throws {
        try await World.with { world in
            let vault = try await world.vault([try await world.register("a")])
            try await automatic(world, vault)
            world.clock.advance(by: Self.day * 3)
            _ = try await policy(world, [vault]) { $0.retentionDurationDays = 1 }
            try await lock(world, vault)
            #expect(try await times(world, vault) == [now(world).adding(Self.day)])
            try await expire(world)
            #expect(try await world.backups(vault).count == 1)
            world.clock.advance(by: Self.day + .seconds(1))
            try await expire(world)
            #expect(try await world.backups(vault).isEmpty)
        }
    }

    @Test("rules that say no time give none, and a policy that keeps all gives none to those of others")
    func forever() async throws {
        try await World.with { world in
            let vault = try await world.vault([try await world.register("a")])
            _ = try await policy(world, [vault]) { $0.maxBackups = 3 }
            try await automatic(world, vault)
            try await lock(world, vault)
            try await automatic(world, vault)
            #expect(try await times(world, vault) == [nil, nil])
        }
    }

    @Test("an automatic backup that a caller begins has a time like those of the policy")
    func triggered() async throws {
        try await World.with { world in
            let vault = try await world.vault([try await world.register("a")])
            _ = try await policy(world, [vault]) { $0.retentionDurationDays = 5 }
            try await lock(world, vault)
            try await automatic(world, vault)
            #expect(try await times(world, vault) == [now(world).adding(Self.day * 5)])
        }
    }

    @Test("a backup that is on its way when its vault is locked has a time when it ends")
    func onItsWay() async throws {
        try await World.with { world in
            let vault = try await world.vault([try await world.register("a")])
            _ = try await policy(world, [vault]) { $0.retentionDurationDays = 5 }
            _ = try await world.control.createCheckpoint(
                CheckpointDraft(vault: vault, isAutomatic: true), by: World.admin)
            let began = now(world)
            try await lock(world, vault)
            try await world.work()
            #expect(try await times(world, vault) == [began.adding(Self.day * 5)])
        }
    }

    @Test("a move gives times to what comes from an unlocked vault, and to nothing else")
    func moves() async throws {
        try await World.with { world in
            let (a, b, c) = (
                try await world.register("a"), try await world.register("b"), try await world.register("c")
            )
            let (open, locked, target) = (
                try await world.vault([a]), try await world.vault([b]), try await world.vault([c])
            )
            for vault in [open, locked, target] {
                try await automatic(world, vault)
                if vault != open { try await lock(world, vault) }
            }
            world.clock.advance(by: Self.day * 2)
            _ = try await policy(world, [target]) { $0.retentionDurationDays = 1 }
            for (resource, source) in [(a, open), (b, locked)] {
                _ = try await world.control.moveResources([resource], from: source, to: target, by: World.user)
            }
            let found = try await world.backups(target).map(\.record)
            #expect(found.count == 3)
            for record in found {
                #expect(record.expiresAt == (record.resource == a ? now(world).adding(Self.day) : nil))
            }
        }
    }

    @Test("a day that ends after the year 9999 is refused")
    func year() async throws {
        try await World.with { world in
            let vault = try await world.vault([try await world.register("a")])
            try await automatic(world, vault)
            func set(_ zone: String) async throws {
                _ = try await world.control.updateExpiration(
                    of: vault, through: "9999-12-31", zone: zone, by: World.user)
            }
            for zone in ["UTC+00:00", "UTC-08:00"] { await expectRefused(.invalid) { try await set(zone) } }
            try await set("UTC+08:00")
        }
    }

    @Test("a time that the catalog has from before, after the year 9999, is for ever to the repository")
    func farTime() async throws {
        try await World.with { world in
            let vault = try await world.vault([try await world.register("a")])
            try await automatic(world, vault)
            var record = try #require(try await world.backups(vault).first).record
            record.expiresAt = Instant(microseconds: 253_402_300_800_000_000)
            let changed = record
            try await world.catalog.write { try $0.backups.update(changed) }
            try await lock(world, vault)
            let orders = try await world.control.pendingLocks(limit: 9)
            #expect(orders.map(\.keepUntil) == [.never])
            try await world.control.noteKept(orders)
            #expect(try await world.control.pendingLocks(limit: 9).isEmpty)
        }
    }

    @Test("what the repository keeps longer does not stand in the way of others whose time has come")
    func inTheWay() async throws {
        try await World.with { world in
            let vault = try await world.vault([try await world.register("a")])
            for days in 1...2 {
                _ = try await world.control.createCheckpoint(
                    CheckpointDraft(vault: vault, retentionDays: days), by: World.admin)
                try await world.work()
            }
            let first = try #require(try await world.backups(vault).map(\.record).min { $0.createdAt < $1.createdAt })
            try await world.catalog.write { try $0.backups.setKept(first.id, until: .never, isHoldKept: false) }
            world.clock.advance(by: Self.day * 3)
            let now = now(world)
            let found = try await world.catalog.read { try $0.backups.expired(at: now, limit: 1) }
            #expect(found.count == 1 && found.first?.id != first.id)
        }
    }

    // MARK: What comes back

    private func found(_ vault: VaultID, _ name: String, keptUntil: Instant?) -> FoundBackup {
        FoundBackup(
            restorePoint: RestorePointID("point-\(name)"), project: World.project, backup: BackupID("backup-\(name)"),
            name: name, description: "", checkpoint: CheckpointID("checkpoint-\(name)"), checkpointName: name,
            vault: vault, vaultName: "docs", vaultObjectType: .disk, vaultSizeGiB: 40,
            resource: ResourceID("disk-a"), resourceName: "disk", resourceType: .volume,
            resourceLocation: "file:///images/disk.raw", isAutomatic: true, isIncremental: true,
            createdAt: Instant(microseconds: 1_700_000_000_000_000), storedBytes: 10, logicalBytes: 1000,
            keptUntil: keptUntil)
    }

    @Test("backups come back with their times, and keep them when their vault is locked again")
    func recovery() async throws {
        try await World.with { world in
            let vault = VaultID("vault-a")
            let time = now(world).adding(Self.day * 90)
            _ = try await world.control.adopt([
                found(vault, "timed", keptUntil: time), found(vault, "forever", keptUntil: .never),
                found(vault, "over", keptUntil: Instant(microseconds: 1_700_000_100_000_000)),
            ])
            try await expire(world)
            _ = try await policy(world, [vault]) { $0.retentionDurationDays = 1 }
            try await lock(world, vault)
            func end(_ name: String) async throws -> Instant? {
                try await world.control.showBackup(BackupID("backup-\(name)"), by: World.admin).record.expiresAt
            }
            #expect(try await end("timed") == time)
            #expect(try await end("forever") == nil)
            #expect(try await end("over") == now(world).adding(Self.day * 30), "nothing that came back goes at once")
            world.clock.advance(by: Self.day * 91)
            try await expire(world)
            #expect(try await world.backups(vault).map(\.record.name) == ["forever"])
        }
    }

    @Test("what an earlier version found without a time has the repository's when its vault is locked")
    func foundBefore() async throws {
        try await World.with { world in
            let vault = VaultID("vault-a")
            let time = now(world).adding(Self.day * 90)
            _ = try await world.control.adopt([found(vault, "timed", keptUntil: time)])
            var record = try #require(try await world.backups(vault).first).record
            record.expiresAt = nil
            let changed = record
            try await world.catalog.write { try $0.backups.update(changed) }
            try await lock(world, vault)
            #expect(try await times(world, vault) == [time])
        }
    }

    @Test("a search in a locked vault changes no time to an earlier one, and takes over later ones")
    func search() async throws {
        try await World.with { world in
            let vault = try await world.vault([try await world.register("a")])
            _ = try await policy(world, [vault]) { $0.retentionDurationDays = 1 }
            try await lock(world, vault)
            let time = now(world).adding(Self.day * 90)
            _ = try await world.control.adopt([
                found(vault, "timed", keptUntil: time), found(vault, "new", keptUntil: nil),
            ])
            for later in [Self.day * 10, Self.day * 20] {
                _ = try await world.control.adopt([found(vault, "timed", keptUntil: time.adding(later))])
                #expect(Set(try await times(world, vault)) == [time.adding(later), nil])
            }
            _ = try await world.control.adopt([found(vault, "timed", keptUntil: time)])
            #expect(Set(try await times(world, vault)) == [time.adding(Self.day * 20), nil])
        }
    }
}
