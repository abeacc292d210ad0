public import HoldfastCore

/// What a backup shows to be doing: its state, and its unfinished operation's.
public enum BackupStatus: String, Sendable, CaseIterable {
    case waitingProtect, protecting, available, waitingDelete, deleting, waitingRestore, restoring, error
}

public struct BackupFilter: Sendable {
    public var ids: [BackupID]?
    public var name: String?
    public var vault: VaultID?
    public var checkpoint: CheckpointID?
    public var resources: [ResourceID]?
    public var resourceName: String?
    public var resourceType: ResourceType?
    public var statuses: [BackupStatus]?
    public var isIncremental: Bool?
    /// Made elsewhere, and sent here.
    public var isReplica: Bool?
    /// Created at or after.
    public var from: Instant?
    /// Created at or before.
    public var until: Instant?
    public var ownership = BackupOwnership.own
    public var parent: BackupID?
    /// Of the vault that a backup is in.
    public var enterpriseProject: String?
    /// Backups whose vault is at least that full.
    public var usedPercent: Int?
    /// How the caller's project answered to what is shared with it. Its own backups never match.
    public var memberStatus: MemberStatus?

    public init() {}
}

/// A backup as a project sees it, and how that project's unfinished operation on it stands.
public struct BackupView: Sendable, Equatable {
    public let record: BackupRecord
    public let status: BackupStatus
    /// Of the unfinished operation; nil when there is none.
    public let progressPercent: Int?
    /// How the project that looks has the backup from another; nil for its own.
    public let share: MemberRecord?

    public init(record: BackupRecord, status: BackupStatus, progressPercent: Int?, share: MemberRecord? = nil) {
        self.record = record
        self.status = status
        self.progressPercent = progressPercent
        self.share = share
    }
}

public struct BackupTable {
    let transaction: any SQLTransaction

    /// At most one operation of a project on a single backup is unfinished, but for replications, which only read: the
    /// control plane refuses a second.
    static let unfinished = "o.backup_id = t.id AND o.state IN ('queued', 'running') AND o.kind <> 'replication'"
    static let status = """
        CASE WHEN t.state = 'protecting' AND o.state = 'queued' THEN 'waitingProtect'
             WHEN t.state = 'deleting' AND o.state = 'queued' THEN 'waitingDelete'
             WHEN t.state = 'available' AND o.kind = 'restore' AND o.state = 'queued' THEN 'waitingRestore'
             WHEN t.state = 'available' AND o.kind = 'restore' THEN 'restoring'
             ELSE t.state END
        """
    /// A backup that has not ended yet counts as protected at the beginning of time.
    static let sortable: [SortKey: String] = [
        .createdAt: "t.created_at", .updatedAt: "t.updated_at", .protectedAt: "COALESCE(t.protected_at, 0)",
        .name: "t.name", .status: "(\(status))", .id: "t.id",
    ]
    static let columns = "t.*, (\(status)) AS status, o.progress AS progress"

