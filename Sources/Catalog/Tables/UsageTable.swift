public import HoldfastCore

/// What the backups of one resource take.
public struct ResourceUsage: Sendable, Equatable {
    public let resource: ResourceID
    public let name: String
    public let type: ResourceType
    /// Available ones.
    public let backupCount: Int
    /// What its backups added to the repository.
    public let storedBytes: Int64
}

public struct StorageUsageFilter: Sendable {
    public var resource: ResourceID?
    public var type: ResourceType?

    public init(resource: ResourceID? = nil, type: ResourceType? = nil) {
        self.resource = resource
        self.type = type
    }
}

/// How exactly a vault's use is known.
public struct VaultUsage: Sendable, Equatable {
    /// Grows with every change of the vault's backups.
    public let changes: Int64
    /// The change up to which the use was counted in the repository.
    public let counted: Int64
    public let isAlerting: Bool
}

/// What vaults use.
///
/// What the repository counted last, and what the backups since then added: exact as soon as the counting has caught
/// up. A vault that was never counted uses the sum of what its backups added.
public struct UsageTable {
    let transaction: any SQLTransaction

    /// Of the row `v`, which is a vault's.
    static let used = """
        CAST(COALESCE((SELECT u.needed_bytes FROM vault_usage u WHERE u.vault_id = v.id), 0)
            + COALESCE((SELECT SUM(b.stored_bytes) FROM backups b WHERE b.vault_id = v.id
                AND b.change_number > COALESCE((SELECT u.counted FROM vault_usage u WHERE u.vault_id = v.id), 0)), 0)
            + COALESCE((SELECT SUM(b.stored_bytes) FROM backups b WHERE b.vault_id = v.id AND b.change_number IS NULL
                AND 1 > COALESCE((SELECT u.counted FROM vault_usage u WHERE u.vault_id = v.id), 0)), 0) AS BIGINT)
        """

    public func usedBytes(of vault: VaultID) throws -> Int64 { try usedBytes(of: [vault])[vault] ?? 0 }

    /// Of several vaults in one query.
    public func usedBytes(of vaults: [VaultID]) throws -> [VaultID: Int64] {
        let wanted = PaddedList(vaults.map { SQLValue($0) })
        let rows = try transaction.query(
            "SELECT v.id, \(Self.used) AS n FROM vaults v WHERE v.id IN \(wanted.sql)", wanted.arguments)
        return Dictionary(
            try rows.map { (try $0.id("id"), try $0.int64("n")) }, uniquingKeysWith: { first, _ in first })
    }

    /// Of all vaults of a project.
    public func usedBytes(in project: ProjectID) throws -> Int64 {
        try transaction.query(
            "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) AS n FROM (SELECT \(Self.used) AS n FROM vaults v WHERE v.project_id = ?) x",
            [SQLValue(project)]
        ).first?.int64("n") ?? 0
    }

    public func find(_ vault: VaultID) throws -> VaultUsage? {
        try transaction.query("SELECT * FROM vault_usage WHERE vault_id = ?", [SQLValue(vault)]).first.map { row in
            VaultUsage(
                changes: try row.int64("changes"), counted: try row.int64("counted"),
                isAlerting: try row.bool("is_alerting"))
        }
    }

    /// Notes that the backups of a vault are others than when they were last counted.
    ///
    /// - Returns: the number of the change.
    @discardableResult
    public func noteChange(of vault: VaultID, in project: ProjectID) throws -> Int64 {
        try transaction.execute(
            """
            INSERT INTO vault_usage (vault_id, project_id, changes, counted, needed_bytes, is_alerting)
            VALUES (?, ?, 1, 0, 0, 0)
            ON CONFLICT (vault_id) DO UPDATE SET changes = vault_usage.changes + 1
            """, [SQLValue(vault), SQLValue(project)])
        return try find(vault)?.changes ?? 1
    }

