import CBRWire
import Catalog
import ControlPlane
import HTTPTypes
import HoldfastCore

/// Agents on hosts: they register and report, and are told which paths they look after.
struct AgentRoutes: Sendable {
    let control: ControlPlane

    var routes: [Route] {
        let all = "/v3/{project_id}/agents"
        let one = all + "/{agent_id}"
        return [
            .cbr("RegisterAgent", .post, all, handle: register),
            .cbr("ListAgent", .get, all, handle: list),
            .cbr("ShowAgent", .get, one, handle: show),
            .cbr("UpdateAgent", .put, one, handle: update),
            .cbr("UnregisterAgent", .delete, one, handle: unregister),
            .cbr("AddAgentPath", .post, one + "/add-path", handle: addPaths),
            .cbr("RemoveAgentPath", .post, one + "/remove-path", handle: removePaths),
            .cbr("CheckAgent", .post, "/v3/{project_id}/agent/check", handle: check),
        ]
    }

    @Sendable private func register(_ request: ServiceRequest) async throws -> Answer {
        let body = try RegisterAgentRequest(request.fields())
        let report = AgentReport(
            id: AgentID(body.id), hostName: body.hostName, hostAddress: body.hostIP, hostSystem: body.hostSystem,
            nickname: body.nickname, kind: body.type, version: body.version)
        let view = try await control.reportAgent(report, by: request.caller())
        return try .json(AgentBody(agent: AgentShape(view)))
    }

    @Sendable private func list(_ request: ServiceRequest) async throws -> Answer {
        let query = try ListQuery(request)
        var status: AgentStatus?
        if let text = query.text("status") {
            status = AgentStatus.allCases.first { $0.wireName == text }
            guard status != nil else {
                return try .json(AgentListBody(agents: [], count: 0, limit: query.limit, offset: query.offset))
            }
        }
        let found = try await control.listAgents(
            ids: query.ids("agent_id", of: AgentID.self), status: status, page: query.page(of: AgentID.self),
            by: request.caller())
        return try .json(
            AgentListBody(
                agents: found.rows.map { try AgentShape($0) }, count: found.count, limit: query.limit,
                offset: query.offset))
    }

    @Sendable private func show(_ request: ServiceRequest) async throws -> Answer {
        let view = try await control.showAgent(request.id("agent_id"), by: request.caller())
        return try .json(AgentBody(agent: AgentShape(view)))
    }

    @Sendable private func update(_ request: ServiceRequest) async throws -> Answer {
        _ = try UpdateAgentRequest(request.fields())
        let view = try await control.uninstallAgent(request.id("agent_id"), by: request.caller())
        return try .json(AgentBody(agent: AgentShape(view)))
    }

    @Sendable private func unregister(_ request: ServiceRequest) async throws -> Answer {
        try await control.removeAgent(request.id("agent_id"), by: request.caller())
        return .empty(.ok)
    }

    @Sendable private func addPaths(_ request: ServiceRequest) async throws -> Answer {
        let body = try AddAgentPathRequest(request.fields())
        let draft = AgentPathsDraft(
            places: body.paths, exclusions: body.exclusions.map { .init(place: $0.path, excluded: $0.excluded) })
        let (added, existed) = try await control.addPaths(
            draft, to: request.id("agent_id"), by: request.caller())
        return try .json(AddedPathsBody(added: added, existed: existed))
    }

    @Sendable private func removePaths(_ request: ServiceRequest) async throws -> Answer {
        let body = try RemoveAgentPathRequest(request.fields())
        let (removed, missing) = try await control.removePaths(
            body.paths, from: request.id("agent_id"), by: request.caller())
        return try .json(RemovedPathsBody(removed: removed, notExisted: missing))
    }

    @Sendable private func check(_ request: ServiceRequest) async throws -> Answer {
        let body = try CheckAgentRequest(request.fields())
        for question in body.questions where ResourceType(rawValue: question.type) == nil {
            throw Refusal.unknownResourceType(question.type, field: question.typeField)
        }
        let questions = body.questions.map { AgentQuestion(resource: ResourceID($0.resourceID), name: $0.name) }
        let findings = try await control.checkAgents(questions, by: request.caller())
        let shapes = zip(questions, findings).map { AgentFindingShape(of: $0.resource, $1) }
        return try .json(AgentFindingsBody(agentStatus: shapes))
    }
}

extension AgentStatus {
    var wireName: String {
        switch self {
        case .online: "online"
        case .offline: "offline"
        case .uninstalled: "uninstalled"
        }
    }
}

extension AgentShape {
    init(_ view: AgentView) throws {
        self.init()
        agentId = view.record.id.text
        agentType = view.record.kind ?? ""
        agentVersion = view.record.version ?? ""
        createdAt = WireTime.microseconds(view.record.createdAt.microseconds)
        hostIp = view.record.hostAddress
        hostName = view.record.hostName
        hostNickname.value = view.record.nickname
        hostOs = view.record.hostSystem
        lastActiveTime = WireTime.microseconds(view.record.reportedAt.microseconds)
        paths = try view.paths.map { path in
            let excluded = path.excluded.isEmpty ? [] : try WireJSON.encode(path.excluded)
            return Path(
                agentID: view.record.id.text, id: path.id, place: path.place,
                excluded: String(decoding: excluded, as: UTF8.self))
        }
        status = view.status.wireName
        updatedAt = WireTime.microseconds(view.record.updatedAt.microseconds)
    }
}

extension AgentFindingShape {
    init(of resource: ResourceID, _ finding: AgentFinding) {
        self.init()
        resourceId = resource.text
        switch finding {
        case .installed(let found):
            installed = true
            version.value = found
            isOld.value = found.map { Self.isOlder($0, than: Release.version) }
        case .uninstalled(let found):
            version.value = found
            code.value = 7410
            message.value = "the agent of this resource was uninstalled"
        case .none:
            code.value = 7410
            message.value = "no agent has registered with this resource's id or host name"
        case .unknownResource:
            code.value = 6302
            message.value = "there is no resource \(resource)"
        }
    }

    /// Compares the three numbers at the end of two versions.
    static func isOlder(_ version: String, than other: String) -> Bool {
        func numbers(_ text: String) -> [Int] { text.split { !$0.isNumber }.suffix(3).map { Int($0) ?? 0 } }
        return numbers(version).lexicographicallyPrecedes(numbers(other))
    }
}
