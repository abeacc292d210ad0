/// `POST …/policies`.
public struct CreatePolicyRequest: Sendable {
    public enum OperationType: String, CaseIterable, Sendable { case backup, replication }

    public let name: String
    public let operationType: OperationType
    public let enabled: Bool
    public let definition: PolicyDefinitionShape
    public let properties: PolicyPropertiesFields

    public init(_ body: Fields) throws(FieldError) {
        let fields = try body.require("policy", body.object("policy"))
        name = try fields.require("name", fields.text("name", .name))
        operationType = try fields.require("operation_type", fields.choice("operation_type"))
        enabled = try fields.flag("enabled") ?? true
        definition = try PolicyDefinitionShape(
            fields.require("operation_definition", fields.object("operation_definition")))
        let trigger = try fields.require("trigger", fields.object("trigger"))
        properties = try PolicyPropertiesFields(trigger.require("properties", trigger.object("properties")))
    }
}

/// `PUT …/policies/{policy_id}`. What is absent stays as it is.
public struct UpdatePolicyRequest: Sendable {
    public let name: String?
    public let enabled: Bool?
    public let definition: PolicyDefinitionShape?
    public let properties: PolicyPropertiesFields?

    public init(_ body: Fields) throws(FieldError) {
        let fields = try body.require("policy", body.object("policy"))
        name = try fields.text("name", .name)
        enabled = try fields.flag("enabled")
        definition = try fields.object("operation_definition").map { fields throws(FieldError) in
            try PolicyDefinitionShape(fields)
        }
        properties = try fields.object("trigger").map { trigger throws(FieldError) in
            try PolicyPropertiesFields(trigger.require("properties", trigger.object("properties")))
        }
    }
}

/// `trigger.properties`.
public struct PolicyPropertiesFields: Sendable {
    /// 1 to 24 rules.
    public let pattern: [String]
    /// 60 to 480.
    public let startWindowMinutes: Int64?
    /// Whether the window is named at all: `null` ends one.
    public let hasStartWindow: Bool
    /// Our own: a name of the time zone database.
    public let timeZone: String?
    /// Whether the zone is named at all: `null` ends one.
    public let hasTimeZone: Bool

    init(_ fields: Fields) throws(FieldError) {
        pattern = try fields.require("pattern", fields.texts("pattern", count: 1...24, TextRule(1...1024)))
        startWindowMinutes = try fields.integer("start_window_minutes", in: 60...480)
        hasStartWindow = fields.members["start_window_minutes"] != nil
        timeZone = try fields.text("holdfast_time_zone", TextRule(1...64))
        hasTimeZone = fields.members["holdfast_time_zone"] != nil
    }
}

/// `POST …/vaults/{vault_id}/associatepolicy`.
public struct AssociatePolicyRequest: Sendable {
    /// 1 to 10, each once.
    public let policyIDs: [String]
    public let destinationVaultID: String?

    public init(_ body: Fields) throws(FieldError) {
        let one = try body.text("policy_id", .id)
        let several = try body.texts("add_policy_ids", count: 1...10, .id)
        destinationVaultID = try body.text("destination_vault_id", .id)
        switch (one, several) {
        case (let id?, nil): policyIDs = [id]
        case (nil, let ids?):
            guard Set(ids).count == ids.count else {
                throw FieldError(field: "add_policy_ids", rule: "must not name a policy twice")
            }
            policyIDs = ids
        case (nil, nil): throw FieldError(field: "policy_id", rule: "is required, or add_policy_ids")
        case (_?, _?): throw FieldError(field: "policy_id", rule: "can't be given together with add_policy_ids")
        }
    }
}

/// `POST …/vaults/{vault_id}/dissociatepolicy`.
public struct DissociatePolicyRequest: Sendable {
    public let policyID: String

    public init(_ body: Fields) throws(FieldError) {
        policyID = try body.require("policy_id", body.text("policy_id", .id))
    }
}
