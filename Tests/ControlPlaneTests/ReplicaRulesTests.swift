import Catalog
import ControlPlane
import HoldfastCore
import Synchronization
import TestSupport
import Testing

@Suite("Replicas expire by the rules that they came with")
struct ReplicaRulesTests {
    private static let day = Duration.seconds(86_400)

    private static func rules(_ policy: String = "nightly", newest: Int? = nil, days: Int? = nil, zone: String? = nil)
        -> ReplicaRules
    {
        var definition = PolicyDefinition()
        definition.maxBackups = newest
        definition.retentionDurationDays = days
        definition.timezone = zone
        return ReplicaRules(policy: PolicyID(policy), definition: definition)
    }

    private func withVault(_ body: (World, VaultID) async throws -> Void) async throws {
        try await World.with { world in
            let vault = try await world.control.createVault(
                VaultDraft(name: "replicas", objectType: .disk, protectType: .replication, sizeGiB: 100),
                by: World.admin
            ).record.id
            try await body(world, vault)
        }
    }

    /// A replica comes; its sender claims whatever age a test wants.
    @discardableResult
    private func take(
        _ world: World, _ vault: VaultID, _ name: String, _ rules: ReplicaRules?, region: String = "north-1",
        resource: String = "disk", claimed: Instant = Instant(microseconds: 1)
    ) async throws -> BackupID {
        let id = BackupID("backup-\(name)")
        _ = try await world.control.addReplica(
            FoundBackup(
                restorePoint: RestorePointID("point-\(name)"), project: World.project, backup: id, name: name,
                description: "", checkpoint: CheckpointID("checkpoint-\(name)"), checkpointName: name, vault: vault,
                vaultName: "replicas", vaultObjectType: .disk, vaultSizeGiB: 100,
                resource: ResourceID("\(region)-\(resource)"), resourceName: resource, resourceType: .volume,
                resourceLocation: "", isAutomatic: true, isIncremental: true, createdAt: claimed, storedBytes: 1,
                logicalBytes: 1,
                origin: ReplicaOrigin(
                    region: region, backup: BackupID("far-\(name)"), checkpoint: CheckpointID("far-\(name)"))),
            rules: rules, by: World.admin)
        return id
    }

    private func expire(_ world: World, _ vault: VaultID) async throws -> Set<String> {
        _ = try await world.control.expireReplicas()
        _ = try await world.control.expireByPolicies()
        try await world.work()
        return Set(try await world.backups(vault).map(\.record.name))
    }

    @Test("by count and by age since they came, whatever age their sender claims")
    func arrivals() async throws {
        try await withVault { world, vault in
            // Claimed from the newest to the oldest, and far in the future.
            for number in 1...5 {
                try await take(
                    world, vault, "\(number)", Self.rules(newest: 2),
                    claimed: Instant(microseconds: 9_000_000_000_000_000 - Int64(number)))
                world.clock.advance(by: Self.day)
            }
            #expect(try await expire(world, vault) == ["4", "5"])
            try await take(world, vault, "6", Self.rules(days: 3))
            #expect(try await expire(world, vault) == ["4", "5", "6"], "the newest that came says how")
            world.clock.advance(by: Self.day * 2)
            #expect(try await expire(world, vault) == ["5", "6"])
            world.clock.advance(by: Self.day * 5)
            #expect(try await expire(world, vault).isEmpty)
            let rows = try await world.catalog.read { transaction in
                try transaction.query("SELECT backup_id FROM replica_rules").count
            }
            #expect(rows == 0, "rules go with their replicas")
        }
    }

    @Test("regions, resources and policies are counted apart, and what came without rules stays")
    func kinds() async throws {
        try await withVault { world, vault in
            let strict = Self.rules(newest: 1)
            try await take(world, vault, "by-hand", nil)
            for number in 1...2 {
                world.clock.advance(by: Self.day)
                try await take(world, vault, "plain-\(number)", strict)
                try await take(world, vault, "disk-\(number)", strict, resource: "other")
                try await take(world, vault, "region-\(number)", strict, region: "west-1")
                try await take(world, vault, "policy-\(number)", Self.rules("weekly", newest: 9))
            }
            #expect(
                try await expire(world, vault)
                    == ["by-hand", "plain-2", "disk-2", "region-2", "policy-1", "policy-2"])
        }
    }

    @Test("holds, times and locks of this server win, and rules that can't be read keep all")
    func bars() async throws {
        try await withVault { world, vault in
            var ids: [BackupID] = []
            for number in 1...4 {
                ids.append(try await take(world, vault, "\(number)", Self.rules(newest: 1)))
                world.clock.advance(by: Self.day)
            }
            _ = try await world.control.holdBackup(ids[0], reason: "trial", by: World.admin)
            try await world.catalog.write { [id = ids[1]] transaction in
                var backup = try #require(try transaction.backups.find(id, in: World.project)).record
                backup.expiresAt = Instant(microseconds: .max - 1)
                try transaction.backups.update(backup)
            }
            #expect(try await expire(world, vault) == ["1", "2", "4"])
            try await take(world, vault, "5", Self.rules(newest: 1, zone: "Europe/Nowhere"))
            let problems = Mutex<[VaultID?]>([])
            _ = try await world.control.expireReplicas { problem in problems.withLock { $0.append(problem.vault) } }
            #expect(problems.withLock { $0 } == [vault])
            #expect(try await expire(world, vault) == ["1", "2", "4", "5"])
            world.clock.advance(by: Self.day)
            try await take(world, vault, "6", Self.rules(newest: 1))
            _ = try await world.control.updateVault(vault, VaultChange(isLocked: true), by: World.admin)
            #expect(try await expire(world, vault) == ["1", "2", "4", "5", "6"])
        }
    }
}
