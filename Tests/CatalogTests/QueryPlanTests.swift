import Foundation
import HoldfastCore
import Synchronization
import TestSupport
import Testing

@testable import Catalog

/// Goal: the cost of a page does not grow with the length of the list. Method: the SQL that each list really runs is recorded and
/// given to SQLite's planner: a page is read from an index in its order, from the marker on, and what is looked up beside it is
/// searched; nothing is scanned, and nothing is sorted.
@Suite("Lists read their pages from indexes")
struct QueryPlanTests {
    private static let project = ProjectID("p")

    /// Runs a list twice, for its first page and behind a marker, and gives the plans of all its queries.
    private static func plans(
        of list: @escaping @Sendable (any SQLTransaction) throws -> Void
    ) async throws -> [(sql: String, steps: [String])] {
        try await CatalogPlace.with(.sqlite) { place in
            let schema = CoreMigrations.all + IdentityMigrations.all
            let catalog = try await place.open(schema, seams: ManualClock().seams)
            try await catalog.write { transaction in
                try transaction.vaults.insert(Self.vault)
                try transaction.checkpoints.insert(Self.checkpoint)
                try transaction.backups.insert(Self.backup)
                try transaction.operations.insert(Self.operation)
            }
            let found = try await catalog.read { transaction in
                let recorder = Recorder(transaction)
                try list(recorder)
                return try recorder.queries.map { sql, arguments in
                    let steps = try transaction.query("EXPLAIN QUERY PLAN " + sql, arguments)
                    return (sql, try steps.map { try $0.text("detail") })
                }
            }
            try await catalog.close()
            return found
        }
    }

    private static func expectIndexed(
        _ plans: [(sql: String, steps: [String])], markers: Int, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(plans.contains { $0.sql.contains("LIMIT") }, sourceLocation: sourceLocation)
        for (sql, steps) in plans {
            for step in steps where !Self.isOfCounting(step) {
                #expect(!step.hasPrefix("SCAN"), "\(step) in: \(sql)", sourceLocation: sourceLocation)
                #expect(!step.contains("TEMP B-TREE"), "\(step) in: \(sql)", sourceLocation: sourceLocation)
            }
        }
        // Behind a marker the index is entered at its place.
        let seeks = plans.filter { $0.steps.contains { $0.contains("created_at<?") } }
        #expect(seeks.count == markers, "\(plans.map(\.steps))", sourceLocation: sourceLocation)
    }

    @Test("of vaults")
    func vaults() async throws {
        let plans = try await Self.plans { transaction in
            for marker in [nil, Self.vault.id] {
                _ = try transaction.vaults.list(in: Self.project, VaultFilter(), Page(limit: 10, marker: marker))
            }
        }
        Self.expectIndexed(plans, markers: 1)
    }

