import HoldfastCore
import TestSupport
import Testing

@testable import Catalog

@Suite("The table of members gives each project what it may see")
struct MemberTableTests {
    private static let (owner, one, two) = (ProjectID("owner"), ProjectID("one"), ProjectID("two"))
    private static let (first, second) = (BackupID("first"), BackupID("second"))
    private static let vault = VaultID("vault-of-one")

    @Test("in every catalog", arguments: CatalogKind.allCases)
    func everywhere(kind: CatalogKind) async throws {
        try await CatalogPlace.with(kind, schema: CoreMigrations.all) { place in
            let catalog = try await place.open(CoreMigrations.all, seams: ManualClock().seams)
            try await Self.verify(catalog)
            try await catalog.close()
        }
    }

    /// What holds of the table on any database with the core schema.
    private static func verify(_ catalog: any CatalogDatabase) async throws {
        try await catalog.write { transaction in
            try makeBackups(transaction)
            for record in [member(first, one), member(first, two), member(second, two)] {
                try transaction.members.insert(record)
            }
        }
        await #expect(throws: CatalogError.self, "a project is a member of a backup once") {
            try await catalog.write { try $0.members.insert(member(first, one, id: "again")) }
        }
        try await verifySight(catalog)
        try await verifyChanges(catalog)
        try await catalog.write { transaction in
            #expect(try !transaction.members.delete(one, of: first, owner: one), "only the owner's are the owner's")
            #expect(try transaction.members.delete(one, of: first, owner: owner))
            #expect(try !transaction.members.delete(one, of: first, owner: owner))
            try transaction.backups.delete(first, of: CheckpointID("point"))
            #expect(try transaction.members.list(of: [first], seenBy: owner).isEmpty, "they go with their backup")
            #expect(try transaction.members.list(of: [second], seenBy: owner).count == 1)
        }
    }

    private static func verifySight(_ catalog: any CatalogDatabase) async throws {
        try await catalog.read { transaction in
            let members = transaction.members
            #expect(try members.list(of: [first, second], seenBy: owner).count == 3)
            #expect(try members.list(of: [first, second], seenBy: one).map(\.project) == [one])
            #expect(try members.list(of: [first, second], seenBy: two).map(\.backup) == [first, second])
            #expect(try members.list(of: [first, second], seenBy: ProjectID("stranger")).isEmpty)
            #expect(try members.list(of: [], seenBy: owner).isEmpty)
            #expect(try transaction.backups.findShared(first, with: one)?.share == member(first, one))
            #expect(try transaction.backups.findShared(second, with: one) == nil)
            #expect(try transaction.backups.findShared(first, with: owner) == nil)
            for (project, ownership, wanted) in [
                (owner, .own, [second, first]), (owner, .shared, []), (owner, .all, [second, first]),
                (one, .own, []), (one, .shared, [first]), (one, .all, [first]), (two, .shared, [second, first]),
                (two, .all, [second, first]),
            ] as [(ProjectID, BackupOwnership, [BackupID])] {
                var filter = BackupFilter()
                filter.ownership = ownership
                let found = try transaction.backups.list(in: project, filter, Page())
                #expect(found.rows.map(\.record.id) == wanted && found.count == wanted.count, "\(project) \(ownership)")
                // The same, one row a page.
                var page = Page<BackupID>(limit: 1)
                var walked: [BackupID] = []
                while let row = try transaction.backups.list(in: project, filter, page).rows.first {
                    walked.append(row.record.id)
                    page.marker = row.record.id
                }
                #expect(walked == wanted)
                filter.checkpoint = CheckpointID("point")
                let points = try transaction.backups.list(in: project, filter, Page())
                #expect(
                    points.count == (project == owner ? wanted.count : 0), "restore points are the owner's business")
            }
        }
    }

    private static func verifyChanges(_ catalog: any CatalogDatabase) async throws {
        try await catalog.write { transaction in
            var record = member(first, one)
            record.state = .accepted(into: vault)
            record.updatedAt = Instant(microseconds: 9)
            #expect(try transaction.members.update(record))
            #expect(try !transaction.members.update(record), "a change made from an old reading is refused")
            let stored = try transaction.members.list(of: [first], seenBy: one).first
            #expect(stored?.state == record.state && stored?.version == 2 && stored?.updatedAt == record.updatedAt)
            #expect(try transaction.members.accepted(into: vault, of: one) == [stored])
            #expect(try transaction.members.accepted(into: vault, of: two).isEmpty)
            var filter = BackupFilter()
            filter.ownership = .all
            filter.vault = vault
            #expect(try transaction.backups.list(in: one, filter, Page()).rows.map(\.record.id) == [first])
            filter.vault = VaultID("vault")
            #expect(try transaction.backups.list(in: one, filter, Page()).count == 0, "the owner's vault is its own")
            #expect(try transaction.backups.list(in: owner, filter, Page()).count == 2)
            filter = BackupFilter()
            filter.ownership = .shared
            for (status, count) in [(MemberStatus.accepted, 1), (.pending, 0), (.rejected, 0)] {
                filter.memberStatus = status
                #expect(try transaction.backups.list(in: one, filter, Page()).count == count)
            }
        }
    }

    private static func member(_ backup: BackupID, _ project: ProjectID, id: String? = nil) -> MemberRecord {
        MemberRecord(
            id: MemberID(id ?? "\(backup)-\(project)"), backup: backup, owner: owner, project: project, state: .pending,
            version: 1, createdAt: Instant(microseconds: 5), updatedAt: Instant(microseconds: 5))
    }

    private static func makeBackups(_ transaction: any SQLTransaction) throws {
        let now = Instant(microseconds: 1)
        let vault = VaultID("vault")
        try transaction.vaults.insert(
            VaultRecord(
                id: vault, project: owner, user: nil, name: "v", description: nil, state: .available, objectType: .disk,
                protectType: .backup, consistentLevel: .crashConsistent, sizeGiB: 10, settings: VaultSettings(),
                version: 1, createdAt: now, updatedAt: now))
        try transaction.checkpoints.insert(
            CheckpointRecord(
                id: CheckpointID("point"), project: owner, vault: vault, name: "p", description: "", isAutomatic: false,
                isIncremental: true, retentionDays: -1, skipped: [], createdAt: now))
        for (index, id) in [first, second].enumerated() {
            try transaction.backups.insert(
                BackupRecord(
                    id: id, project: owner, vault: vault, checkpoint: CheckpointID("point"),
                    resource: ResourceID("r"), resourceName: "r", resourceType: .volume, resourceLocation: "file:///r",
                    resourceSizeBytes: 1, name: "b", description: "", isAutomatic: false, isIncremental: true,
                    state: .available, restorePoint: RestorePointID("p"), parent: nil, storedBytes: 1, logicalBytes: 1,
                    createdAt: Instant(microseconds: Int64(index)), updatedAt: now, protectedAt: now))
        }
    }
}
