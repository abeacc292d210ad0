public import Catalog
public import HoldfastCore

public struct OrganizationPolicyDraft: Sendable {
    public var name: String
    public var description: String?
    public var scope: String?
    /// What the projects get.
    public var policy: PolicyDraft

    public init(name: String, description: String? = nil, scope: String? = nil, policy: PolicyDraft) {
        self.name = name
        self.description = description
        self.scope = scope
        self.policy = policy
    }
}

/// What to change of an organization policy; nil leaves a part as it is.
public struct OrganizationPolicyChange: Sendable {
    public var name: String?
    public var description: String?
    public var scope: String?
    public var policy = PolicyChange()

    public init() {}
}

/// An organization policy, and whether all projects that it is for have it.
public struct OrganizationPolicyView: Sendable, Equatable {
    public let record: OrganizationPolicyRecord
    public let domain: DomainRecord
    public let isEverywhere: Bool
}

/// How far each project is.
public struct OrganizationRollout: Sendable, Equatable {
    public let domain: DomainID
    public let rows: [PolicyRollout]
    public let count: Int
}
