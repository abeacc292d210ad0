public struct PolicyShape: Encodable, Sendable {
    public struct Trigger: Encodable, Sendable {
        public struct Properties: Encodable, Sendable {
            public var pattern: [String] = []
            /// `2020-01-08 09:59:49`, in UTC.
            public var startTime = ""
            public var startWindowMinutes = Nullable<Int>()
            /// Our own: given only where there is one.
            public var holdfastTimeZone: String?

            public init() {}
        }

        public var id = ""
        public var name = "default"
        public var type = "time"
        public var properties = Properties()

        public init() {}
    }

    public struct AssociatedVault: Encodable, Sendable {
        public let destinationVaultId: Nullable<String>
        public let vaultId: String

        public init(vaultID: String, destinationVaultID: String?) {
            vaultId = vaultID
            destinationVaultId = Nullable(destinationVaultID)
        }
    }

    public var id = ""
    public var name = ""
    public var enabled = true
    public var operationType = ""
    public var policyType = ""
    public var operationDefinition = PolicyDefinitionShape()
    public var trigger = Trigger()
    public var associatedVaults: [AssociatedVault] = []

    public init() {}
}

public struct PolicyBody: Encodable, Sendable {
    public let policy: PolicyShape
    public init(policy: PolicyShape) { self.policy = policy }
}

public struct PolicyListBody: Encodable, Sendable {
    public let policies: [PolicyShape]
    public let count: Int

    public init(_ policies: [PolicyShape]) {
        self.policies = policies
        count = policies.count
    }
}

public struct VaultPolicyShape: Encodable, Sendable {
    public let vaultId: String
    public let policyId: String
    public let destinationVaultId: Nullable<String>

    public init(vaultID: String, policyID: String, destinationVaultID: String?) {
        vaultId = vaultID
        policyId = policyID
        destinationVaultId = Nullable(destinationVaultID)
    }
}

public struct AssociatedPolicyBody: Encodable, Sendable {
    public let associatePolicy: VaultPolicyShape
    public init(_ policy: VaultPolicyShape) { associatePolicy = policy }
}

public struct DissociatedPolicyBody: Encodable, Sendable {
    public let dissociatePolicy: VaultPolicyShape
    public init(_ policy: VaultPolicyShape) { dissociatePolicy = policy }
}
