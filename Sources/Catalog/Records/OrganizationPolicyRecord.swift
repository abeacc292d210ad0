public import HoldfastCore

public enum OrganizationPolicySubject {}
public typealias OrganizationPolicyID = Identifier<OrganizationPolicySubject>

/// A policy that a domain gives to its projects: each has a copy, which only the domain changes.
public struct OrganizationPolicyRecord: Sendable, Equatable {
    public let id: OrganizationPolicyID
    public let domain: DomainID
    public var name: String
    public var description: String?
    /// Which projects have it, as it was given.
    public var scope: String?
    public let kind: PolicyKind
    /// What the projects' copies are called.
    public var policyName: String
    public var isEnabled: Bool
    public var definition: PolicyDefinition
    public var timing: PolicyTiming
    /// Grows with every change.
    public var version: Int64
    public let createdAt: Instant
    public var updatedAt: Instant

    public init(
        id: OrganizationPolicyID, domain: DomainID, name: String, description: String?, scope: String?,
        kind: PolicyKind, policyName: String, isEnabled: Bool, definition: PolicyDefinition, timing: PolicyTiming,
        version: Int64, createdAt: Instant, updatedAt: Instant
    ) {
        self.id = id
        self.domain = domain
        self.name = name
        self.description = description
        self.scope = scope
        self.kind = kind
        self.policyName = policyName
        self.isEnabled = isEnabled
        self.definition = definition
        self.timing = timing
        self.version = version
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

/// How far one project is with a policy of its domain.
public struct PolicyRollout: Sendable, Equatable {
    public enum Status: String, Sendable, CaseIterable {
        case success, failed
    }

    public let organizationPolicy: OrganizationPolicyID
    public let project: ProjectID
    /// The project's copy; nil where there is none.
    public var policy: PolicyID?
    /// Which version of the domain's policy was tried last.
    public var version: Int64
    public var status: Status
    /// Why it failed.
    public var reason: String?

    public init(
        organizationPolicy: OrganizationPolicyID, project: ProjectID, policy: PolicyID?, version: Int64,
        status: Status, reason: String?
    ) {
        self.organizationPolicy = organizationPolicy
        self.project = project
        self.policy = policy
        self.version = version
        self.status = status
        self.reason = reason
    }
}
