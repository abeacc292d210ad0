import CBRWire
import Catalog
import ControlPlane
import HTTPTypes
import HoldfastCore

/// The inventory: our own calls that fill it, and the interface's view of what can be protected.
struct ResourceRoutes: Sendable {
    let control: ControlPlane

    var routes: [Route] {
        let all = "/holdfast/v1/{project_id}/resources"
        let instances = "/v3/{project_id}/protectables/{protectable_type}/instances"
        return [
            .cbr("RegisterResource", .post, all, handle: register),
            .cbr("ListResources", .get, all, handle: list),
            .cbr("ShowResource", .get, all + "/{resource_id}", handle: show),
            .cbr("UpdateResource", .put, all + "/{resource_id}", handle: update),
            .cbr("RemoveResource", .delete, all + "/{resource_id}", handle: remove),
            .cbr("ListProtectable", .get, instances, handle: listInstances),
            .cbr("ShowProtectable", .get, instances + "/{instance_id}", handle: showInstance),
        ]
    }

    @Sendable private func register(_ request: ServiceRequest) async throws -> Answer {
        let body = try RegisterResourceRequest(request.fields())
        guard let type = ResourceType(rawValue: body.type) else {
            throw Refusal.unknownResourceType(body.type, field: "resource.type")
        }
        let view = try await control.registerResource(
            ResourceDraft(
                id: body.id.map { ResourceID($0) }, type: type, name: body.name, location: body.location,
                tags: body.tags.map { Tag(key: $0.key, value: $0.value) }),
            by: request.caller())
        return try .json(ResourceBody(resource: ResourceShape(view)), status: .created)
    }

    @Sendable private func list(_ request: ServiceRequest) async throws -> Answer {
        let query = try ListQuery(request)
        var filter = ResourceFilter(name: query.text("name"), ids: query.ids("id", of: ResourceID.self))
        if let text = query.text("type") {
            guard let type = ResourceType(rawValue: text) else {
                return try .json(ResourceListBody(resources: [], count: 0))
            }
            filter.type = type
        }
        let found = try await control.listResources(filter, page: query.page(of: ResourceID.self), by: request.caller())
        return try .json(ResourceListBody(resources: found.rows.map { ResourceShape($0) }, count: found.count))
    }

    @Sendable private func show(_ request: ServiceRequest) async throws -> Answer {
        let view = try await control.showResource(request.id("resource_id"), by: request.caller())
        return try .json(ResourceBody(resource: ResourceShape(view)))
    }

    @Sendable private func update(_ request: ServiceRequest) async throws -> Answer {
        let body = try UpdateResourceRequest(request.fields())
        let change = ResourceChange(
            name: body.name, tags: body.tags?.map { Tag(key: $0.key, value: $0.value) })
        let view = try await control.updateResource(request.id("resource_id"), change, by: request.caller())
        return try .json(ResourceBody(resource: ResourceShape(view)))
    }

    @Sendable private func remove(_ request: ServiceRequest) async throws -> Answer {
        try await control.removeResource(request.id("resource_id"), by: request.caller())
        return .empty(.noContent)
    }

    @Sendable private func listInstances(_ request: ServiceRequest) async throws -> Answer {
        let type = try Self.type(request)
        let query = try ListQuery(request, limitMax: 50)
        guard let type, query.text("status") ?? "available" == "available", query.text("server_id") == nil else {
            return try .json(ProtectableListBody(instances: [], count: 0))
        }
        let caller = try request.caller()
        let filter = ResourceFilter(type: type, name: query.text("name"), ids: query.ids("id", of: ResourceID.self))
        let found = try await control.listResources(filter, page: query.page(of: ResourceID.self), by: caller)
        var instances: [ProtectableShape] = []
        for view in found.rows { instances.append(try await shape(view, caller: caller)) }
        return try .json(ProtectableListBody(instances: instances, count: found.count))
    }

    @Sendable private func showInstance(_ request: ServiceRequest) async throws -> Answer {
        let caller = try request.caller()
        let view = try await control.showResource(request.id("instance_id"), by: caller)
        guard try Self.type(request) == view.record.type else {
            throw ErrorMapping.refusal(
                for: ControlError(
                    code: .resourceNotFound, message: "there is no such resource of this type: \(view.record.id)"))
        }
        return try .json(ProtectableBody(instance: try await shape(view, caller: caller)))
    }

    /// - Returns: nil for a kind of which there are none here.
    /// - Throws: ``Refusal`` for a word that is no kind.
    private static func type(_ request: ServiceRequest) throws -> ResourceType? {
        switch try request.parameter("protectable_type") {
        case "server": .server
        case "disk": .volume
        case "turbo": .sharedFileSystem
        case "workspace", "workspace_v2": .desktop
        default:
            throw Refusal.badRequest("protectable_type: must be one of server, disk, turbo, workspace, workspace_v2")
        }
    }

    private func shape(_ view: ResourceView, caller: Caller) async throws -> ProtectableShape {
        var shape = ProtectableShape()
        shape.id = view.record.id.text
        shape.name = view.record.name
        shape.type = view.record.type.rawValue
        shape.size = Units.gigabytes(view.record.sizeBytes ?? 0)
        shape.detail.location = view.record.location
        if let id = view.vault {
            shape.protectable.result = false
            shape.protectable.code = "BackupService.6103"
            shape.protectable.reason = "the resource is in vault \(id)"
            shape.protectable.vault.value = VaultShape(try await control.showVault(id, by: caller))
        }
        return shape
    }
}

extension ResourceShape {
    init(_ view: ResourceView) {
        self.init()
        createdAt = WireTime.microseconds(view.record.createdAt.microseconds)
        id = view.record.id.text
        location = view.record.location
        name = view.record.name
        sizeBytes.value = view.record.sizeBytes
        tags = view.tags.map { .init(key: $0.key, value: $0.value ?? "") }
        type = view.record.type.rawValue
        vaultId.value = view.vault?.text
    }
}
