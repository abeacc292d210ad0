import CBRWire
import Catalog
import ControlPlane
import HTTPTypes
import HoldfastCore

/// Policies, and which vaults they hold for.
struct PolicyRoutes: Sendable {
    let control: ControlPlane

    var routes: [Route] {
        let all = "/v3/{project_id}/policies"
        let one = all + "/{policy_id}"
        let vault = "/v3/{project_id}/vaults/{vault_id}"
        return [
            .cbr("ListPolicies", .get, all, handle: list),
            .cbr("CreatePolicy", .post, all, handle: create),
            .cbr("ShowPolicy", .get, one, handle: show),
            .cbr("UpdatePolicy", .put, one, handle: update),
            .cbr("DeletePolicy", .delete, one, handle: delete),
            .cbr("AssociateVaultPolicy", .post, vault + "/associatepolicy", handle: associate),
            .cbr("DisassociateVaultPolicy", .post, vault + "/dissociatepolicy", handle: dissociate),
        ]
    }

    @Sendable private func list(_ request: ServiceRequest) async throws -> Answer {
        let vault = request.queryValue("vault_id").flatMap { $0.isEmpty ? nil : VaultID($0) }
        let kind = request.queryValue("operation_type").flatMap { $0.isEmpty ? nil : $0 }
        let found = try await control.listPolicies(of: vault, by: request.caller())
        return try .json(
            PolicyListBody(found.filter { kind == nil || $0.record.kind.rawValue == kind }.map { PolicyShape($0) }))
    }

    @Sendable private func create(_ request: ServiceRequest) async throws -> Answer {
        let body = try CreatePolicyRequest(request.fields())
        let draft = PolicyDraft(
            name: body.name, kind: body.operationType == .backup ? .backup : .replication, isEnabled: body.enabled,
            definition: PolicyDefinition(body.definition), pattern: body.properties.pattern,
            windowMinutes: body.properties.startWindowMinutes.map { Int($0) }, timeZone: body.properties.timeZone)
        return try .json(PolicyBody(policy: PolicyShape(await control.createPolicy(draft, by: request.caller()))))
    }

    @Sendable private func show(_ request: ServiceRequest) async throws -> Answer {
        let view = try await control.showPolicy(request.id("policy_id"), by: request.caller())
        return try .json(PolicyBody(policy: PolicyShape(view)))
    }

    @Sendable private func update(_ request: ServiceRequest) async throws -> Answer {
        let body = try UpdatePolicyRequest(request.fields())
        var change = PolicyChange()
        change.name = body.name
        change.isEnabled = body.enabled
        change.definition = body.definition.map { PolicyDefinition($0) }
        change.pattern = body.properties?.pattern
        if let properties = body.properties, properties.hasStartWindow {
            change.windowMinutes = .some(properties.startWindowMinutes.map { Int($0) })
        }
        if let properties = body.properties, properties.hasTimeZone { change.timeZone = .some(properties.timeZone) }
        let view = try await control.updatePolicy(request.id("policy_id"), change, by: request.caller())
        return try .json(PolicyBody(policy: PolicyShape(view)))
    }

    @Sendable private func delete(_ request: ServiceRequest) async throws -> Answer {
        try await control.deletePolicy(request.id("policy_id"), by: request.caller())
        return .empty(.noContent)
    }

    @Sendable private func associate(_ request: ServiceRequest) async throws -> Answer {
        let body = try AssociatePolicyRequest(request.fields())
        let vault: VaultID = try request.id("vault_id")
        let bindings = try await control.associate(
            body.policyIDs.map { PolicyID($0) }, with: vault,
            destination: body.destinationVaultID.map { VaultID($0) }, by: request.caller())
        return try .json(
            AssociatedPolicyBody(
                VaultPolicyShape(
                    vaultID: vault.text, policyID: body.policyIDs[0],
                    destinationVaultID: bindings.lazy.compactMap(\.destination).first?.text)))
    }

    @Sendable private func dissociate(_ request: ServiceRequest) async throws -> Answer {
        let body = try DissociatePolicyRequest(request.fields())
        let vault: VaultID = try request.id("vault_id")
        try await control.dissociate(PolicyID(body.policyID), from: vault, by: request.caller())
        return try .json(
            DissociatedPolicyBody(
                VaultPolicyShape(vaultID: vault.text, policyID: body.policyID, destinationVaultID: nil)))
    }
}

extension PolicyShape {
    init(_ view: PolicyView) {
        self.init()
        let record = view.record
        id = record.id.text
        name = record.name
        enabled = record.isEnabled
        operationType = record.kind.rawValue
        policyType = record.origin.rawValue
        operationDefinition = PolicyDefinitionShape(record.definition)
        trigger.id = record.timing.id
        trigger.properties.pattern = record.timing.pattern
        // `2020-01-08T09:59:49Z`, without what stands between and behind.
        trigger.properties.startTime = String(
            WireTime.seconds(record.timing.startedAt.microseconds).dropLast().map { $0 == "T" ? " " : $0 })
        trigger.properties.startWindowMinutes = Nullable(record.timing.windowMinutes)
        trigger.properties.holdfastTimeZone = record.timing.timeZone
        associatedVaults = view.bindings.map {
            AssociatedVault(vaultID: $0.vault.text, destinationVaultID: $0.destination?.text)
        }
    }
}
