/// `POST …/organization-policies`.
public struct CreateOrganizationPolicyRequest: Sendable {
    public let name: String
    public let description: String?
    public let effectiveScope: String?
    public let operationType: CreatePolicyRequest.OperationType
    public let policyName: String
    public let policyEnabled: Bool
    public let definition: PolicyDefinitionShape
    public let properties: PolicyPropertiesFields

    public init(_ body: Fields) throws(FieldError) {
        let fields = try body.require("policy", body.object("policy"))
        name = try fields.require("name", fields.text("name", TextRule(1...64)))
        description = try fields.text("description", TextRule(0...255))
        effectiveScope = try fields.text("effective_scope", TextRule(0...255))
        operationType = try fields.require("operation_type", fields.choice("operation_type"))
        policyName = try fields.require("policy_name", fields.text("policy_name", TextRule(1...64)))
        policyEnabled = try fields.require("policy_enabled", fields.flag("policy_enabled"))
        definition = try PolicyDefinitionShape(
            fields.require("policy_operation_definition", fields.object("policy_operation_definition")))
        let trigger = try fields.require("policy_trigger", fields.object("policy_trigger"))
        properties = try PolicyPropertiesFields(trigger.require("properties", trigger.object("properties")))
    }
}

/// `PUT …/organization-policies/{organization_policy_id}`. What is absent stays as it is.
public struct UpdateOrganizationPolicyRequest: Sendable {
    public let name: String?
    public let description: String?
    public let effectiveScope: String?
    public let policyName: String?
    public let policyEnabled: Bool?
    public let definition: PolicyDefinitionShape?
    public let properties: PolicyPropertiesFields?

    public init(_ body: Fields) throws(FieldError) {
        let fields = try body.require("policy", body.object("policy"))
        name = try fields.text("name", TextRule(1...64))
        description = try fields.text("description", TextRule(0...255))
        effectiveScope = try fields.text("effective_scope", TextRule(0...255))
        policyName = try fields.text("policy_name", TextRule(1...64))
        policyEnabled = try fields.flag("policy_enabled")
        definition = try fields.object("policy_operation_definition").map { fields throws(FieldError) in
            try PolicyDefinitionShape(fields)
        }
        properties = try fields.object("policy_trigger").map { trigger throws(FieldError) in
            try PolicyPropertiesFields(trigger.require("properties", trigger.object("properties")))
        }
    }
}
