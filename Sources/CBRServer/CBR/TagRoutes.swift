import CBRWire
import Catalog
import ControlPlane
import HTTPTypes
import HoldfastCore

/// Tags of vaults: shown, changed, and searched by.
struct TagRoutes: Sendable {
    let control: ControlPlane

    var routes: [Route] {
        let one = "/v3/{project_id}/vault/{vault_id}/tags"
        return [
            .cbr("ShowVaultTag", .get, one, handle: show),
            .cbr("CreateVaultTags", .post, one, handle: create),
            .cbr("BatchCreateAndDeleteVaultTags", .post, one + "/action", handle: act),
            .cbr("DeleteVaultTag", .delete, one + "/{key}", handle: delete),
            .cbr("ShowVaultProjectTag", .get, "/v3/{project_id}/vault/tags", handle: showAll),
            .cbr(
                "ShowVaultResourceInstances", .post, "/v3/{project_id}/vault/resource_instances/action", handle: search),
        ]
    }

    @Sendable private func show(_ request: ServiceRequest) async throws -> Answer {
        let tags = try await control.showTags(of: request.id("vault_id"), by: request.caller())
        return try .json(TagListBody(tags.map { .init(key: $0.key, value: $0.value ?? "") }))
    }

    @Sendable private func showAll(_ request: ServiceRequest) async throws -> Answer {
        let tags = try await control.projectTags(by: request.caller())
        return try .json(ProjectTagsBody(tags.map { .init(key: $0.key, values: $0.values) }))
    }

    @Sendable private func create(_ request: ServiceRequest) async throws -> Answer {
        let body = try CreateTagRequest(request.fields())
        try await control.addTags([Tag(body.tag)], to: request.id("vault_id"), by: request.caller())
        return .empty(.noContent)
    }

    @Sendable private func act(_ request: ServiceRequest) async throws -> Answer {
        let body = try TagActionRequest(request.fields())
        let vault: VaultID = try request.id("vault_id")
        switch body.action {
        case .create:
            let tags = body.tags.map { Tag(key: $0.key, value: $0.value ?? "") }
            try await control.addTags(tags, to: vault, by: request.caller())
        case .delete:
            try await control.removeTags(body.tags.map { Tag($0) }, from: vault, by: request.caller())
        }
        return .empty(.noContent)
    }

    @Sendable private func delete(_ request: ServiceRequest) async throws -> Answer {
        try await control.removeTag(request.parameter("key"), from: request.id("vault_id"), by: request.caller())
        return .empty(.noContent)
    }

    @Sendable private func search(_ request: ServiceRequest) async throws -> Answer {
        let body = try TagSearchRequest(request.fields())
        var filter = VaultFilter()
        filter.namePart = body.name.flatMap { $0.isEmpty ? nil : $0 }
        filter.objectType = body.objectType.flatMap { VaultObjectType(rawValue: $0) }
        filter.cloudType = body.cloudType
        filter.tags = TagSearch(body)
        let page = Page<VaultID>(limit: body.limit, offset: body.offset)
        let caller = try request.caller()
        guard body.action == .filter else {
            return try .json(TagSearchBody(nil, totalCount: try await control.countVaults(filter, by: caller)))
        }
        let found = try await control.listVaults(filter, page: page, by: caller)
        return try .json(TagSearchBody(found.rows.map { .init(VaultShape($0)) }, totalCount: found.count))
    }
}

extension Tag {
    init(_ body: TagBody) { self.init(key: body.key, value: body.value) }
}

extension TagSearch {
    init(_ body: TagSearchRequest) {
        self.init()
        func conditions(_ given: [TagSearchRequest.Condition]) -> [TagCondition] {
            given.map { TagCondition(key: $0.key, values: $0.values) }
        }
        all = conditions(body.tags)
        any = conditions(body.tagsAny)
        notAll = conditions(body.notTags)
        notAny = conditions(body.notTagsAny)
        isUntagged = body.withoutAnyTag
    }
}
