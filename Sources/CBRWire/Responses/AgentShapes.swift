/// An agent as the interface shows it.
public struct AgentShape: Encodable, Sendable {
    public struct Path: Encodable, Sendable {
        public let agentId: String
        public let dirPath: String
        /// A JSON list as text; empty without exclusions.
        public let excludePaths: String
        public let id: String
        public let status: String = "available"

        public init(agentID: String, id: String, place: String, excluded: String) {
            agentId = agentID
            self.id = id
            dirPath = place
            excludePaths = excluded
        }
    }

    public var agentId = ""
    public var agentType = ""
    public var agentVersion = ""
    public var createdAt = ""
    public var hostIp = ""
    public var hostName = ""
    public var hostNickname = Nullable<String>()
    public var hostOs = ""
    public var lastActiveTime = ""
    public var paths: [Path] = []
    public var status = ""
    public var updatedAt = ""

    public init() {}
}

public struct AgentBody: Encodable, Sendable {
    public let agent: AgentShape
    public init(agent: AgentShape) { self.agent = agent }
}

public struct AgentListBody: Encodable, Sendable {
    public let agents: [AgentShape]
    public let count: Int
    public let limit: Int
    public let offset: Int

    public init(agents: [AgentShape], count: Int, limit: Int, offset: Int) {
        self.agents = agents
        self.count = count
        self.limit = limit
        self.offset = offset
    }
}

public struct AddedPathsBody: Encodable, Sendable {
    public let added: [String]
    public let existed: [String]

    public init(added: [String], existed: [String]) {
        self.added = added
        self.existed = existed
    }
}

public struct RemovedPathsBody: Encodable, Sendable {
    public let removed: [String]
    public let notExisted: [String]

    public init(removed: [String], notExisted: [String]) {
        self.removed = removed
        self.notExisted = notExisted
    }
}

/// Whether a resource has an agent.
public struct AgentFindingShape: Encodable, Sendable {
    /// The number of a code of the interface; null when there is nothing to say.
    public var code = Nullable<Int>()
    public var installed = false
    /// Null when the agent's version is not known.
    public var isOld = Nullable<Bool>()
    public var message = Nullable<String>()
    public var resourceId = ""
    public var version = Nullable<String>()

    public init() {}
}

public struct AgentFindingsBody: Encodable, Sendable {
    public let agentStatus: [AgentFindingShape]
    public init(agentStatus: [AgentFindingShape]) { self.agentStatus = agentStatus }
}
