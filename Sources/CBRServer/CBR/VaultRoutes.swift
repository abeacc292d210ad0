import CBRWire
import Catalog
import ControlPlane
import HTTPTypes
import HoldfastCore

/// Vaults and the resources in them.
struct VaultRoutes: Sendable {
    let control: ControlPlane

    var routes: [Route] {
        let all = "/v3/{project_id}/vaults"
        let one = all + "/{vault_id}"
        return [
            .cbr("ListVault", .get, all, handle: list),
            .cbr("CreateVault", .post, all, handle: create),
            .cbr("ShowVault", .get, one, handle: show),
            .cbr("UpdateVault", .put, one, handle: update),
            .cbr("DeleteVault", .delete, one, handle: delete),
            .cbr("AddVaultResource", .post, one + "/addresources", handle: addResources),
            .cbr("RemoveVaultResource", .post, one + "/removeresources", handle: removeResources),
            .cbr("SetVaultResource", .put, one + "/set-resources", handle: setResources),
        ]
    }

    @Sendable private func list(_ request: ServiceRequest) async throws -> Answer {
        let query = try ListQuery(request)
        var filter = VaultFilter()
        filter.ids = query.ids("id", of: VaultID.self)
        filter.name = query.text("name")
        filter.resources = query.ids("resource_ids", of: ResourceID.self)
        var isPossible = true
        if let text = query.text("object_type") {
            filter.objectType = VaultObjectType(rawValue: text)
            isPossible = isPossible && filter.objectType != nil
        }
        if let text = query.text("protect_type") {
            filter.protectType = VaultProtectType(rawValue: text)
            isPossible = isPossible && filter.protectType != nil
        }
        if let text = query.text("status") {
            filter.states = VaultState(rawValue: text).map { [$0] } ?? []
        }
        filter.cloudType = query.text("cloud_type")
        filter.enterpriseProject = query.enterpriseProject()
        filter.tags = try query.tags("tags")
        filter.policy = query.text("policy_id").map { PolicyID($0) }
        guard isPossible else {
            return try .json(VaultListBody(vaults: [], count: 0, limit: query.limit, offset: query.offset))
        }
        let found = try await control.listVaults(filter, page: query.page(of: VaultID.self), by: request.caller())
        return try .json(
            VaultListBody(
                vaults: found.rows.map { VaultShape($0) }, count: found.count, limit: query.limit, offset: query.offset)
        )
    }

    @Sendable private func create(_ request: ServiceRequest) async throws -> Answer {
        let body = try CreateVaultRequest(request.fields())
        let view = try await control.createVault(
            VaultDraft(
                name: body.name, description: body.description, billing: body.billing, settings: body.settings,
                resources: body.resources, policy: body.backupPolicyID.map { PolicyID($0) }),
            by: request.caller())
        return try .json(VaultBody(vault: VaultShape(view)))
    }

    @Sendable private func show(_ request: ServiceRequest) async throws -> Answer {
        let view = try await control.showVault(request.id("vault_id"), by: request.caller())
        return try .json(VaultBody(vault: VaultShape(view)))
    }

    @Sendable private func update(_ request: ServiceRequest) async throws -> Answer {
        let body = try UpdateVaultRequest(request.fields())
        let change = VaultChange(
            name: body.name, sizeGiB: body.size, consistentLevel: body.consistentLevel.flatMap(ConsistentLevel.init),
            isLocked: body.settings.locked, settings: { body.settings.apply(to: &$0) })
        let view = try await control.updateVault(request.id("vault_id"), change, by: request.caller())
        return try .json(VaultBody(vault: VaultShape(view)))
    }

    @Sendable private func delete(_ request: ServiceRequest) async throws -> Answer {
        try await control.deleteVault(request.id("vault_id"), by: request.caller())
        return .empty(.noContent)
    }

    @Sendable private func addResources(_ request: ServiceRequest) async throws -> Answer {
        let body = try AddResourcesRequest(request.fields())
        let ids = try await control.addResources(
            body.resources.map { try ResourceReference($0) }, to: request.id("vault_id"), by: request.caller())
        return try .json(AddResourcesBody(ids.map(\.text)))
    }

    @Sendable private func removeResources(_ request: ServiceRequest) async throws -> Answer {
        let body = try RemoveResourcesRequest(request.fields())
        let ids = try await control.removeResources(
            body.resourceIDs.map { ResourceID($0) }, from: request.id("vault_id"), by: request.caller())
        return try .json(RemoveResourcesBody(ids.map(\.text)))
    }

    @Sendable private func setResources(_ request: ServiceRequest) async throws -> Answer {
        let body = try SetResourcesRequest(request.fields())
        let ids = try await control.setSuspended(
            body.action == .suspend, resources: body.resourceIDs.map { ResourceID($0) }, in: request.id("vault_id"),
            by: request.caller())
        return try .json(SetResourcesBody(ids.map(\.text)))
    }
}

extension Route {
    static func cbr(
        _ operation: String, _ method: HTTPRequest.Method, _ template: String,
        handle: @escaping @Sendable (ServiceRequest) async throws -> Answer
    ) -> Route {
        Route(operation: operation, method: method, template: template, access: .project, handle: handle)
    }
}

extension ResourceReference {
    init(_ body: ResourceReferenceBody) throws {
        guard let type = ResourceType(rawValue: body.type) else {
            throw Refusal.unknownResourceType(body.type, field: body.typeField)
        }
        self.init(
            id: ResourceID(body.id), type: type, excludedVolumes: body.excludeVolumes,
            includedVolumes: body.includeVolumes.map { IncludedVolume(id: $0.id, osVersion: $0.osVersion) })
    }
}

extension Refusal {
    static func unknownResourceType(_ text: String, field: String) -> Self {
        let known = ResourceType.allCases.map(\.rawValue).joined(separator: ", ")
        return Self(
            status: .badRequest, code: "BackupService.6116",
            message: "\(field): '\(text.prefix(80))' is no resource type; known are \(known)")
    }
}

extension VaultSettingsFields {
    /// Changes what was given; the lock has rules of its own.
    func apply(to settings: inout VaultSettings) {
        if let autoBind { settings.autoBind = autoBind }
        if let autoExpand { settings.autoExpand = autoExpand }
        if let smnNotify { settings.notifies = smnNotify }
        if let threshold { settings.thresholdPercent = Int(threshold) }
        if let backupNamePrefix { settings.backupNamePrefix = backupNamePrefix.isEmpty ? nil : backupNamePrefix }
        if let bindTags { settings.bindTags = bindTags.map { Tag(key: $0.key, value: $0.value) } }
    }
}
