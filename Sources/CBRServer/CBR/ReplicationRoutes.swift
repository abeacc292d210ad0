import CBRWire
import Catalog
import ControlPlane
import HTTPTypes
import HoldfastCore

/// Sending backups to other regions, and looking at those.
struct ReplicationRoutes: Sendable {
    let control: ControlPlane

    var routes: [Route] {
        [
            .cbr(
                "ShowReplicationCapabilities", .get, "/v3/{project_id}/replication-capabilities", handle: capabilities),
            .cbr("ListExternalVault", .get, "/v3/{project_id}/vaults/external", handle: externalVaults),
            .cbr("CopyBackup", .post, "/v3/{project_id}/backups/{backup_id}/replicate", handle: copyBackup),
            .cbr("CopyCheckpoint", .post, "/v3/{project_id}/checkpoints/replicate", handle: copyVault),
        ]
    }

    @Sendable private func capabilities(_ request: ServiceRequest) async throws -> Answer {
        let project = try request.caller().project
        return try .json(
            ReplicationCapabilitiesBody(
                region: control.peers.localRegion, destinations: control.peers.regions(for: project)))
    }

    @Sendable private func externalVaults(_ request: ServiceRequest) async throws -> Answer {
        let query = try ListQuery(request)
        guard let project = query.text("external_project_id") else {
            throw FieldError(field: "external_project_id", rule: "is required")
        }
        guard let region = query.text("region_id") else { throw FieldError(field: "region_id", rule: "is required") }
        var filter = RemoteVaultFilter()
        filter.id = query.text("vault_id").map { VaultID($0) }
        filter.cloudType = query.text("cloud_type")
        // The interface's own spelling comes first.
        let objectType = query.text("objcet_type") ?? query.text("object_type")
        filter.objectType = objectType.flatMap { VaultObjectType(rawValue: $0) }
        filter.protectType = query.text("protect_type").flatMap { VaultProtectType(rawValue: $0) }
        guard objectType == nil || filter.objectType != nil,
            query.text("protect_type") == nil || filter.protectType != nil
        else { return try .json(VaultListBody(vaults: [], count: 0, limit: query.limit, offset: query.offset)) }
        let found = try await control.externalVaults(
            in: region, project: ProjectID(project), filter, limit: query.limit, offset: query.offset,
            by: request.caller())
        return try .json(
            VaultListBody(
                vaults: found.rows.map { VaultShape($0) }, count: found.count, limit: query.limit,
                offset: query.offset))
    }

    @Sendable private func copyBackup(_ request: ServiceRequest) async throws -> Answer {
        let body = try ReplicateRequest.backup(request.fields())
        let caller = try request.caller()
        let id: BackupID = try request.id("backup_id")
        let record = try await control.copyBackup(id, ReplicationDraft(body), by: caller)
        let backup = try await control.showBackup(id, by: caller).record
        var shape = CopyBackupBody.Replication()
        shape.backupId = record.backup.text
        shape.destinationProjectId = record.remoteProject.text
        shape.destinationRegion = record.region
        shape.destinationVaultId = record.remoteVault.text
        shape.projectId = record.project.text
        shape.providerId = backup.resourceType.providerID
        shape.replicationRecordId = record.id.text
        shape.sourceRegion = control.peers.localRegion
        return try .json(CopyBackupBody(shape))
    }

    @Sendable private func copyVault(_ request: ServiceRequest) async throws -> Answer {
        let body = try ReplicateRequest.vault(request.fields())
        let caller = try request.caller()
        let id = VaultID(body.sourceVaultID)
        let records = try await control.copyVault(id, ReplicationDraft(body), by: caller)
        let vault = try await control.showVault(id, by: caller).record
        var shape = CopyCheckpointBody.Replication()
        shape.backups = records.map { .init(backup: $0.backup.text, record: $0.id.text) }
        shape.destinationProjectId = body.project
        shape.destinationRegion = body.region
        shape.destinationVaultId = body.vaultID
        shape.projectId = caller.project.text
        shape.providerId = vault.objectType.providerID
        shape.sourceRegion = control.peers.localRegion
        shape.vaultId = id.text
        return try .json(CopyCheckpointBody(shape))
    }
}

extension ReplicationDraft {
    fileprivate init(_ body: ReplicateRequest) {
        self.init(
            region: body.region, project: ProjectID(body.project), vault: VaultID(body.vaultID),
            isAutomatic: body.autoTrigger, name: body.name, description: body.description)
    }
}

extension ReplicationRecordShape {
    init(_ view: ReplicationView, sourceRegion: String) {
        self.init()
        let record = view.record
        createdAt = WireTime.microseconds(record.createdAt.microseconds)
        destinationBackupId = record.remoteBackup?.text ?? ""
        destinationCheckpointId = record.remoteCheckpoint?.text ?? ""
        destinationProjectId = record.remoteProject.text
        destinationRegion = record.region
        destinationVaultId = record.remoteVault.text
        extraInfo.autoTrigger = record.isAutomatic
        extraInfo.destinationVaultId = record.remoteVault.text
        extraInfo.progress = view.progressPercent
        id = record.id.text
        sourceBackupId = record.backup.text
        sourceCheckpointId = record.checkpoint.text
        sourceProjectId = record.project.text
        self.sourceRegion = sourceRegion
        vaultId = record.vault.text
        switch view.state {
        case .queued: status = "waiting_replicate"
        case .running: status = "replicating"
        case .succeeded: status = "success"
        case .failed(let failure):
            status = "fail"
            extraInfo.failCode.value = ErrorMapping.code(of: failure.code)
            extraInfo.failReason.value = failure.message
        }
    }
}

extension VaultShape {
    /// A vault of another region, of which not everything is told.
    init(_ vault: RemoteVault) {
        self.init()
        billing.allocated = Int(clamping: vault.allocatedGiB)
        billing.chargingMode = "post_paid"
        billing.cloudType = "public"
        billing.consistentLevel = vault.consistentLevel.rawValue
        billing.objectType = vault.objectType.rawValue
        billing.protectType = vault.protectType.rawValue
        billing.size = vault.sizeGiB
        billing.specCode = vault.objectType.specCode(vault.protectType)
        billing.status = vault.state.rawValue
        billing.used = Int(clamping: vault.usedMiB)
        createdAt = vault.createdAt
        description.value = vault.description
        id = vault.id.text
        name = vault.name
        projectId = vault.project.text
        providerId = vault.objectType.providerID
        resources = vault.members.map { member in
            var shape = VaultResourceShape()
            shape.backupCount = Int(clamping: member.backupCount)
            shape.backupSize = Int(clamping: member.backupMiB)
            shape.id = member.id
            shape.name = member.name
            shape.protectStatus = member.protectStatus
            shape.size = Int(clamping: member.sizeGiB)
            shape.type = member.type
            return shape
        }
    }
}
