import Catalog
import ControlPlane
import HoldfastCore
import TestSupport
import Testing

@Suite("Histories of locked vaults")
struct LockedHistoryTests {
    /// Goal: nothing that anybody can call, in whatever order, makes a locked backup go before its time, or its time earlier.
    /// Method: random calls on vaults that are locked on the way; after each, all locked backups are compared with before.
    @Test("no sequence of calls makes a time earlier, or removes a backup before it", arguments: [UInt64](1...16))
    func monotonic(seed: UInt64) async throws {
        try await World.with { world in
            var history = try await History(world, SeededGenerator(seed: seed))
            var before = try await history.locked()
            for number in 1...240 {
                let step = try await history.step()
                let now = Instant(world.clock.seams.now())
                let after = try await history.locked()
                for (id, old) in before {
                    if let new = after[id] {
                        #expect(new.until >= old.until, "step \(number), \(step): \(id) has an earlier time")
                    } else {
                        #expect(
                            old.until <= now && !(old.isHeld && step != .release),
                            "step \(number), \(step): \(id) went before \(old.until), at \(now)")
                    }
                }
                before = after
            }
            #expect(history.lockedMost > 0, "nothing was locked")
        }
    }

    @Test("and the histories are not idle: backups in locked vaults go at their time", arguments: [UInt64](1...3))
    func removes(seed: UInt64) async throws {
        try await World.with { world in
            var history = try await History(world, SeededGenerator(seed: seed))
            var gone = 0
            var before = try await history.locked()
            for _ in 1...240 {
                _ = try await history.step()
                let after = try await history.locked()
                gone += before.keys.count { after[$0] == nil }
                before = after
            }
            #expect(gone > 0)
        }
    }
}

/// A project whose users, policies and repository do anything.
private struct History {
    enum Step: CaseIterable {
        case time, manual, automatic, run, failedRun, policy, change, unbind, lock, move, days, found, hold, release,
            tell
        case expire, delete, refusedDelete, deleteVault, takeOut
    }

    struct Locked {
        /// ``Instant/never``: for ever.
        let until: Instant
        let isHeld: Bool
    }

    private let world: World
    private var random: SeededGenerator
    private let vaults: [VaultID]
    private let resources: [ResourceID]
    private var policies: [PolicyID] = []
    private var number = 0
    private(set) var lockedMost = 0

    init(_ world: World, _ random: SeededGenerator) async throws {
        self.world = world
        self.random = random
        var (vaults, resources): ([VaultID], [ResourceID]) = ([], [])
        for name in ["a", "b", "c"] {
            let resource = try await world.register(name)
            resources.append(resource)
            vaults.append(try await world.vault([resource]))
        }
        (self.vaults, self.resources) = (vaults, resources)
        // One from the beginning, others on the way.
        _ = try await world.control.updateVault(vaults[0], VaultChange(isLocked: true), by: World.admin)
    }

    /// Available backups that a locked vault has.
    mutating func locked() async throws -> [BackupID: Locked] {
        var found: [BackupID: Locked] = [:]
        for vault in vaults {
            guard try await world.control.showVault(vault, by: World.admin).record.settings.isLocked else { continue }
            for backup in try await world.backups(vault).map(\.record) where backup.state == .available {
                let until = max(backup.expiresAt ?? .never, backup.keptUntil ?? Instant(microseconds: 0))
                found[backup.id] = Locked(until: until, isHeld: backup.hold != nil)
            }
        }
        lockedMost = max(lockedMost, found.count)
        return found
    }

    private var now: Instant { Instant(world.clock.seams.now()) }

    mutating func step() async throws -> Step {
        let often: [Step] = [
            .time, .time, .time, .manual, .automatic, .automatic, .run, .expire, .expire, .found, .found,
        ]
        let step = (Step.allCases + often).randomElement(using: &random) ?? .time
        do { try await perform(step) } catch is ControlError {}  // It was refused, as most of these should be.
        return step
    }

