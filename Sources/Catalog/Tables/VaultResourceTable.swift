public import HoldfastCore

/// A resource of a vault with what the catalog can tell about it there.
public struct VaultMember: Sendable, Equatable {
    public let membership: VaultResourceRecord
    public let resource: ResourceRecord
    /// Available backups of it in this vault.
    public let backupCount: Int
    /// What they added to the repository.
    public let backupBytes: Int64
    /// A backup of it is queued or running, in this vault or another.
    public let isProtecting: Bool
    /// A restore that writes to it is queued or running.
    public let isRestoring: Bool
    /// Its newest backup in this vault failed.
    public let lastFailed: Bool

    public init(
        membership: VaultResourceRecord, resource: ResourceRecord, backupCount: Int, backupBytes: Int64,
        isProtecting: Bool, isRestoring: Bool, lastFailed: Bool
    ) {
        self.membership = membership
        self.resource = resource
        self.backupCount = backupCount
        self.backupBytes = backupBytes
        self.isProtecting = isProtecting
        self.isRestoring = isRestoring
        self.lastFailed = lastFailed
    }
}

public struct VaultResourceTable {
    let transaction: any SQLTransaction

    public func insert(_ record: VaultResourceRecord) throws {
        try transaction.execute(
            """
            INSERT INTO vault_resources (project_id, vault_id, resource_id, is_suspended, is_removing,
                exclude_volumes, include_volumes, added_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                SQLValue(record.project), SQLValue(record.vault), SQLValue(record.resource),
                SQLValue(record.isSuspended), SQLValue(record.isRemoving), try JSONText.encode(record.excludedVolumes),
                try JSONText.encode(record.includedVolumes), SQLValue(record.addedAt),
            ])
    }

    /// The one place where a resource can be.
    public func find(_ resource: ResourceID, in project: ProjectID) throws -> VaultResourceRecord? {
        try transaction.query(
            "SELECT * FROM vault_resources WHERE project_id = ? AND resource_id = ?",
            [SQLValue(project), SQLValue(resource)]
        ).first.map(VaultResourceRecord.init)
    }

    public func count(in vault: VaultID) throws -> Int {
        try transaction.query("SELECT COUNT(*) AS n FROM vault_resources WHERE vault_id = ?", [SQLValue(vault)])
            .first?.int("n") ?? 0
    }

    /// In the order in which they were added.
    public func members(of vault: VaultID) throws -> [VaultMember] { try members(of: [vault])[vault] ?? [] }

    /// Of several vaults in one query, each in the order in which they were added. A vault without any is not in the answer.
    public func members(of vaults: [VaultID]) throws -> [VaultID: [VaultMember]] {
        let wanted = PaddedList(vaults.map { SQLValue($0) })
        let rows = try transaction.query(
            """
            SELECT m.vault_id, m.resource_id, m.is_suspended, m.is_removing, m.exclude_volumes, m.include_volumes,
                m.added_at, r.*,
                (SELECT COUNT(*) FROM backups b WHERE b.project_id = m.project_id AND b.resource_id = m.resource_id
                    AND b.vault_id = m.vault_id AND b.state = 'available') AS backup_count,
                (SELECT COALESCE(SUM(b.stored_bytes), 0) FROM backups b WHERE b.project_id = m.project_id
                    AND b.resource_id = m.resource_id AND b.vault_id = m.vault_id) AS backup_bytes,
                (SELECT COUNT(*) FROM backups b WHERE b.project_id = m.project_id
                    AND b.resource_id = m.resource_id AND b.state = 'protecting') AS protecting,
                (SELECT COUNT(*) FROM operations o WHERE o.state IN ('queued', 'running') AND o.kind = 'restore'
                    AND o.project_id = m.project_id AND o.resource_id = m.resource_id) AS restoring,
                (SELECT b.state FROM backups b WHERE b.project_id = m.project_id AND b.resource_id = m.resource_id
                    AND b.vault_id = m.vault_id ORDER BY b.created_at DESC, b.id DESC LIMIT 1) AS last_state
            FROM vault_resources m
            JOIN resources r ON r.project_id = m.project_id AND r.id = m.resource_id
            WHERE m.vault_id IN \(wanted.sql)
            ORDER BY m.vault_id, m.added_at, m.resource_id
            """, wanted.arguments)
        var members: [VaultID: [VaultMember]] = [:]
        for row in rows { members[try row.id("vault_id"), default: []].append(try VaultMember(row)) }
        return members
    }

    public func update(_ record: VaultResourceRecord) throws {
        try transaction.execute(
            """
            UPDATE vault_resources SET is_suspended = ?, is_removing = ?, exclude_volumes = ?, include_volumes = ?
            WHERE project_id = ? AND resource_id = ?
            """,
            [
                SQLValue(record.isSuspended), SQLValue(record.isRemoving), try JSONText.encode(record.excludedVolumes),
                try JSONText.encode(record.includedVolumes), SQLValue(record.project), SQLValue(record.resource),
            ])
    }

    public func move(_ resource: ResourceID, in project: ProjectID, to vault: VaultID) throws {
        try transaction.execute(
            "UPDATE vault_resources SET vault_id = ? WHERE project_id = ? AND resource_id = ?",
            [SQLValue(vault), SQLValue(project), SQLValue(resource)])
    }

    public func delete(_ resource: ResourceID, in project: ProjectID) throws {
        try transaction.execute(
            "DELETE FROM vault_resources WHERE project_id = ? AND resource_id = ?",
            [SQLValue(project), SQLValue(resource)])
    }
}

extension SQLTransaction {
    public var vaultResources: VaultResourceTable { VaultResourceTable(transaction: self) }
}

extension VaultMember {
    fileprivate init(_ row: SQLRow) throws {
        self.init(
            membership: try VaultResourceRecord(row), resource: try ResourceRecord(row),
            backupCount: try row.int("backup_count"), backupBytes: try row.int64("backup_bytes"),
            isProtecting: try row.int("protecting") > 0, isRestoring: try row.int("restoring") > 0,
            lastFailed: try row.optionalText("last_state") == BackupState.error.rawValue)
    }
}

extension VaultResourceRecord {
    init(_ row: SQLRow) throws {
        self.init(
            project: try row.id("project_id"), vault: try row.id("vault_id"), resource: try row.id("resource_id"),
            isSuspended: try row.bool("is_suspended"), isRemoving: try row.bool("is_removing"),
            excludedVolumes: try row.json("exclude_volumes"), includedVolumes: try row.json("include_volumes"),
            addedAt: try row.instant("added_at"))
    }
}