    @Test("of vaults that take resources in by themselves, without reading the others")
    func autoBinding() async throws {
        let plans = try await Self.plans { transaction in
            _ = try transaction.vaults.autoBinding(in: Self.project)
        }
        #expect(
            plans.map(\.steps) == [["SEARCH vaults USING INDEX vaults_binding (project_id=?)"]], "\(plans.map(\.steps))"
        )
    }

    @Test("of backups: all of them, of a vault, of a restore point, of a resource, since a moment")
    func backups() async throws {
        var filters = [BackupFilter(), BackupFilter(), BackupFilter()]
        filters[1].from = Instant(microseconds: 0)
        filters[2].ownership = .all
        for filter in filters {
            let plans = try await Self.plans { transaction in
                for marker in [nil, Self.backup.id] {
                    _ = try transaction.backups.list(in: Self.project, filter, Page(limit: 10, marker: marker))
                }
            }
            Self.expectIndexed(plans, markers: 1)
            let counts = plans.filter { $0.sql.contains("COUNT(*)") }
            #expect(counts.allSatisfy { !$0.sql.contains("operations") }, "counts look at nothing but the backups")
        }
        var available = BackupFilter()
        available.statuses = [.available]
        let asked = try await Self.plans { [available] transaction in
            _ = try transaction.backups.list(in: Self.project, available, Page(limit: 10))
        }
        for (sql, steps) in asked where sql.contains("JOIN operations") {
            #expect(
                steps.contains { $0.contains("operations_unfinished_by_backup (backup_id=? AND project_id=?") },
                "\(steps) in: \(sql)")
        }
        var few = [BackupFilter(), BackupFilter(), BackupFilter()]
        few[0].vault = Self.vault.id
        few[1].checkpoint = CheckpointID("c")
        few[2].resources = [ResourceID("r")]
        for filter in few {
            let plans = try await Self.plans { transaction in
                _ = try transaction.backups.list(in: Self.project, filter, Page(limit: 10))
            }
            for (sql, steps) in plans {
                // What is left of a vault, restore point or resource may be sorted: it is short.
                #expect(steps.allSatisfy { !$0.hasPrefix("SCAN") }, "\(steps) in: \(sql)")
            }
        }
    }

    @Test("of operation logs: all of them, of a vault, a kind, a state or a resource, since a moment")
    func operations() async throws {
        var filters = Array(repeating: OperationFilter(), count: 8)
        filters[1].from = Instant(microseconds: 0)
        filters[2].kind = .backup
        filters[3].status = .waiting
        filters[4].resource = ResourceID("r")
        filters[5].resourceName = "r"
        filters[6].resourceTypes = [.volume]
        filters[7].vaultName = "v"
        for filter in filters {
            let plans = try await Self.plans { transaction in
                for marker in [nil, Self.operation.id] {
                    _ = try transaction.operations.list(in: Self.project, filter, Page(limit: 10, marker: marker))
                }
            }
            Self.expectIndexed(plans, markers: 1)
            let counts = plans.filter { $0.sql.contains("COUNT(*)") }
            let looks = counts.flatMap(\.steps).filter { !Self.isOfCounting($0) }
            #expect(looks.allSatisfy { $0.contains("COVERING INDEX") }, "\(counts)")
        }
        var ofVault = OperationFilter()
        ofVault.vault = Self.vault.id
        let plans = try await Self.plans { [ofVault] transaction in
            _ = try transaction.operations.list(in: Self.project, ofVault, Page(limit: 10))
        }
        Self.expectIndexed(plans, markers: 0)
    }

    @Test("and when most rows are alike, the others are counted from the same indexes")
    func counts() async throws {
        for (column, value) in [("kind", "backup"), ("state", "queued"), ("resource_type", "OS::Cinder::Volume")] {
            let plans = try await Self.plans { transaction in
                _ = try transaction.count(
                    "operations", where: [("project_id", SQLValue(Self.project)), (column, .text(value))], few: 1)
            }
            for (sql, steps) in plans where sql.contains("LIMIT") {
                let looks = steps.filter { !Self.isOfCounting($0) }
                #expect(
                    looks.allSatisfy { $0.hasPrefix("SEARCH") && $0.contains("COVERING INDEX") }, "\(steps): \(sql)")
            }
        }
    }

    @Test("of vaults' use and their resources, by indexes alone")
    func members() async throws {
        let plans = try await Self.plans { transaction in
            _ = try transaction.vaultResources.members(of: [Self.vault.id])
            _ = try transaction.usage.usedBytes(of: [Self.vault.id])
        }
        #expect(plans.count == 2)
        for (sql, steps) in plans {
            #expect(steps.allSatisfy { !$0.hasPrefix("SCAN") }, "\(steps) in: \(sql)")
            for step in steps where step.contains(" b ") || step.contains(" o ") {
                #expect(step.contains("COVERING INDEX"), "\(step) in: \(sql)")
            }
            for step in steps where step.contains(" o ") {
                #expect(step.contains("operations_unfinished_by_resource (resource_id=?"), "\(step) in: \(sql)")
            }
        }
    }

    /// The bound around rows that are counted is a query of its own.
    private static func isOfCounting(_ step: String) -> Bool { step == "CO-ROUTINE x" || step == "SCAN x" }

    @Test("of what waits, however much it is")
    func waiting() async throws {
        let plans = try await Self.plans { transaction in
            _ = try transaction.operations.next(now: Instant(microseconds: 5))
            _ = try transaction.operations.unfinished(.restore)
        }
        #expect(plans.count == 3)
        for (sql, steps) in plans where !sql.contains("GROUP BY") {
            #expect(steps.allSatisfy { !$0.hasPrefix("SCAN") }, "\(steps) in: \(sql)")
        }
        // One look at the index of what waits, and a sort of the projects in it.
        let turns = try #require(plans.first { $0.sql.contains("GROUP BY") })
        #expect(
            turns.steps.contains { $0.contains("COVERING INDEX operations_unfinished_by_project") }, "\(turns.steps)")
    }
}

extension QueryPlanTests {
    private static let now = Instant(microseconds: 1)

    private static let vault = VaultRecord(
        id: VaultID("v"), project: project, user: nil, name: "v", description: nil, state: .available,
        objectType: .disk, protectType: .backup, consistentLevel: .crashConsistent, sizeGiB: 1,
        settings: VaultSettings(), version: 1, createdAt: now, updatedAt: now)

    private static let checkpoint = CheckpointRecord(
        id: CheckpointID("c"), project: project, vault: vault.id, name: "c", description: "", isAutomatic: false,
        isIncremental: true, retentionDays: -1, skipped: [], createdAt: now)

    private static let backup = BackupRecord(
        id: BackupID("b"), project: project, vault: vault.id, checkpoint: checkpoint.id, resource: ResourceID("r"),
        resourceName: "r", resourceType: .volume, resourceLocation: "file:///r", resourceSizeBytes: 1, name: "b",
        description: "", isAutomatic: false, isIncremental: true, state: .available,
        restorePoint: RestorePointID("p"), parent: nil, storedBytes: 1, logicalBytes: 1, createdAt: now,
        updatedAt: now, protectedAt: now)

    private static let operation = OperationRecord(
        id: OperationID("o"), project: project, kind: .backup, state: .queued, vault: vault.id, vaultName: "v",
        checkpoint: nil, backup: backup.id, resource: nil, subject: OperationSubject(), requestID: "x",
        progressPercent: 0, details: OperationDetails(), attempt: 0, fence: 0, createdAt: now, updatedAt: now,
        startedAt: nil, endedAt: nil)
}

/// Passes queries on, and keeps them.
private final class Recorder: SQLTransaction {
    private let inner: any SQLTransaction
    private(set) var queries: [(String, [SQLValue])] = []

    init(_ inner: any SQLTransaction) { self.inner = inner }

    func query(_ sql: String, _ arguments: [SQLValue]) throws -> [SQLRow] {
        queries.append((sql, arguments))
        return try inner.query(sql, arguments)
    }

    func execute(_ sql: String, _ arguments: [SQLValue]) throws -> Int { try inner.execute(sql, arguments) }
}
