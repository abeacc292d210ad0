import CBRWire
import Catalog
import ControlPlane
import HTTPTypes
import HoldfastCore

/// Orders and charge modes, in a house without a cashier: each says what to do instead.
struct OrderRoutes: Sendable {
    let vaults: VaultRoutes

    var routes: [Route] {
        [
            .cbr("ChangeOrder", .post, "/v3/{project_id}/orders/change", handle: changeOrder),
            .cbr("UpdateOrder", .put, "/v3/{project_id}/orders/{order_id}", handle: updateOrder),
            .cbr("ChangeVaultChargeMode", .post, "/v3/{project_id}/vaults/change-charge-mode", handle: changeMode),
            .cbr("CreatePostPaidVault", .post, "/v3/{project_id}/vaults/order", handle: order),
        ]
    }

    private static let resize =
        "there are no orders here; resize a vault with PUT /v3/{project_id}/vaults/{vault_id} and billing.size"

    @Sendable private func changeOrder(_ request: ServiceRequest) async throws -> Answer {
        _ = try ChangeOrderRequest(request.fields())
        throw Refusal.badRequest(Self.resize)
    }

    @Sendable private func updateOrder(_ request: ServiceRequest) async throws -> Answer {
        _ = try UpdateOrderRequest(request.fields())
        throw Refusal.badRequest(Self.resize)
    }

    @Sendable private func changeMode(_ request: ServiceRequest) async throws -> Answer {
        _ = try ChangeChargeModeRequest(request.fields())
        throw Refusal.badRequest("every vault is post_paid here, and nothing is charged; there is no mode to change to")
    }

    /// A post-paid vault needs no order: it is made, and stands where an order would name what was bought.
    @Sendable private func order(_ request: ServiceRequest) async throws -> Answer {
        let body = try OrderVaultRequest(request.fields())
        let view = try await vaults.control.createVault(
            VaultDraft(
                name: body.name, description: body.description, billing: body.billing, settings: body.settings,
                resources: body.resources, policy: body.backupPolicyID.map { PolicyID($0) }),
            by: request.caller())
        return try .json(OrderedVaultBody(vault: view.record.id.text), verbatim: true)
    }
}

extension VaultDraft {
    /// - Parameter name: nil makes one up.
    init(
        name: String?, description: String?, billing: CreateVaultRequest.Billing,
        settings fields: NewVaultSettingsFields, resources: [ResourceReferenceBody], policy: PolicyID?
    ) throws {
        var settings = VaultSettings()
        fields.common.apply(to: &settings)
        settings.isLocked = fields.common.locked ?? false
        settings.enterpriseProject = fields.enterpriseProjectID
        settings.availabilityZone = fields.availabilityZone
        settings.lockSourceService = fields.sysLockSourceService
        settings.tags = fields.tags?.map { Tag(key: $0.key, value: $0.value) } ?? []
        settings.cloudType = billing.cloudType ?? settings.cloudType
        settings.isMultiZone = billing.isMultiAZ
        guard let objectType = VaultObjectType(rawValue: billing.objectType),
            let protectType = VaultProtectType(rawValue: billing.protectType),
            let level = ConsistentLevel(rawValue: billing.consistentLevel)
        else { throw FieldError(field: "vault.billing", rule: "has a value that this service does not know") }
        self.init(
            name: name ?? "vault-\(billing.objectType)", description: description, objectType: objectType,
            protectType: protectType, consistentLevel: level, sizeGiB: billing.size, settings: settings,
            resources: try resources.map { try ResourceReference($0) }, policy: policy)
    }
}
