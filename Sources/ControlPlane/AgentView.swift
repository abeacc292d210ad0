public import Catalog
public import HoldfastCore

/// How an agent describes itself.
public struct AgentReport: Sendable {
    public var id: AgentID
    public var hostName: String
    public var hostAddress: String
    public var hostSystem: String
    public var nickname: String?
    public var kind: String?
    public var version: String?

    public init(
        id: AgentID, hostName: String, hostAddress: String, hostSystem: String, nickname: String? = nil,
        kind: String? = nil, version: String? = nil
    ) {
        self.id = id
        self.hostName = hostName
        self.hostAddress = hostAddress
        self.hostSystem = hostSystem
        self.nickname = nickname
        self.kind = kind
        self.version = version
    }
}

/// Whether an agent can be counted on, judged by when it last spoke.
public enum AgentStatus: Sendable, CaseIterable {
    /// It spoke within ``patience``.
    case online
    case offline
    /// It said that it goes away.
    case uninstalled

    /// Agents report every minute; three reports may be lost on the way.
    public static let patience = Duration.seconds(200)

    /// The instant before which an agent's last word is too old.
    static func horizon(_ now: Instant) -> Instant { now.adding(.zero - patience) }
}

/// An agent, its paths, and its status at one moment.
public struct AgentView: Sendable, Equatable {
    public let record: AgentRecord
    public let paths: [AgentPath]
    public let status: AgentStatus

    init(_ record: AgentRecord, paths: [AgentPath], now: Instant) {
        self.record = record
        self.paths = paths
        status =
            record.isUninstalled
            ? .uninstalled : record.reportedAt >= AgentStatus.horizon(now) ? .online : .offline
    }
}

/// A question whether a resource has an agent.
public struct AgentQuestion: Sendable {
    public var resource: ResourceID
    /// Where the inventory does not know the resource.
    public var name: String?

    public init(resource: ResourceID, name: String? = nil) {
        self.resource = resource
        self.name = name
    }
}

/// What is known of a resource's agent.
public enum AgentFinding: Sendable, Equatable {
    case installed(version: String?)
    case uninstalled(version: String?)
    /// No agent with the resource's id or host name has ever reported.
    case none
    /// The inventory has no such resource, and no agent has its id or the given name.
    case unknownResource
}
