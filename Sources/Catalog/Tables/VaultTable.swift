public import HoldfastCore

public struct VaultFilter: Sendable {
    public var ids: [VaultID]?
    public var name: String?
    public var objectType: VaultObjectType?
    public var protectType: VaultProtectType?
    public var states: [VaultState]?
    /// Vaults that hold one of these.
    public var resources: [ResourceID]?

    public init() {}
}

public struct VaultTable {
    let transaction: any SQLTransaction

    public func insert(_ record: VaultRecord) throws {
        try transaction.execute(
            """
            INSERT INTO vaults (id, project_id, user_id, name, description, state, object_type, protect_type,
                consistent_level, size_gib, settings, version, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                SQLValue(record.id), SQLValue(record.project), SQLValue(record.user), .text(record.name),
                SQLValue(record.description), .text(record.state.rawValue), .text(record.objectType.rawValue),
                .text(record.protectType.rawValue), .text(record.consistentLevel.rawValue), SQLValue(record.sizeGiB),
                try JSONText.encode(record.settings), SQLValue(record.version), SQLValue(record.createdAt),
                SQLValue(record.updatedAt),
            ])
    }

    public func find(_ id: VaultID, in project: ProjectID) throws -> VaultRecord? {
        try transaction.query(
            "SELECT * FROM vaults WHERE project_id = ? AND id = ?", [SQLValue(project), SQLValue(id)]
        ).first.map(VaultRecord.init)
    }

    public func list(in project: ProjectID, _ filter: VaultFilter, _ page: Page<VaultID>) throws
        -> Listing<VaultRecord>
    {
        var conditions = Conditions()
        conditions.add("t.project_id = ?", SQLValue(project))
        conditions.add("t.id", in: filter.ids?.map { SQLValue($0) })
        if let name = filter.name { conditions.add("t.name = ?", .text(name)) }
        if let type = filter.objectType { conditions.add("t.object_type = ?", .text(type.rawValue)) }
        if let type = filter.protectType { conditions.add("t.protect_type = ?", .text(type.rawValue)) }
        conditions.add("t.state", in: filter.states?.map { .text($0.rawValue) })
        if let resources = filter.resources {
            var inner = Conditions()
            inner.add("r.resource_id", in: resources.map { SQLValue($0) })
            conditions.add(
                "EXISTS (SELECT 1 FROM vault_resources r \(inner.sql) AND r.vault_id = t.id)", all: inner.arguments)
        }
        return try transaction.list(
            "t.*", from: "vaults t", where: conditions, page: page, marker: { SQLValue($0) },
            row: VaultRecord.init)
    }

    /// Stores what may change. The caller raises `version`.
    public func update(_ record: VaultRecord) throws {
        try transaction.execute(
            """
            UPDATE vaults SET name = ?, description = ?, state = ?, consistent_level = ?, size_gib = ?, settings = ?,
                version = ?, updated_at = ?
            WHERE project_id = ? AND id = ?
            """,
            [
                .text(record.name), SQLValue(record.description), .text(record.state.rawValue),
                .text(record.consistentLevel.rawValue), SQLValue(record.sizeGiB), try JSONText.encode(record.settings),
                SQLValue(record.version), SQLValue(record.updatedAt), SQLValue(record.project), SQLValue(record.id),
            ])
    }

    public func setState(_ state: VaultState, of id: VaultID, now: Instant) throws {
        try transaction.execute(
            "UPDATE vaults SET state = ?, version = version + 1, updated_at = ? WHERE id = ?",
            [.text(state.rawValue), SQLValue(now), SQLValue(id)])
    }

    /// Removes a vault that has no backups left, and what hangs on it.
    public func delete(_ id: VaultID) throws {
        try transaction.execute("DELETE FROM vault_resources WHERE vault_id = ?", [SQLValue(id)])
        try transaction.execute("DELETE FROM checkpoints WHERE vault_id = ?", [SQLValue(id)])
        try transaction.execute("DELETE FROM vaults WHERE id = ?", [SQLValue(id)])
    }

    /// Bytes that the vault's backups added to the repository.
    public func usedBytes(_ id: VaultID) throws -> Int64 {
        try transaction.query(
            "SELECT COALESCE(SUM(stored_bytes), 0) AS n FROM backups WHERE vault_id = ?", [SQLValue(id)]
        ).first?.int64("n") ?? 0
    }
}

extension SQLTransaction {
    public var vaults: VaultTable { VaultTable(transaction: self) }
}

extension VaultRecord {
    init(_ row: SQLRow) throws {
        self.init(
            id: try row.id("id"), project: try row.id("project_id"), user: try row.optionalID("user_id"),
            name: try row.text("name"), description: try row.optionalText("description"),
            state: try row.choice("state"), objectType: try row.choice("object_type"),
            protectType: try row.choice("protect_type"), consistentLevel: try row.choice("consistent_level"),
            sizeGiB: try row.int64("size_gib"), settings: try row.json("settings"), version: try row.int64("version"),
            createdAt: try row.instant("created_at"), updatedAt: try row.instant("updated_at"))
    }
}
