import CBRWire
import Catalog
import ControlPlane
import Foundation
import HTTPTypes
import HoldfastCore

/// Restore points: made, and shown.
struct CheckpointRoutes: Sendable {
    let control: ControlPlane

    var routes: [Route] {
        [
            .cbr("CreateCheckpoint", .post, "/v3/{project_id}/checkpoints", handle: create),
            .cbr("ShowCheckpoint", .get, "/v3/{project_id}/checkpoints/{checkpoint_id}", handle: show),
        ]
    }

    @Sendable private func create(_ request: ServiceRequest) async throws -> Answer {
        let body = try CreateCheckpointRequest(request.fields())
        let details = try body.resourceDetails?.map { try ResourceReference($0) }
        var resources: [ResourceReference]?
        if let ids = body.resources {
            // Both name resources: the list says which, the details say more about them.
            let byID = Dictionary(details?.map { ($0.id, $0) } ?? [], uniquingKeysWith: { first, _ in first })
            resources = ids.map { byID[ResourceID($0)] ?? ResourceReference(id: ResourceID($0)) }
            for detail in details ?? [] where !ids.contains(detail.id.text) {
                throw FieldError(
                    field: "checkpoint.parameters.resource_details",
                    rule: "names \(detail.id), which is not in checkpoint.parameters.resources")
            }
        } else if let details, !details.isEmpty {
            resources = details
        }
        let view = try await control.createCheckpoint(
            CheckpointDraft(
                vault: VaultID(body.vaultID), name: body.name, description: body.description,
                isAutomatic: body.autoTrigger, isIncremental: body.incremental,
                retentionDays: Int(body.retentionDurationDays), resources: resources,
                policy: body.policyID.map { PolicyID($0) }),
            by: request.caller())
        return try .json(CheckpointBody(checkpoint: CheckpointShape(view)))
    }

    @Sendable private func show(_ request: ServiceRequest) async throws -> Answer {
        let view = try await control.showCheckpoint(request.id("checkpoint_id"), by: request.caller())
        return try .json(CheckpointBody(checkpoint: CheckpointShape(view)))
    }
}

extension CheckpointShape {
    init(_ view: CheckpointView) {
        self.init()
        createdAt = WireTime.microseconds(view.record.createdAt.microseconds)
        id = view.record.id.text
        projectId = view.record.project.text
        status = view.status.rawValue
        vault.id = view.record.vault.text
        vault.name = view.vaultName
        vault.resources = view.resources.map { Resource($0) }
        vault.skippedResources = view.record.skipped.map { Skipped($0) }
        extraInfo.name = view.record.name
        extraInfo.description = view.record.description
        extraInfo.retentionDuration = view.record.retentionDays
    }
}

extension CheckpointShape.Resource {
    init(_ resource: CheckpointResource) {
        self.init()
        backupCount = "\(resource.backupCount)"
        backupSize = "\(Units.megabytes(resource.backupBytes))"
        // Clients that know this field expect text in it.
        let volumes = VaultResourceShape.ExtraInfo(
            excluding: resource.excludedVolumes, including: resource.includedVolumes)
        extraInfo = String(decoding: (try? WireJSON.encode(volumes)) ?? [], as: UTF8.self)
        id = resource.backup.resource.text
        name = resource.backup.resourceName
        protectStatus = resource.protectStatus.rawValue
        resourceSize = "\(Units.gigabytes(resource.resourceSizeBytes ?? 0))"
        type = resource.backup.resourceType.rawValue
    }
}

extension CheckpointShape.Skipped {
    init(_ skipped: SkippedResource) {
        self.init()
        code = ErrorMapping.code(of: skipped.code)
        id = skipped.id.text
        name = skipped.name
        reason = skipped.reason
        type = skipped.type
    }
}
