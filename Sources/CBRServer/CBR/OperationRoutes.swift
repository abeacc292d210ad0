import CBRWire
import Catalog
import ControlPlane
import HTTPTypes
import HoldfastCore

/// Operation logs: what runs, ran, and how it ended.
struct OperationRoutes: Sendable {
    let control: ControlPlane

    var routes: [Route] {
        [
            .cbr("ListOpLogs", .get, "/v3/{project_id}/operation-logs", handle: list),
            .cbr("ShowOpLog", .get, "/v3/{project_id}/operation-logs/{operation_log_id}", handle: show),
        ]
    }

    @Sendable private func list(_ request: ServiceRequest) async throws -> Answer {
        let query = try ListQuery(request)
        guard let filter = try Self.filter(query) else {
            return try .json(OperationListBody([], count: 0, limit: query.limit, offset: query.offset))
        }
        let found = try await control.listOperations(
            filter, page: query.page(of: OperationID.self), by: request.caller())
        return try .json(
            OperationListBody(
                found.rows.map { OperationShape($0) }, count: found.count, limit: query.limit, offset: query.offset))
    }

    /// - Returns: nil when the query asks for what no operation here can be.
    private static func filter(_ query: ListQuery) throws -> OperationFilter? {
        var filter = OperationFilter()
        if let text = query.text("operation_type") {
            guard let kind = OperationKind(rawValue: text) else { return nil }
            filter.kind = kind
        }
        if let text = query.text("status") {
            guard let status = OperationStatus.allCases.first(where: { "\($0)" == text }) else { return nil }
            filter.status = status
        }
        filter.vault = query.text("vault_id").map { VaultID($0) }
        filter.vaultName = query.text("vault_name")
        filter.checkpoint = query.text("checkpoint_id").map { CheckpointID($0) }
        filter.backup = query.text("backup_id").map { BackupID($0) }
        filter.resource = query.text("resource_id").map { ResourceID($0) }
        filter.resourceName = query.text("resource_name")
        if let provider = query.text("provider_id") {
            filter.resourceTypes = ResourceType.allCases.filter { $0.providerID == provider }
        }
        filter.enterpriseProject = query.enterpriseProject()
        filter.from = try query.instant("start_time")
        filter.until = try query.instant("end_time")
        return filter
    }

    @Sendable private func show(_ request: ServiceRequest) async throws -> Answer {
        let record = try await control.showOperation(request.id("operation_log_id"), by: request.caller())
        return try .json(OperationBody(OperationShape(record)))
    }
}

extension OperationShape {
    init(_ record: OperationRecord) {
        self.init()
        checkpointId.value = record.checkpoint?.text
        createdAt = WireTime.seconds(record.createdAt.microseconds)
        endedAt.value = record.endedAt.map { WireTime.seconds($0.microseconds) }
        if case .failed(let failure) = record.state {
            errorInfo.code = ErrorMapping.code(of: failure.code)
            errorInfo.message = failure.message
        }
        extraInfo = ExtraInfo(record)
        id = record.id.text
        operationType = record.kind.rawValue
        policyId.value = record.subject.policy?.text
        projectId = record.project.text
        providerId.value = record.subject.resourceType?.providerID
        startedAt = WireTime.seconds((record.startedAt ?? record.createdAt).microseconds)
        status =
            switch record.state {
            case .queued: "waiting"
            case .running: "running"
            case .succeeded: "success"
            case .failed: "failed"
            }
        updatedAt = WireTime.seconds(record.updatedAt.microseconds)
        vaultId.value = record.vault?.text
        vaultName.value = record.vaultName
    }
}

extension OperationShape.ExtraInfo {
    init(_ record: OperationRecord) {
        self.init()
        let subject = record.subject
        common.progress = record.progressPercent
        common.requestId = record.requestID
        common.taskId = record.id.text
        resource.id = record.resource?.text ?? ""
        resource.name = subject.resourceName ?? ""
        resource.type = subject.resourceType?.rawValue ?? ""
        switch record.kind {
        case .backup:
            var info = OperationShape.Backup()
            info.backupId = record.backup?.text ?? ""
            info.backupName = subject.backupName ?? ""
            info.incremental = subject.isIncremental ?? true ? "true" : "false"
            backup = info
        case .delete:
            var info = OperationShape.Delete()
            info.backupId = record.backup?.text ?? ""
            info.backupName = subject.backupName ?? ""
            delete = info
        case .restore:
            var info = OperationShape.Restore()
            info.backupId = record.backup?.text ?? ""
            info.backupName = subject.backupName ?? ""
            info.targetResourceId = record.resource?.text ?? ""
            info.targetResourceName =
                record.resource == nil ? subject.target?.location ?? "" : subject.resourceName ?? ""
            restore = info
        case .removeResource:
            var info = OperationShape.RemoveResources()
            info.totalCount = subject.resources.count
            info.failCount = record.details.failedCount ?? 0
            let known = Dictionary(
                (subject.leaving ?? []).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            info.resources = subject.resources.map { id in
                var resource = OperationShape.Resource()
                resource.id = id.text
                resource.name = known[id]?.name ?? ""
                resource.type = known[id]?.type.rawValue ?? ""
                return resource
            }
            removeResources = info
        case .vaultDelete:
            var info = OperationShape.VaultDelete()
            info.totalCount = subject.backupCount ?? 0
            info.failCount = record.details.failedCount ?? 0
            vaultDelete = info
        case .replication:
            var info = OperationShape.Replication()
            info.sourceBackupId = record.backup?.text ?? ""
            info.sourceBackupName = subject.backupName ?? ""
            info.sourceCheckpointId = record.checkpoint?.text ?? ""
            info.sourceProjectId = record.project.text
            info.sourceRegion = subject.replication?.sourceRegion ?? ""
            info.destinationBackupId = record.details.remoteBackup?.text ?? ""
            info.destinationBackupName = subject.replication?.name ?? ""
            info.destinationCheckpointId = record.details.remoteCheckpoint?.text ?? ""
            info.destinationProjectId = subject.replication?.project.text ?? ""
            info.destinationRegion = subject.replication?.region ?? ""
            replication = info
        case .sync:
            var info = OperationShape.Sync()
            info.syncBackupNum = record.details.importedCount ?? 0
            info.errSyncBackupNum = record.details.refusedCount ?? 0
            sync = info
        case .updateExpirationTime:
            var info = OperationShape.UpdateExpirationTime()
            info.affectedBackupsCount = subject.backupCount ?? 0
            info.expirationDay = subject.expirationDay ?? ""
            updateExpirationTime = info
        }
        holdfast = OperationShape.Transfer(record)
    }
}

extension OperationShape.Transfer {
    init(_ record: OperationRecord) {
        self.init()
        let details = record.details
        doneBytes = details.doneBytes
        totalBytes.value = details.totalBytes
        doneEntries = details.doneEntries
        totalEntries.value = details.totalEntries
        storedBytes.value = details.storedBytes
        readBytes.value = details.readBytes
        writtenBytes.value = details.writtenBytes
        verifiedBytes.value = details.verifiedBytes
        warningCount = details.warningCount
        warnings = details.warnings.map { .init(path: $0.path, reason: $0.reason, message: $0.message) }
        restorePoint.value = details.restorePoint?.text
        attempt = record.attempt
    }
}
