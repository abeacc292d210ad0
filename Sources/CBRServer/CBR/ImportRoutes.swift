import CBRWire
import Catalog
import ControlPlane
import Foundation
import HTTPTypes
import HoldfastCore

/// Searches of the repository for backups that the catalog does not know.
struct ImportRoutes: Sendable {
    let control: ControlPlane

    var routes: [Route] {
        [
            .cbr("ImportCheckpoint", .post, "/v3/{project_id}/checkpoints/sync", handle: importCheckpoint),
            .cbr("ImportBackup", .post, "/v3/{project_id}/backups/sync", handle: importBackups),
        ]
    }

    @Sendable private func importCheckpoint(_ request: ServiceRequest) async throws -> Answer {
        let body = try ImportCheckpointRequest(request.fields())
        let operation = try await control.importVault(VaultID(body.vaultID), by: request.caller())
        return try .json(ImportCheckpointBody(operation: operation.id.text, vault: body.vaultID))
    }

    @Sendable private func importBackups(_ request: ServiceRequest) async throws -> Answer {
        let body = try ImportBackupRequest(request.fields())
        let drafts = try body.items.map { item in
            guard ResourceType(rawValue: item.resourceType) != nil else {
                throw Refusal.unknownResourceType(item.resourceType, field: item.resourceTypeField)
            }
            // The one store has no images at paths; whoever knows a restore point's name may give it there.
            let isName = item.imagePath.utf8.count == 64 && Hex.decode(item.imagePath) != nil
            return ImportDraft(
                backup: BackupID(item.backupID), restorePoint: isName ? RestorePointID(item.imagePath) : nil,
                resource: ResourceID(item.resourceID))
        }
        let operations = try await control.importBackups(drafts, by: request.caller())
        return try .json(
            ImportBackupBody(
                zip(drafts, operations).map { .init(backup: $0.backup.text, operation: $1.id.text) }))
    }
}
