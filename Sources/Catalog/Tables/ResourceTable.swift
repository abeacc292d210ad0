public import HoldfastCore

public struct ResourceFilter: Sendable {
    public var type: ResourceType?
    public var name: String?
    public var ids: [ResourceID]?

    public init(type: ResourceType? = nil, name: String? = nil, ids: [ResourceID]? = nil) {
        self.type = type
        self.name = name
        self.ids = ids
    }
}

public struct ResourceTable {
    let transaction: any SQLTransaction

    public func insert(_ record: ResourceRecord) throws {
        try transaction.execute(
            """
            INSERT INTO resources (project_id, id, type, name, location, size_bytes, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                SQLValue(record.project), SQLValue(record.id), .text(record.type.rawValue), .text(record.name),
                .text(record.location), SQLValue(record.sizeBytes), SQLValue(record.createdAt),
                SQLValue(record.updatedAt),
            ])
    }

    public func find(_ id: ResourceID, in project: ProjectID) throws -> ResourceRecord? {
        try transaction.query(
            "SELECT * FROM resources WHERE project_id = ? AND id = ?", [SQLValue(project), SQLValue(id)]
        ).first.map(ResourceRecord.init)
    }

    public func list(in project: ProjectID, _ filter: ResourceFilter, _ page: Page<ResourceID>) throws
        -> Listing<ResourceRecord>
    {
        var conditions = Conditions()
        conditions.add("t.project_id = ?", SQLValue(project))
        if let type = filter.type { conditions.add("t.type = ?", .text(type.rawValue)) }
        if let name = filter.name { conditions.add("t.name = ?", .text(name)) }
        conditions.add("t.id", in: filter.ids?.map { SQLValue($0) })
        return try transaction.list(
            "t.*", from: "resources t", where: conditions, page: page, marker: { SQLValue($0) },
            row: ResourceRecord.init)
    }

    public func setSize(_ sizeBytes: Int64?, of id: ResourceID, in project: ProjectID, now: Instant) throws {
        try transaction.execute(
            "UPDATE resources SET size_bytes = ?, updated_at = ? WHERE project_id = ? AND id = ?",
            [SQLValue(sizeBytes), SQLValue(now), SQLValue(project), SQLValue(id)])
    }

    public func rename(_ id: ResourceID, in project: ProjectID, to name: String, now: Instant) throws {
        try transaction.execute(
            "UPDATE resources SET name = ?, updated_at = ? WHERE project_id = ? AND id = ?",
            [.text(name), SQLValue(now), SQLValue(project), SQLValue(id)])
    }

    /// Those that no vault holds, oldest first.
    public func inNoVault(of project: ProjectID) throws -> [ResourceRecord] {
        try transaction.query(
            """
            SELECT r.* FROM resources r WHERE r.project_id = ? AND NOT EXISTS (
                SELECT 1 FROM vault_resources m WHERE m.project_id = r.project_id AND m.resource_id = r.id)
            ORDER BY r.created_at, r.id
            """, [SQLValue(project)]
        ).map(ResourceRecord.init)
    }

    public func delete(_ id: ResourceID, in project: ProjectID) throws {
        try transaction.execute(
            "DELETE FROM resources WHERE project_id = ? AND id = ?", [SQLValue(project), SQLValue(id)])
    }
}

extension SQLTransaction {
    public var resources: ResourceTable { ResourceTable(transaction: self) }
}

extension ResourceRecord {
    init(_ row: SQLRow) throws {
        self.init(
            project: try row.id("project_id"), id: try row.id("id"), type: try row.choice("type"),
            name: try row.text("name"), location: try row.text("location"),
            sizeBytes: try row.optionalInt64("size_bytes"), createdAt: try row.instant("created_at"),
            updatedAt: try row.instant("updated_at"))
    }
}
