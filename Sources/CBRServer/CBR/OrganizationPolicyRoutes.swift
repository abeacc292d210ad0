import CBRWire
import Catalog
import ControlPlane
import HTTPTypes
import HoldfastCore

/// Policies that a domain gives to its projects.
struct OrganizationPolicyRoutes: Sendable {
    let control: ControlPlane

    var routes: [Route] {
        let all = "/v3/{project_id}/organization-policies"
        let one = all + "/{organization_policy_id}"
        return [
            .cbr("ListOrganizationPolicies", .get, all, handle: list),
            .cbr("CreateOrganizationPolicy", .post, all, handle: create),
            .cbr("ShowOrganizationPolicy", .get, one, handle: show),
            .cbr("UpdateOrganizationPolicy", .put, one, handle: update),
            .cbr("DeleteOrganizationPolicy", .delete, one, handle: delete),
            .cbr("ListOrganizationPolicyDetail", .get, one + "/policy-detail", handle: detail),
        ]
    }

    @Sendable private func list(_ request: ServiceRequest) async throws -> Answer {
        let query = try ListQuery(request)
        guard let text = query.text("operation_type") else {
            throw FieldError(field: "operation_type", rule: "is required")
        }
        guard let kind = PolicyKind(rawValue: text) else {
            throw FieldError(field: "operation_type", rule: "must be backup or replication")
        }
        let found = try await control.listOrganizationPolicies(
            of: kind, limit: query.limit, offset: query.offset, by: request.caller())
        return try .json(
            OrganizationPolicyPage(
                found.rows.map { OrganizationPolicyShape($0) }, count: found.count, limit: query.limit,
                offset: query.offset))
    }

    @Sendable private func create(_ request: ServiceRequest) async throws -> Answer {
        let body = try CreateOrganizationPolicyRequest(request.fields())
        let policy = PolicyDraft(
            name: body.policyName, kind: body.operationType == .backup ? .backup : .replication,
            isEnabled: body.policyEnabled, definition: PolicyDefinition(body.definition),
            pattern: body.properties.pattern,
            windowMinutes: body.properties.startWindowMinutes.map { Int($0) }, timeZone: body.properties.timeZone)
        let draft = OrganizationPolicyDraft(
            name: body.name, description: body.description, scope: body.effectiveScope, policy: policy)
        return try .json(Self.body(await control.createOrganizationPolicy(draft, by: request.caller())))
    }

    @Sendable private func show(_ request: ServiceRequest) async throws -> Answer {
        try .json(
            Self.body(
                await control.showOrganizationPolicy(request.id("organization_policy_id"), by: request.caller())))
    }

    @Sendable private func update(_ request: ServiceRequest) async throws -> Answer {
        let body = try UpdateOrganizationPolicyRequest(request.fields())
        var change = OrganizationPolicyChange()
        (change.name, change.description, change.scope) = (body.name, body.description, body.effectiveScope)
        change.policy.name = body.policyName
        change.policy.isEnabled = body.policyEnabled
        change.policy.definition = body.definition.map { PolicyDefinition($0) }
        change.policy.pattern = body.properties?.pattern
        if let properties = body.properties, properties.hasStartWindow {
            change.policy.windowMinutes = .some(properties.startWindowMinutes.map { Int($0) })
        }
        if let properties = body.properties, properties.hasTimeZone {
            change.policy.timeZone = .some(properties.timeZone)
        }
        return try .json(
            Self.body(
                await control.updateOrganizationPolicy(
                    request.id("organization_policy_id"), change, by: request.caller())))
    }

    @Sendable private func delete(_ request: ServiceRequest) async throws -> Answer {
        try await control.deleteOrganizationPolicy(request.id("organization_policy_id"), by: request.caller())
        return .empty(.noContent)
    }

    @Sendable private func detail(_ request: ServiceRequest) async throws -> Answer {
        let query = try ListQuery(request)
        let found = try await control.organizationRollout(
            request.id("organization_policy_id"), limit: query.limit, offset: query.offset, by: request.caller())
        let rows = found.rows.map {
            OrganizationRolloutShape(
                domainID: found.domain.text, projectID: $0.project.text, policyID: $0.policy?.text,
                status: $0.status.rawValue, reason: $0.reason)
        }
        return try .json(
            OrganizationPolicyPage(rows, count: found.count, limit: query.limit, offset: query.offset))
    }

    private static func body(_ view: OrganizationPolicyView) -> OrganizationPolicyBody {
        OrganizationPolicyBody(OrganizationPolicyShape(view))
    }
}

extension OrganizationPolicyShape {
    init(_ view: OrganizationPolicyView) {
        self.init()
        let record = view.record
        id = record.id.text
        domainId = view.domain.id.text
        domainName = view.domain.name
        name = record.name
        description = record.description ?? ""
        effectiveScope = record.scope ?? ""
        operationType = record.kind.rawValue
        policyName = record.policyName
        policyEnabled = record.isEnabled
        policyOperationDefinition = PolicyDefinitionShape(record.definition)
        policyTrigger.properties.pattern = record.timing.pattern
        policyTrigger.properties.startWindowMinutes = record.timing.windowMinutes
        policyTrigger.properties.holdfastTimeZone = record.timing.timeZone
        status = view.isEverywhere ? "available" : "error"
    }
}
