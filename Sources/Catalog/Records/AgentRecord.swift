public import HoldfastCore

/// A program on a host that backs up its files, as it last described itself.
public struct AgentRecord: Sendable, Equatable {
    public let project: ProjectID
    /// Unique within the project.
    public let id: AgentID
    public var hostName: String
    public var hostAddress: String
    public var hostSystem: String
    public var nickname: String?
    public var kind: String?
    /// `1.2.3`; nil when the agent did not say.
    public var version: String?
    /// It said that it goes away. It comes back by registering again.
    public var isUninstalled: Bool
    /// When it last said anything.
    public var reportedAt: Instant
    public let createdAt: Instant
    public var updatedAt: Instant

    public init(
        project: ProjectID, id: AgentID, hostName: String, hostAddress: String, hostSystem: String, nickname: String?,
        kind: String?, version: String?, isUninstalled: Bool, reportedAt: Instant, createdAt: Instant,
        updatedAt: Instant
    ) {
        self.project = project
        self.id = id
        self.hostName = hostName
        self.hostAddress = hostAddress
        self.hostSystem = hostSystem
        self.nickname = nickname
        self.kind = kind
        self.version = version
        self.isUninstalled = isUninstalled
        self.reportedAt = reportedAt
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

/// One place of a host that its agent backs up.
public struct AgentPath: Sendable, Equatable {
    public let id: String
    /// As it was given; unique within the agent.
    public let place: String
    /// Places and names below it that are left out.
    public var excluded: [String]

    public init(id: String, place: String, excluded: [String]) {
        self.id = id
        self.place = place
        self.excluded = excluded
    }
}