    private mutating func perform(_ step: Step) async throws {
        let control = world.control
        let vault = try #require(vaults.randomElement(using: &random))
        let other = try #require(vaults.randomElement(using: &random))
        let backup = try await world.backups(vault).map(\.record).randomElement(using: &random)
        switch step {
        case .time:
            // Clocks also go back.
            let isBack = Int.random(in: 0..<6, using: &random) == 0
            world.clock.advance(by: .seconds(Int.random(in: isBack ? -86_400..<0 : 0..<4 * 86_400, using: &random)))
        case .manual:
            _ = try await control.createCheckpoint(
                CheckpointDraft(vault: vault, retentionDays: [-1, 1, 9].randomElement(using: &random) ?? 1),
                by: World.user)
            if Bool.random(using: &random) { try await world.work() }
        case .automatic:
            _ = try await control.createCheckpoint(
                CheckpointDraft(
                    vault: vault, isAutomatic: true,
                    policy: Bool.random(using: &random) ? policies.randomElement(using: &random) : nil), by: World.user)
            if Bool.random(using: &random) { try await world.work() }
        case .run, .failedRun:
            _ = try await control.advanceSchedules()
            _ = try await control.beginDueRuns()
            try await world.work(failing: step == .failedRun)
        case .policy:
            let id = try await control.createPolicy(
                PolicyDraft(
                    name: "p", kind: .backup, definition: definition(),
                    pattern: ["FREQ=DAILY;INTERVAL=1;BYHOUR=3;BYMINUTE=00"]), by: World.admin
            ).record.id
            policies.append(id)
            _ = try await control.associate([id], with: vault, destination: nil, by: World.admin)
        case .change:
            guard let policy = policies.randomElement(using: &random) else { return }
            var change = PolicyChange()
            change.definition = definition()
            change.isEnabled = Int.random(in: 0..<4, using: &random) > 0
            _ = try await control.updatePolicy(policy, change, by: World.admin)
        case .unbind:
            for policy in policies { try? await control.dissociate(policy, from: vault, by: World.admin) }
        case .lock:
            guard Int.random(in: 0..<3, using: &random) == 0 else { return }
            _ = try await control.updateVault(vault, VaultChange(isLocked: true), by: World.admin)
        case .move:
            let resource = try #require(resources.randomElement(using: &random))
            _ = try await control.moveResources([resource], from: vault, to: other, by: World.admin)
        case .days:
            let day = CivilDay(number: Int(now.microseconds / 86_400_000_000) + Int.random(in: -1..<20, using: &random))
            let (year, month, number) = day.parts
            func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
            _ = try await control.updateExpiration(
                of: vault, through: "\(year)-\(two(month))-\(two(number))", zone: "UTC+00:00", by: World.user)
        case .found: _ = try await control.adopt([found(like: backup, in: vault)])
        case .hold:
            guard let backup else { return }
            _ = try await control.holdBackup(backup.id, reason: "x", by: World.user)
        case .release:
            guard let backup else { return }
            try await control.releaseBackup(backup.id, by: World.admin)
        case .tell: try await control.noteKept(try await control.pendingLocks(limit: 5))
        case .expire:
            _ = try await control.expireByPolicies()
            _ = try await control.expireByTime()
            try await world.work(failing: Int.random(in: 0..<5, using: &random) == 0)
        case .delete, .refusedDelete:
            guard let backup else { return }
            try await control.deleteBackup(backup.id, by: World.admin)
            if step == .delete { return try await world.work() }
            while let leased = try await control.leaseOperation(worker: "w", for: World.lease) {
                let stillThere = backup.restorePoint.map {
                    [backup.id: StoredKeep(restorePoint: $0, keptUntil: now.adding(.seconds(86_400)), holdReason: nil)]
                }
                try await control.failOperation(
                    leased, .init(code: .unexpected, message: "it is locked"), stillThere: stillThere ?? [:])
            }
        case .deleteVault:
            // As whoever would have all of it gone. One that is not locked stays for the next steps.
            let isLocked = try await control.showVault(vault, by: World.admin).record.settings.isLocked
            guard isLocked, backup != nil else { return }
            try await control.deleteVault(vault, by: World.admin)
            try await world.work(failing: true)
        case .takeOut:
            let resource = try #require(resources.randomElement(using: &random))
            _ = try await control.removeResources([resource], from: vault, by: World.admin)
            try await world.work()
            _ = try await control.addResources([ResourceReference(id: resource)], to: vault, by: World.admin)
        }
    }

    private mutating func definition() -> PolicyDefinition {
        var definition = PolicyDefinition()
        if Int.random(in: 0..<4, using: &random) > 0 {
            definition.retentionDurationDays = Int.random(in: 1...12, using: &random)
        }
        if Bool.random(using: &random) { definition.maxBackups = Int.random(in: 0...6, using: &random) }
        if Int.random(in: 0..<4, using: &random) == 0 {
            var rule = PolicyAdvancedRule(period: .week)
            (rule.daysOfWeek, rule.periods) = (["monday", "friday"], Int.random(in: 1...4, using: &random))
            definition.advancedRules = [rule]
        }
        return definition
    }

    /// What a search finds: something that the catalog knows, kept for longer or not so long, or something new.
    private mutating func found(like backup: BackupRecord?, in vault: VaultID) -> FoundBackup {
        number += 1
        let kept: Instant? =
            switch Int.random(in: 0..<8, using: &random) {
            case 0: .never
            case 1...5: now.adding(.seconds(Int.random(in: -5..<20, using: &random) * 86_400))
            default: nil
            }
        let known = Bool.random(using: &random) ? backup : nil
        return FoundBackup(
            restorePoint: known?.restorePoint ?? RestorePointID("found-\(number)"), project: World.project,
            backup: known?.id ?? BackupID("found-\(number)"), name: "found", description: "",
            checkpoint: known?.checkpoint ?? CheckpointID("found-\(number)"), checkpointName: "found", vault: vault,
            vaultName: "vault", vaultObjectType: .disk, vaultSizeGiB: 40, resource: resources[0], resourceName: "a",
            resourceType: .volume, resourceLocation: "file:///images/a.raw", isAutomatic: Bool.random(using: &random),
            isIncremental: true, createdAt: Instant(microseconds: 1_700_000_000_000_000), storedBytes: 10,
            logicalBytes: 1000, keptUntil: kept)
    }
}
