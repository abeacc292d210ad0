public struct OrganizationPolicyShape: Encodable, Sendable {
    /// As it was given: no id and no moment of its own.
    public struct Trigger: Encodable, Sendable {
        public struct Properties: Encodable, Sendable {
            public var pattern: [String] = []
            public var startWindowMinutes: Int?
            /// Our own: given only where there is one.
            public var holdfastTimeZone: String?

            public init() {}
        }

        public var properties = Properties()

        public init() {}
    }

    public var id = ""
    public var domainId = ""
    public var domainName = ""
    public var name = ""
    public var description = ""
    public var effectiveScope = ""
    public var operationType = ""
    public var policyName = ""
    public var policyEnabled = true
    public var policyOperationDefinition = PolicyDefinitionShape()
    public var policyTrigger = Trigger()
    /// `available`; `error` while a project that it is for lacks it.
    public var status = ""

    public init() {}
}

public struct OrganizationPolicyBody: Encodable, Sendable {
    public let policy: OrganizationPolicyShape
    public init(_ policy: OrganizationPolicyShape) { self.policy = policy }
}

/// A page of a list, with what was asked for.
public struct OrganizationPolicyPage<Row: Encodable & Sendable>: Encodable, Sendable {
    public let policies: [Row]
    public let count: Int
    public let limit: Int
    public let offset: Int

    public init(_ policies: [Row], count: Int, limit: Int, offset: Int) {
        self.policies = policies
        self.count = count
        self.limit = limit
        self.offset = offset
    }
}

/// How far one project is.
public struct OrganizationRolloutShape: Encodable, Sendable {
    public let domainId: String
    public let projectId: String
    /// The project's copy; empty where there is none.
    public let policyId: String
    /// `success` or `failed`.
    public let status: String
    /// Our own: why it failed; given only then.
    public let holdfastReason: String?

    public init(domainID: String, projectID: String, policyID: String?, status: String, reason: String?) {
        domainId = domainID
        projectId = projectID
        policyId = policyID ?? ""
        self.status = status
        holdfastReason = reason
    }
}
