/// What a policy is about to do: our own call.
public struct PolicyPreviewShape: Encodable, Sendable {
    public struct Item: Encodable, Sendable {
        public var backupId = ""
        public var name = ""
        public var resourceId = ""
        public var resourceName = ""
        public var createdAt = ""
        /// Whether it stays, by this policy or by anything else.
        public var keep = false
        /// Why it stays, or goes.
        public var reasons: [String] = []
        /// Whether this policy's rules alone keep it.
        public var keepByRules = false
        /// Why they do, or don't.
        public var ruleReasons: [String] = []

        public init() {}
    }

    public struct Vault: Encodable, Sendable {
        public var vaultId = ""
        public var keep = 0
        public var expire = 0
        public var backups: [Item] = []

        public init() {}
    }

    public var policyId = ""
    public var nextRuns: [String] = []
    public var vaults: [Vault] = []

    public init() {}
}

public struct PolicyPreviewBody: Encodable, Sendable {
    public let preview: PolicyPreviewShape
    public init(preview: PolicyPreviewShape) { self.preview = preview }
}

/// `POST /holdfast/v1/{project_id}/policies/{policy_id}/preview`: what the policy would do with other rules.
public struct PreviewPolicyRequest: Sendable {
    public let definition: PolicyDefinitionShape

    public init(_ body: Fields) throws(FieldError) {
        let fields = try body.require("policy", body.object("policy"))
        definition = try PolicyDefinitionShape(
            fields.require("operation_definition", fields.object("operation_definition")))
    }
}
