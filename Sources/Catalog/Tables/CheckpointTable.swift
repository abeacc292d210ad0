public import HoldfastCore

public struct CheckpointTable {
    let transaction: any SQLTransaction

    public func insert(_ record: CheckpointRecord) throws {
        try transaction.execute(
            """
            INSERT INTO checkpoints (id, project_id, vault_id, name, description, is_automatic, is_incremental,
                retention_days, skipped, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                SQLValue(record.id), SQLValue(record.project), SQLValue(record.vault), .text(record.name),
                .text(record.description), SQLValue(record.isAutomatic), SQLValue(record.isIncremental),
                SQLValue(record.retentionDays), try JSONText.encode(record.skipped), SQLValue(record.createdAt),
            ])
    }

    public func find(_ id: CheckpointID, in project: ProjectID) throws -> CheckpointRecord? {
        try transaction.query(
            "SELECT * FROM checkpoints WHERE project_id = ? AND id = ?", [SQLValue(project), SQLValue(id)]
        ).first.map(CheckpointRecord.init)
    }

    /// Whose a restore point is, whoever's. For takers of ids that come from elsewhere.
    public func owner(of id: CheckpointID) throws -> ProjectID? {
        try transaction.query("SELECT project_id FROM checkpoints WHERE id = ?", [SQLValue(id)]).first?.id("project_id")
    }

    public func move(_ id: CheckpointID, to vault: VaultID) throws {
        try transaction.execute("UPDATE checkpoints SET vault_id = ? WHERE id = ?", [SQLValue(vault), SQLValue(id)])
    }

    /// A restore point is gone with its last backup.
    public func deleteIfEmpty(_ id: CheckpointID) throws {
        try transaction.execute(
            "DELETE FROM checkpoints WHERE id = ? AND NOT EXISTS (SELECT 1 FROM backups WHERE checkpoint_id = ?)",
            [SQLValue(id), SQLValue(id)])
    }
}

extension SQLTransaction {
    public var checkpoints: CheckpointTable { CheckpointTable(transaction: self) }
}

extension CheckpointRecord {
    init(_ row: SQLRow) throws {
        self.init(
            id: try row.id("id"), project: try row.id("project_id"), vault: try row.id("vault_id"),
            name: try row.text("name"), description: try row.text("description"),
            isAutomatic: try row.bool("is_automatic"), isIncremental: try row.bool("is_incremental"),
            retentionDays: try row.int("retention_days"), skipped: try row.json("skipped"),
            createdAt: try row.instant("created_at"))
    }
}
