public import Catalog
public import HoldfastCore

extension ControlPlane {
    /// Makes an agent known, or takes over what a known one says of itself now. Each call is a sign of life.
    public func reportAgent(_ report: AgentReport, by caller: Caller) async throws -> AgentView {
        try caller.mustWrite()
        try Self.check(report.id)
        let now = now
        return try await write { transaction in
            guard var record = try transaction.agents.find(report.id, in: caller.project) else {
                let record = AgentRecord(
                    project: caller.project, id: report.id, hostName: report.hostName,
                    hostAddress: report.hostAddress, hostSystem: report.hostSystem, nickname: report.nickname,
                    kind: report.kind, version: report.version, isUninstalled: false, reportedAt: now,
                    createdAt: now, updatedAt: now)
                try transaction.agents.insert(record)
                return AgentView(record, paths: [], now: now)
            }
            record.hostName = report.hostName
            record.hostAddress = report.hostAddress
            record.hostSystem = report.hostSystem
            // What an agent leaves out this time is as it was.
            record.nickname = report.nickname ?? record.nickname
            record.kind = report.kind ?? record.kind
            record.version = report.version ?? record.version
            record.isUninstalled = false
            record.reportedAt = now
            record.updatedAt = now
            try transaction.agents.update(record)
            return try transaction.view(record, now: now)
        }
    }

    public func listAgents(
        ids: [AgentID]? = nil, status: AgentStatus? = nil, page: Page<AgentID> = Page(), by caller: Caller
    ) async throws -> Listing<AgentView> {
        let now = now
        var filter = AgentFilter()
        filter.ids = ids
        filter.isUninstalled = status.map { $0 == .uninstalled }
        if status == .online { filter.reportedSince = AgentStatus.horizon(now) }
        if status == .offline { filter.silentSince = AgentStatus.horizon(now) }
        let chosen = filter
        return try await read { transaction in
            let found = try transaction.agents.list(in: caller.project, chosen, page)
            return Listing(rows: try found.rows.map { try transaction.view($0, now: now) }, count: found.count)
        }
    }

    public func showAgent(_ id: AgentID, by caller: Caller) async throws -> AgentView {
        let now = now
        return try await read { try $0.view($0.agent(id, in: caller.project), now: now) }
    }

    /// Notes that an agent goes away. Its paths stay, for the case that it comes back.
    public func uninstallAgent(_ id: AgentID, by caller: Caller) async throws -> AgentView {
        try caller.mustWrite()
        try Self.check(id)
        let now = now
        return try await write { transaction in
            var record = try transaction.agent(id, in: caller.project)
            record.isUninstalled = true
            record.reportedAt = now
            record.updatedAt = now
            try transaction.agents.update(record)
            return try transaction.view(record, now: now)
        }
    }

    /// Forgets an agent and its paths. Backups stay.
    public func removeAgent(_ id: AgentID, by caller: Caller) async throws {
        try caller.mustWrite()
        try Self.check(id)
        try await write { transaction in
            try transaction.agents.delete(transaction.agent(id, in: caller.project).id, in: caller.project)
        }
    }

    /// Which resources have an agent: one with the resource's own id, or else the one on the host of its name.
    ///
    /// - Returns: one finding a question, in their order.
    public func checkAgents(_ questions: [AgentQuestion], by caller: Caller) async throws -> [AgentFinding] {
        try await read { transaction in
            try questions.map { question in
                let resource = try transaction.resources.find(question.resource, in: caller.project)
                var agent = try transaction.agents.find(AgentID(question.resource.text), in: caller.project)
                if agent == nil, let name = resource?.name ?? question.name {
                    agent = try transaction.agents.find(host: name, in: caller.project)
                }
                guard let agent else { return resource == nil ? .unknownResource : .none }
                return agent.isUninstalled ? .uninstalled(version: agent.version) : .installed(version: agent.version)
            }
        }
    }

    /// Agents make up their ids; they have to be UUIDs, so that two hosts don't choose the same.
    static func check(_ id: AgentID) throws {
        let groups = id.text.split(separator: "-", omittingEmptySubsequences: false)
        let isHex = groups.allSatisfy { $0.utf8.allSatisfy(Self.isHexDigit) }
        guard isHex, [[8, 4, 4, 4, 12], [32]].contains(groups.map(\.utf8.count)) else {
            throw ControlError(
                code: .badAgentID, message: "an agent's id has to be a UUID, and '\(id)' is none",
                facts: ["agent.id": id.text])
        }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}

extension SQLTransaction {
    func agent(_ id: AgentID, in project: ProjectID) throws -> AgentRecord {
        guard let agent = try agents.find(id, in: project) else {
            throw ControlError(
                code: .agentNotFound, message: "there is no agent \(id)", facts: ["agent.id": id.text])
        }
        return agent
    }

    func view(_ record: AgentRecord, now: Instant) throws -> AgentView {
        AgentView(record, paths: try agents.paths(of: record.id, in: record.project), now: now)
    }
}
