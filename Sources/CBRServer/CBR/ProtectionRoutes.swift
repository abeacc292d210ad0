import CBRWire
import Catalog
import ControlPlane
import HTTPTypes
import HoldfastCore

/// How long backups stay, what holds them, and resources that move with them.
struct ProtectionRoutes: Sendable {
    let control: ControlPlane

    var routes: [Route] {
        let vault = "/v3/{project_id}/vaults/{vault_id}"
        let hold = "/holdfast/v1/{project_id}/backups/{backup_id}/hold"
        return [
            .cbr("UpdateExpirationTime", .put, vault + "/update-backup-expiration-time", handle: updateExpiration),
            .cbr("MigrateVaultResource", .post, vault + "/migrateresources", handle: migrate),
            .cbr("ShowHold", .get, hold, handle: showHold),
            .cbr("HoldBackup", .put, hold, handle: holdBackup),
            .cbr("ReleaseBackup", .delete, hold, handle: release),
        ]
    }

    @Sendable private func updateExpiration(_ request: ServiceRequest) async throws -> Answer {
        let body = try UpdateExpirationTimeRequest(request.fields())
        let change = try await control.updateExpiration(
            of: request.id("vault_id"), through: body.day, zone: body.timeZone, by: request.caller())
        return try .json(
            ExpirationTimeBody(count: change.backupCount, day: change.day, operation: change.operation.text))
    }

    @Sendable private func migrate(_ request: ServiceRequest) async throws -> Answer {
        let body = try MigrateResourcesRequest(request.fields())
        let ids = try await control.moveResources(
            body.resourceIDs.map { ResourceID($0) }, from: request.id("vault_id"),
            to: VaultID(body.destinationVaultID), by: request.caller())
        return try .json(MigratedResourcesBody(ids.map(\.text)))
    }

    @Sendable private func showHold(_ request: ServiceRequest) async throws -> Answer {
        let hold = try await control.showHold(of: request.id("backup_id"), by: request.caller())
        return try .json(HoldBody(hold))
    }

    @Sendable private func holdBackup(_ request: ServiceRequest) async throws -> Answer {
        let body = try HoldRequest(request.fields())
        let backup = try await control.holdBackup(
            request.id("backup_id"), reason: body.reason, by: request.caller())
        return try .json(HoldBody(backup.hold))
    }

    @Sendable private func release(_ request: ServiceRequest) async throws -> Answer {
        try await control.releaseBackup(request.id("backup_id"), by: request.caller())
        return .empty(.noContent)
    }
}