    public func insert(_ record: BackupRecord) throws {
        try transaction.execute(
            """
            INSERT INTO backups (id, project_id, vault_id, checkpoint_id, resource_id, resource_name, resource_type,
                resource_location, resource_size_bytes, name, description, is_automatic, is_incremental, state,
                restore_point, parent_id, stored_bytes, logical_bytes, created_at, updated_at, protected_at,
                expires_at, imported_at, replica_region, replica_backup_id, replica_checkpoint_id)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                SQLValue(record.id), SQLValue(record.project), SQLValue(record.vault), SQLValue(record.checkpoint),
                SQLValue(record.resource), .text(record.resourceName), .text(record.resourceType.rawValue),
                .text(record.resourceLocation), SQLValue(record.resourceSizeBytes), .text(record.name),
                .text(record.description), SQLValue(record.isAutomatic), SQLValue(record.isIncremental),
                .text(record.state.rawValue), SQLValue(record.restorePoint), SQLValue(record.parent),
                SQLValue(record.storedBytes), SQLValue(record.logicalBytes), SQLValue(record.createdAt),
                SQLValue(record.updatedAt), SQLValue(record.protectedAt), SQLValue(record.expiresAt),
                SQLValue(record.importedAt), SQLValue(record.origin?.region), SQLValue(record.origin?.backup),
                SQLValue(record.origin?.checkpoint),
            ])
    }

    public func find(_ id: BackupID, in project: ProjectID) throws -> BackupView? {
        try transaction.query(
            "SELECT \(Self.columns) FROM \(BackupReach.own.source) WHERE t.project_id = ? AND t.id = ?",
            [SQLValue(project), SQLValue(id)]
        ).first.map(BackupView.init)
    }

    /// Whose a backup is, whoever's. For takers of ids that come from elsewhere.
    public func owner(of id: BackupID) throws -> ProjectID? {
        try transaction.query("SELECT project_id FROM backups WHERE id = ?", [SQLValue(id)]).first?.id("project_id")
    }

    public func list(in project: ProjectID, _ filter: BackupFilter, _ page: Page<BackupID>) throws
        -> Listing<BackupView>
    {
        // Where nothing is shared with the project, all of its backups are its own, and lie in the order of an index.
        let isAllOwn = try filter.ownership == .all && !transaction.members.isAny(project)
        let reach = BackupReach(isAllOwn ? .own : filter.ownership)
        var conditions = Conditions()
        conditions.add(reach.scope, SQLValue(project))
        conditions.add("t.id", in: filter.ids?.map { SQLValue($0) })
        if let status = filter.memberStatus { conditions.add("\(reach.memberStatus) = ?", .text(status.rawValue)) }
        if let name = filter.name { conditions.add("t.name = ?", .text(name)) }
        if let vault = filter.vault { conditions.add("\(reach.vault) = ?", SQLValue(vault)) }
        if let checkpoint = filter.checkpoint { conditions.add("\(reach.checkpoint) = ?", SQLValue(checkpoint)) }
        conditions.add("t.resource_id", in: filter.resources?.map { SQLValue($0) })
        if let name = filter.resourceName { conditions.add("t.resource_name = ?", .text(name)) }
        if let type = filter.resourceType { conditions.add("t.resource_type = ?", .text(type.rawValue)) }
        conditions.add("(\(Self.status))", in: filter.statuses?.map { .text($0.rawValue) })
        if let incremental = filter.isIncremental { conditions.add("t.is_incremental = ?", SQLValue(incremental)) }
        if let isReplica = filter.isReplica {
            conditions.add(isReplica ? "t.replica_region IS NOT NULL" : "t.replica_region IS NULL")
        }
        if let parent = filter.parent { conditions.add("\(reach.parent) = ?", SQLValue(parent)) }
        if let enterprise = filter.enterpriseProject {
            conditions.add(VaultTable.isOfEnterprise(vault: reach.vault), VaultTable.enterpriseText(enterprise))
        }
        if let percent = filter.usedPercent {
            // Found once, and not for each backup.
            conditions.add(
                """
                \(reach.vault) IN (SELECT v.id FROM vaults v WHERE v.project_id = ?
                    AND \(UsageTable.used) * 100 >= v.size_gib * \(1 << 30) * ?)
                """, SQLValue(project), SQLValue(percent))
        }
        if let from = filter.from { conditions.add("t.created_at >= ?", SQLValue(from)) }
        if let until = filter.until { conditions.add("t.created_at <= ?", SQLValue(until)) }
        return try transaction.list(
            reach.columns, from: reach.source, counted: filter.statuses == nil ? reach.counted : nil, where: conditions,
            scope: reach.scope, page: page,
            sortable: Self.sortable, marker: { SQLValue($0) }, row: reach.view)
    }

    public func ofCheckpoint(_ checkpoint: CheckpointID) throws -> [BackupRecord] {
        try transaction.query(
            "SELECT * FROM backups WHERE checkpoint_id = ? ORDER BY created_at, id", [SQLValue(checkpoint)]
        ).map(BackupRecord.init)
    }

    /// The replica of a backup of another region in a vault.
    public func replica(of backup: BackupID, from region: String, in vault: VaultID) throws -> BackupRecord? {
        try transaction.query(
            "SELECT * FROM backups WHERE vault_id = ? AND replica_backup_id = ? AND replica_region = ? ORDER BY id",
            [SQLValue(vault), SQLValue(backup), .text(region)]
        ).first.map(BackupRecord.init)
    }

    /// The restore point in a vault that groups the replicas of one of another region.
    public func replicaCheckpoint(of checkpoint: CheckpointID, from region: String, in vault: VaultID) throws
        -> CheckpointID?
    {
        try transaction.query(
            """
            SELECT checkpoint_id FROM backups
            WHERE vault_id = ? AND replica_backup_id IS NOT NULL AND replica_checkpoint_id = ? AND replica_region = ?
            ORDER BY id
            """,
            [SQLValue(vault), SQLValue(checkpoint), .text(region)]
        ).first?.id("checkpoint_id")
    }

    /// - Parameter resources: nil for all of the vault's.
    public func ofVault(_ vault: VaultID, resources: [ResourceID]? = nil) throws -> [BackupRecord] {
        var conditions = Conditions()
        conditions.add("vault_id = ?", SQLValue(vault))
        conditions.add("resource_id", in: resources?.map { SQLValue($0) })
        return try transaction.query(
            "SELECT * FROM backups \(conditions.sql) ORDER BY created_at, id", conditions.arguments
        ).map(BackupRecord.init)
    }

    /// Of all of a vault's backups that have bytes in the repository.
    public func restorePoints(ofVault vault: VaultID) throws -> Set<RestorePointID> {
        Set(
            try transaction.query(
                "SELECT restore_point FROM backups WHERE vault_id = ? AND restore_point IS NOT NULL", [SQLValue(vault)]
            ).map { try $0.id("restore_point") })
    }

    /// Queued and running ones of the project.
    public func protecting(in project: ProjectID) throws -> [BackupRecord] {
        try transaction.query(
            "SELECT * FROM backups WHERE project_id = ? AND state = 'protecting'", [SQLValue(project)]
        ).map(BackupRecord.init)
    }

    /// The newest available backup of a resource, in any vault: what the next one is compared with.
    public func newestAvailable(of resource: ResourceID, in project: ProjectID) throws -> BackupRecord? {
        try transaction.query(
            """
            SELECT * FROM backups
            WHERE project_id = ? AND resource_id = ? AND state = 'available' AND restore_point IS NOT NULL
                AND replica_region IS NULL
            ORDER BY protected_at DESC, id DESC LIMIT 1
            """, [SQLValue(project), SQLValue(resource)]
        ).first.map(BackupRecord.init)
    }

    /// Stores what may change.
    public func update(_ record: BackupRecord) throws {
        try transaction.execute(
            """
            UPDATE backups SET name = ?, state = ?, restore_point = ?, parent_id = ?, stored_bytes = ?,
                logical_bytes = ?, resource_size_bytes = ?, updated_at = ?, protected_at = ?, vault_id = ?,
                expires_at = ?, held_at = ?, hold_reason = ?
            WHERE id = ?
            """,
            [
                .text(record.name), .text(record.state.rawValue), SQLValue(record.restorePoint),
                SQLValue(record.parent), SQLValue(record.storedBytes), SQLValue(record.logicalBytes),
                SQLValue(record.resourceSizeBytes), SQLValue(record.updatedAt), SQLValue(record.protectedAt),
                SQLValue(record.vault), SQLValue(record.expiresAt), SQLValue(record.hold?.since),
                SQLValue(record.hold?.reason), SQLValue(record.id),
            ])
    }

    /// Of every project and all vaults that are available, those whose time has come and that nothing is known to keep, the
    /// earliest first.
    public func expired(at now: Instant, limit: Int) throws -> [BackupRecord] {
        try transaction.query(
            """
            SELECT * FROM backups
            WHERE expires_at <= ? AND held_at IS NULL AND state IN ('available', 'error')
                AND (kept_until IS NULL OR kept_until <= ?)
                AND EXISTS (SELECT 1 FROM vaults v WHERE v.id = backups.vault_id AND v.state = 'available')
            ORDER BY expires_at, id LIMIT ?
            """, [SQLValue(now), SQLValue(now), SQLValue(limit)]
        ).map(BackupRecord.init)
    }

    /// Puts backups into another vault, as parts of a restore point there.
    public func move(_ ids: [BackupID], to vault: VaultID, checkpoint: CheckpointID) throws {
        for id in ids {
            try transaction.execute(
                "UPDATE backups SET vault_id = ?, checkpoint_id = ? WHERE id = ?",
                [SQLValue(vault), SQLValue(checkpoint), SQLValue(id)])
        }
    }

    /// How many backups have bytes in the repository.
    public func storedCount() throws -> Int {
        try transaction.query("SELECT COUNT(*) AS n FROM backups WHERE restore_point IS NOT NULL").first?.int("n") ?? 0
    }

    /// Every project's backups that can be restored: their ids and restore points.
    public func available() throws -> [(backup: BackupID, restorePoint: RestorePointID)] {
        try transaction.query(
            "SELECT id, restore_point FROM backups WHERE state = 'available' AND restore_point IS NOT NULL"
        ).map { row in (try row.id("id"), try row.id("restore_point")) }
    }

    /// When the backup of a resource was made that is queued or running; nil: there is none.
    public func protectingSince(_ resource: ResourceID, in project: ProjectID) throws -> Instant? {
        try transaction.query(
            "SELECT created_at FROM backups WHERE project_id = ? AND resource_id = ? AND state = 'protecting'",
            [SQLValue(project), SQLValue(resource)]
        ).first?.instant("created_at")
    }

    /// Adds what a backup stored to the next one of its resource in the vault, as that one goes: what it stored and the
    /// next one shares is still there. At most what the next one restores; of one that is being made that is not known yet.
    func passOnStoredBytes(of record: BackupRecord) throws {
        try transaction.execute(
            """
            UPDATE backups SET stored_bytes =
                CASE WHEN state = 'available' AND stored_bytes + ? > logical_bytes THEN MAX_OF
                    ELSE stored_bytes + ? END
            WHERE id = (
                SELECT n.id FROM backups n
                WHERE n.vault_id = ? AND n.resource_id = ? AND n.state IN ('available', 'protecting')
                    AND (n.created_at > ? OR (n.created_at = ? AND n.id > ?))
                ORDER BY n.created_at, n.id LIMIT 1
            )
            """.replacing(
                "MAX_OF", with: "CASE WHEN stored_bytes > logical_bytes THEN stored_bytes ELSE logical_bytes END"),
            [
                SQLValue(record.storedBytes), SQLValue(record.storedBytes), SQLValue(record.vault),
                SQLValue(record.resource), SQLValue(record.createdAt), SQLValue(record.createdAt),
                SQLValue(record.id),
            ])
    }

    /// Removes the row, and its restore point's when it was the last one there. Nothing happens when it is gone.
    public func delete(_ id: BackupID, of checkpoint: CheckpointID) throws {
        let found = try transaction.query("SELECT * FROM backups WHERE id = ?", [SQLValue(id)]).first
        if let record = try found.map(BackupRecord.init), record.restorePoint != nil {
            try passOnStoredBytes(of: record)
        }
        try transaction.execute("DELETE FROM replications WHERE backup_id = ?", [SQLValue(id)])
        try transaction.replicaRules.delete(of: id)
        try transaction.members.deleteAll(of: id)
        try transaction.execute("DELETE FROM backups WHERE id = ?", [SQLValue(id)])
        try transaction.checkpoints.deleteIfEmpty(checkpoint)
    }
}

extension SQLTransaction {
    public var backups: BackupTable { BackupTable(transaction: self) }
}

extension BackupView {
    init(_ row: SQLRow) throws {
        self.init(
            record: try BackupRecord(row), status: try row.choice("status"),
            progressPercent: try row.optionalInt64("progress").map(Int.init))
    }
}

extension BackupRecord {
    init(_ row: SQLRow) throws {
        self.init(
            id: try row.id("id"), project: try row.id("project_id"), vault: try row.id("vault_id"),
            checkpoint: try row.id("checkpoint_id"), resource: try row.id("resource_id"),
            resourceName: try row.text("resource_name"), resourceType: try row.choice("resource_type"),
            resourceLocation: try row.text("resource_location"),
            resourceSizeBytes: try row.optionalInt64("resource_size_bytes"), name: try row.text("name"),
            description: try row.text("description"), isAutomatic: try row.bool("is_automatic"),
            isIncremental: try row.bool("is_incremental"), state: try row.choice("state"),
            restorePoint: try row.optionalID("restore_point"), parent: try row.optionalID("parent_id"),
            storedBytes: try row.int64("stored_bytes"), logicalBytes: try row.int64("logical_bytes"),
            createdAt: try row.instant("created_at"), updatedAt: try row.instant("updated_at"),
            protectedAt: try row.optionalInstant("protected_at"), expiresAt: try row.optionalInstant("expires_at"),
            hold: try row.optionalInstant("held_at").map { since in
                Hold(since: since, reason: try row.optionalText("hold_reason") ?? "")
            }, keptUntil: try row.optionalInstant("kept_until"), isHoldKept: try row.bool("is_hold_kept"),
            importedAt: try row.optionalInstant("imported_at"), origin: try ReplicaOrigin(row))
    }
}