    /// Says since which change a backup is in its vault.
    public func setChange(_ number: Int64, of backup: BackupID) throws {
        try transaction.execute(
            "UPDATE backups SET change_number = ? WHERE id = ?", [SQLValue(number), SQLValue(backup)])
    }

    /// Vaults whose backups changed since they were counted, those that wait longest first.
    public func stale(limit: Int) throws -> [(vault: VaultID, project: ProjectID, changes: Int64)] {
        try transaction.query(
            """
            SELECT vault_id, project_id, changes FROM vault_usage WHERE changes > counted
            ORDER BY COALESCE(counted_at, 0), vault_id LIMIT ?
            """, [SQLValue(limit)]
        ).map { row in (try row.id("vault_id"), try row.id("project_id"), try row.int64("changes")) }
    }

    /// Vaults with backups that were made before there was counting count as changed.
    public func noteUncounted() throws {
        try transaction.execute(
            """
            INSERT INTO vault_usage (vault_id, project_id, changes, counted, needed_bytes, is_alerting)
            SELECT v.id, v.project_id, 1, 0, 0, 0 FROM vaults v
            WHERE EXISTS (SELECT 1 FROM backups b WHERE b.vault_id = v.id)
                AND NOT EXISTS (SELECT 1 FROM vault_usage u WHERE u.vault_id = v.id)
            """)
    }

    /// Stores what the repository counted.
    ///
    /// - Parameter change: the vault's last change when its backups were read: later ones are not in the count.
    public func setNeeded(_ bytes: Int64, of vault: VaultID, upTo change: Int64, now: Instant) throws {
        try transaction.execute(
            "UPDATE vault_usage SET needed_bytes = ?, counted = ?, counted_at = ? WHERE vault_id = ? AND counted < ?",
            [SQLValue(bytes), SQLValue(change), SQLValue(now), SQLValue(vault), SQLValue(change)])
    }

    public func setAlerting(_ isAlerting: Bool, vault: VaultID) throws {
        try transaction.execute(
            "UPDATE vault_usage SET is_alerting = ? WHERE vault_id = ?", [SQLValue(isAlerting), SQLValue(vault)])
    }

    public func byResource(
        in project: ProjectID, _ filter: StorageUsageFilter, limit: Int, offset: Int
    ) throws -> Listing<ResourceUsage> {
        var conditions = Conditions()
        conditions.add("b.project_id = ?", SQLValue(project))
        if let resource = filter.resource { conditions.add("b.resource_id = ?", SQLValue(resource)) }
        if let type = filter.type { conditions.add("b.resource_type = ?", .text(type.rawValue)) }
        let count =
            try transaction.query(
                "SELECT COUNT(DISTINCT b.resource_id) AS n FROM backups b \(conditions.sql)", conditions.arguments
            ).first?.int("n") ?? 0
        let rows = try transaction.query(
            """
            SELECT b.resource_id, COALESCE(MAX(r.name), MAX(b.resource_name)) AS name, MAX(b.resource_type) AS type,
                CAST(SUM(CASE WHEN b.state = 'available' THEN 1 ELSE 0 END) AS BIGINT) AS backup_count,
                CAST(SUM(b.stored_bytes) AS BIGINT) AS stored_bytes
            FROM backups b LEFT JOIN resources r ON r.project_id = b.project_id AND r.id = b.resource_id
            \(conditions.sql) GROUP BY b.resource_id ORDER BY b.resource_id LIMIT ? OFFSET ?
            """, conditions.arguments + [SQLValue(limit), SQLValue(offset)])
        return Listing(
            rows: try rows.map { row in
                ResourceUsage(
                    resource: try row.id("resource_id"), name: try row.text("name"), type: try row.choice("type"),
                    backupCount: try row.int("backup_count"), storedBytes: try row.int64("stored_bytes"))
            }, count: count)
    }
}

extension SQLTransaction {
    public var usage: UsageTable { UsageTable(transaction: self) }
}
