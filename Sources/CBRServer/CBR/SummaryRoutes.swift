import CBRWire
import Catalog
import ControlPlane
import HTTPTypes
import HoldfastCore

/// What all vaults of a project have and use, and settings for all of them.
struct SummaryRoutes: Sendable {
    let control: ControlPlane

    var routes: [Route] {
        [
            .cbr("ShowSummary", .get, "/v3/{project_id}/vaults/summary", handle: summary),
            .cbr("ShowStorageUsage", .get, "/v3/{project_id}/storage_usage", handle: usage),
            .cbr("BatchUpdateVault", .put, "/v3/{project_id}/vaults/batch-update", handle: batchUpdate),
            .cbr("ListEvents", .get, "/holdfast/v1/{project_id}/events", handle: events),
        ]
    }

    @Sendable private func summary(_ request: ServiceRequest) async throws -> Answer {
        let found = try await control.summary(by: request.caller())
        return try .json(SummaryBody(size: found.sizeGiB, usedSize: Units.megabytes(found.usedBytes)))
    }

    @Sendable private func usage(_ request: ServiceRequest) async throws -> Answer {
        let query = try ListQuery(request)
        var filter = StorageUsageFilter(resource: query.text("resource_id").map { ResourceID($0) })
        if let text = query.text("resource_type") {
            guard let type = ResourceType(rawValue: text) else {
                throw Refusal.unknownResourceType(text, field: "resource_type")
            }
            filter.type = type
        }
        let found = try await control.storageUsage(
            filter, limit: query.limit, offset: query.offset, by: request.caller())
        return try .json(StorageUsageBody(found.rows.map { .init($0) }, count: found.count))
    }

    @Sendable private func batchUpdate(_ request: ServiceRequest) async throws -> Answer {
        let body = try BatchUpdateVaultRequest(request.fields())
        let ids = try await control.updateAlerts(
            notifies: body.smnNotify, thresholdPercent: body.threshold.map { Int($0) }, by: request.caller())
        return try .json(BatchUpdateVaultBody(ids.map(\.text)))
    }

    @Sendable private func events(_ request: ServiceRequest) async throws -> Answer {
        let query = try ListQuery(request)
        let found = try await control.listEvents(
            vault: query.text("vault_id").map { VaultID($0) }, page: query.page(of: VaultEventID.self),
            by: request.caller())
        return try .json(VaultEventListBody(found.rows.map { .init($0) }, count: found.count))
    }
}

extension StorageUsageBody.Usage {
    init(_ usage: ResourceUsage) {
        self.init()
        backupCount = usage.backupCount
        backupSize = Units.megabytes(usage.storedBytes)
        resourceId = usage.resource.text
        resourceName = usage.name
        resourceType = usage.type.rawValue
    }
}

extension VaultEventShape {
    init(_ event: VaultEventRecord) {
        self.init(
            id: event.id.text, kind: event.kind.rawValue, message: event.message, vaultId: event.vault.text,
            vaultName: event.vaultName, createdAt: WireTime.microseconds(event.createdAt.microseconds))
    }
}
