public import HoldfastCore

public struct AgentFilter: Sendable {
    public var ids: [AgentID]?
    public var isUninstalled: Bool?
    /// Only those that have said something since.
    public var reportedSince: Instant?
    /// Only those that have said nothing since.
    public var silentSince: Instant?

    public init() {}
}

public struct AgentTable {
    let transaction: any SQLTransaction

    public func insert(_ record: AgentRecord) throws {
        try transaction.execute(
            """
            INSERT INTO agents (host_name, host_address, host_system, nickname, kind, release_text, is_uninstalled,
                reported_at, updated_at, created_at, project_id, id)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            record.changeable + [SQLValue(record.createdAt), SQLValue(record.project), SQLValue(record.id)])
    }

    public func update(_ record: AgentRecord) throws {
        try transaction.execute(
            """
            UPDATE agents SET host_name = ?, host_address = ?, host_system = ?, nickname = ?, kind = ?,
                release_text = ?, is_uninstalled = ?, reported_at = ?, updated_at = ?
            WHERE project_id = ? AND id = ?
            """, record.changeable + [SQLValue(record.project), SQLValue(record.id)])
    }

    public func find(_ id: AgentID, in project: ProjectID) throws -> AgentRecord? {
        try transaction.query(
            "SELECT * FROM agents WHERE project_id = ? AND id = ?", [SQLValue(project), SQLValue(id)]
        ).first.map(AgentRecord.init)
    }

    /// The agent of a host; the one that spoke last, where several have the name.
    public func find(host name: String, in project: ProjectID) throws -> AgentRecord? {
        try transaction.query(
            "SELECT * FROM agents WHERE project_id = ? AND host_name = ? ORDER BY reported_at DESC, id LIMIT 1",
            [SQLValue(project), .text(name)]
        ).first.map(AgentRecord.init)
    }

    public func list(in project: ProjectID, _ filter: AgentFilter, _ page: Page<AgentID>) throws
        -> Listing<AgentRecord>
    {
        var conditions = Conditions()
        conditions.add("t.project_id = ?", SQLValue(project))
        conditions.add("t.id", in: filter.ids?.map { SQLValue($0) })
        if let flag = filter.isUninstalled { conditions.add("t.is_uninstalled = ?", SQLValue(flag)) }
        if let instant = filter.reportedSince { conditions.add("t.reported_at >= ?", SQLValue(instant)) }
        if let instant = filter.silentSince { conditions.add("t.reported_at < ?", SQLValue(instant)) }
        return try transaction.list(
            "t.*", from: "agents t", where: conditions, page: page, marker: { SQLValue($0) }, row: AgentRecord.init)
    }

    /// Forgets an agent and its paths.
    public func delete(_ id: AgentID, in project: ProjectID) throws {
        let key = [SQLValue(project), SQLValue(id)]
        try transaction.execute("DELETE FROM agent_paths WHERE project_id = ? AND agent_id = ?", key)
        try transaction.execute("DELETE FROM agents WHERE project_id = ? AND id = ?", key)
    }

    /// In the order in which they were added.
    public func paths(of agent: AgentID, in project: ProjectID) throws -> [AgentPath] {
        try transaction.query(
            "SELECT * FROM agent_paths WHERE project_id = ? AND agent_id = ? ORDER BY position, place",
            [SQLValue(project), SQLValue(agent)]
        ).map { row in
            AgentPath(id: try row.text("id"), place: try row.text("place"), excluded: try row.json("excluded"))
        }
    }

    public func insert(_ path: AgentPath, position: Int, of agent: AgentID, in project: ProjectID) throws {
        try transaction.execute(
            """
            INSERT INTO agent_paths (project_id, agent_id, id, place, excluded, position) VALUES (?, ?, ?, ?, ?, ?)
            """,
            [
                SQLValue(project), SQLValue(agent), .text(path.id), .text(path.place), JSONText.encode(path.excluded),
                SQLValue(position),
            ])
    }

    public func setExcluded(_ excluded: [String], of place: String, agent: AgentID, in project: ProjectID) throws {
        try transaction.execute(
            "UPDATE agent_paths SET excluded = ? WHERE project_id = ? AND agent_id = ? AND place = ?",
            [JSONText.encode(excluded), SQLValue(project), SQLValue(agent), .text(place)])
    }

    /// - Returns: false when there was no such path.
    public func deletePath(_ place: String, of agent: AgentID, in project: ProjectID) throws -> Bool {
        try transaction.execute(
            "DELETE FROM agent_paths WHERE project_id = ? AND agent_id = ? AND place = ?",
            [SQLValue(project), SQLValue(agent), .text(place)]) > 0
    }
}

extension SQLTransaction {
    public var agents: AgentTable { AgentTable(transaction: self) }
}

extension AgentRecord {
    fileprivate var changeable: [SQLValue] {
        [
            .text(hostName), .text(hostAddress), .text(hostSystem), SQLValue(nickname), SQLValue(kind),
            SQLValue(version), SQLValue(isUninstalled), SQLValue(reportedAt), SQLValue(updatedAt),
        ]
    }

    init(_ row: SQLRow) throws {
        self.init(
            project: try row.id("project_id"), id: try row.id("id"), hostName: try row.text("host_name"),
            hostAddress: try row.text("host_address"), hostSystem: try row.text("host_system"),
            nickname: try row.optionalText("nickname"), kind: try row.optionalText("kind"),
            version: try row.optionalText("release_text"), isUninstalled: try row.bool("is_uninstalled"),
            reportedAt: try row.instant("reported_at"), createdAt: try row.instant("created_at"),
            updatedAt: try row.instant("updated_at"))
    }
}
