public import HoldfastCore

public struct MemberTable {
    let transaction: any SQLTransaction

    public func insert(_ record: MemberRecord) throws {
        try transaction.execute(
            """
            INSERT INTO backup_members (id, backup_id, owner_id, project_id, status, vault_id, version, created_at,
                updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                SQLValue(record.id), SQLValue(record.backup), SQLValue(record.owner), SQLValue(record.project),
                .text(record.state.status.rawValue), SQLValue(record.state.vault), SQLValue(record.version),
                SQLValue(record.createdAt), SQLValue(record.updatedAt),
            ])
    }

    /// Stores what may change, and counts the version up.
    ///
    /// - Returns: false when it was changed since it was read, or is gone.
    public func update(_ record: MemberRecord) throws -> Bool {
        try transaction.execute(
            """
            UPDATE backup_members SET status = ?, vault_id = ?, version = version + 1, updated_at = ?
            WHERE project_id = ? AND backup_id = ? AND version = ?
            """,
            [
                .text(record.state.status.rawValue), SQLValue(record.state.vault), SQLValue(record.updatedAt),
                SQLValue(record.project), SQLValue(record.backup), SQLValue(record.version),
            ]) == 1
    }

    /// - Returns: false when the backup is not shared with the project.
    public func delete(_ project: ProjectID, of backup: BackupID, owner: ProjectID) throws -> Bool {
        try transaction.execute(
            "DELETE FROM backup_members WHERE owner_id = ? AND backup_id = ? AND project_id = ?",
            [SQLValue(owner), SQLValue(backup), SQLValue(project)]) == 1
    }

    /// Of some backups, oldest first, what a project may see: all members of its own backups, and itself.
    public func list(of backups: [BackupID], seenBy project: ProjectID) throws -> [MemberRecord] {
        guard !backups.isEmpty else { return [] }
        var conditions = Conditions()
        conditions.add("(owner_id = ? OR project_id = ?)", SQLValue(project), SQLValue(project))
        conditions.add("backup_id", in: backups.map { SQLValue($0) })
        return try transaction.query(
            "SELECT * FROM backup_members \(conditions.sql) ORDER BY created_at, id", conditions.arguments
        ).map(MemberRecord.init)
    }

    /// Whether anything is shared with a project.
    func isAny(_ project: ProjectID) throws -> Bool {
        try transaction.query("SELECT id FROM backup_members WHERE project_id = ? LIMIT 1", [SQLValue(project)]).first
            != nil
    }

    /// What a project accepted into one of its vaults.
    public func accepted(into vault: VaultID, of project: ProjectID) throws -> [MemberRecord] {
        try transaction.query(
            "SELECT * FROM backup_members WHERE project_id = ? AND vault_id = ? ORDER BY created_at, id",
            [SQLValue(project), SQLValue(vault)]
        ).map(MemberRecord.init)
    }

    /// A project's backups that others are restoring, or wait to restore. Whether these still may does not matter here.
    public func restoring(backupsOf project: ProjectID) throws -> Set<BackupID> {
        Set(
            try transaction.query(
                """
                SELECT o.backup_id FROM operations o JOIN backups b ON b.id = o.backup_id
                WHERE o.state IN ('queued', 'running') AND b.project_id = ? AND o.project_id <> b.project_id
                """, [SQLValue(project)]
            ).map { try $0.id("backup_id") })
    }

    /// Ends all sharing of a backup.
    func deleteAll(of backup: BackupID) throws {
        try transaction.execute("DELETE FROM backup_members WHERE backup_id = ?", [SQLValue(backup)])
    }
}

extension SQLTransaction {
    public var members: MemberTable { MemberTable(transaction: self) }
}

extension MemberRecord {
    init(_ row: SQLRow) throws {
        self.init(
            id: try row.id("id"), backup: try row.id("backup_id"), owner: try row.id("owner_id"),
            project: try row.id("project_id"), state: try MemberState(row, "status", "vault_id"),
            version: try row.int64("version"), createdAt: try row.instant("created_at"),
            updatedAt: try row.instant("updated_at"))
    }

    /// From the columns that ``BackupReach`` puts beside a backup's; nil where there are none.
    init?(sharing backup: BackupID, _ row: SQLRow) throws {
        guard let id = try row.optionalText("share_id") else { return nil }
        self.init(
            id: MemberID(id), backup: backup, owner: try row.id("share_owner_id"),
            project: try row.id("share_project_id"), state: try MemberState(row, "share_status", "share_vault_id"),
            version: try row.int64("share_version"), createdAt: try row.instant("share_created_at"),
            updatedAt: try row.instant("share_updated_at"))
    }
}

extension MemberState {
    fileprivate init(_ row: SQLRow, _ status: String, _ vault: String) throws {
        switch try row.choice(status, of: MemberStatus.self) {
        case .pending: self = .pending
        case .accepted: self = .accepted(into: try row.id(vault))
        case .rejected: self = .rejected
        }
    }
}
