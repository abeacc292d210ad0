public import HoldfastCore

public struct ReplicationTable {
    let transaction: any SQLTransaction

    public func insert(_ record: ReplicationRecord) throws {
        try transaction.execute(
            """
            INSERT INTO replications (id, project_id, backup_id, checkpoint_id, vault_id, resource_id, operation_id,
                region, remote_project_id, remote_vault_id, is_automatic, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                SQLValue(record.id), SQLValue(record.project), SQLValue(record.backup), SQLValue(record.checkpoint),
                SQLValue(record.vault), SQLValue(record.resource), SQLValue(record.operation), .text(record.region),
                SQLValue(record.remoteProject), SQLValue(record.remoteVault), SQLValue(record.isAutomatic),
                SQLValue(record.createdAt),
            ])
    }

    /// Notes that the backup is there. Nothing happens when the record is gone.
    public func finish(
        _ id: ReplicationID, backup: BackupID, checkpoint: CheckpointID, restorePoint: RestorePointID, now: Instant
    ) throws {
        try transaction.execute(
            """
            UPDATE replications SET remote_backup_id = ?, remote_checkpoint_id = ?, remote_restore_point = ?,
                ended_at = ? WHERE id = ?
            """,
            [SQLValue(backup), SQLValue(checkpoint), SQLValue(restorePoint), SQLValue(now), SQLValue(id)])
    }

    /// Of some backups, oldest first.
    public func list(of backups: [BackupID], in project: ProjectID) throws -> [ReplicationView] {
        guard !backups.isEmpty else { return [] }
        var conditions = Conditions()
        conditions.add("r.project_id = ?", SQLValue(project))
        conditions.add("r.backup_id", in: backups.map { SQLValue($0) })
        return try transaction.query(
            """
            SELECT r.*, o.state, o.worker, o.lease_ends, o.error_code, o.error_message, o.progress FROM replications r
            JOIN operations o ON o.id = r.operation_id
            \(conditions.sql) ORDER BY r.created_at, r.id
            """, conditions.arguments
        ).map { row in
            ReplicationView(
                record: try ReplicationRecord(row), state: try OperationState(row),
                progressPercent: try row.int("progress"))
        }
    }

    /// The newest replica of a resource in a project of another region whose source is still here: what the next one is
    /// compared with.
    public func basis(
        of resource: ResourceID, in project: ProjectID, region: String, remoteProject: ProjectID
    ) throws -> (source: RestorePointID, target: RestorePointID)? {
        try transaction.query(
            """
            SELECT b.restore_point, r.remote_restore_point FROM replications r
            JOIN backups b ON b.id = r.backup_id AND b.state = 'available' AND b.restore_point IS NOT NULL
            WHERE r.project_id = ? AND r.resource_id = ? AND r.region = ? AND r.remote_project_id = ?
                AND r.remote_restore_point IS NOT NULL
            ORDER BY b.created_at DESC, b.id DESC LIMIT 1
            """,
            [SQLValue(project), SQLValue(resource), .text(region), SQLValue(remoteProject)]
        ).first.map { row in (try row.id("restore_point"), try row.id("remote_restore_point")) }
    }

    /// Backups of a project that are being sent, or wait for it.
    public func sending(in project: ProjectID) throws -> Set<BackupID> {
        Set(
            try transaction.query(
                """
                SELECT backup_id FROM operations
                WHERE project_id = ? AND kind = 'replication' AND state IN ('queued', 'running')
                """, [SQLValue(project)]
            ).compactMap { try $0.optionalID("backup_id") })
    }
}

extension SQLTransaction {
    public var replications: ReplicationTable { ReplicationTable(transaction: self) }
}

extension ReplicationRecord {
    init(_ row: SQLRow) throws {
        self.init(
            id: try row.id("id"), project: try row.id("project_id"), backup: try row.id("backup_id"),
            checkpoint: try row.id("checkpoint_id"), vault: try row.id("vault_id"),
            resource: try row.id("resource_id"), operation: try row.id("operation_id"), region: try row.text("region"),
            remoteProject: try row.id("remote_project_id"), remoteVault: try row.id("remote_vault_id"),
            remoteBackup: try row.optionalID("remote_backup_id"),
            remoteCheckpoint: try row.optionalID("remote_checkpoint_id"),
            remoteRestorePoint: try row.optionalID("remote_restore_point"), isAutomatic: try row.bool("is_automatic"),
            createdAt: try row.instant("created_at"), endedAt: try row.optionalInstant("ended_at"))
    }
}

extension ReplicaOrigin {
    init?(_ row: SQLRow) throws {
        guard let region = try row.optionalText("replica_region") else { return nil }
        self.init(
            region: region, backup: try row.id("replica_backup_id"),
            checkpoint: try row.id("replica_checkpoint_id"))
    }
}
