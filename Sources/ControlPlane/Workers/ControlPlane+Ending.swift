public import Catalog
public import HoldfastCore

extension ControlPlane {
    /// Stores that the operation ended well, together with what follows from it.
    public func completeOperation(_ leased: LeasedOperation, _ outcome: OperationOutcome) async throws {
        try await change(leased) { [seams] operation, transaction, now in
            try operation.state.apply(.succeed, now: now)
            operation.progressPercent = 100
            operation.endedAt = now
            switch outcome {
            case .backedUp(let result):
                operation.details = result.details
                try transaction.noteBackedUp(result, operation: operation, seams: seams, now: now)
            case .restored(let details), .imported(let details):
                operation.details = details
            case .replicated(let result):
                operation.details = result.details
                operation.details.remoteBackup = result.backup
                operation.details.remoteCheckpoint = result.checkpoint
                if let record = operation.subject.replication?.record {
                    try transaction.replications.finish(
                        record, backup: result.backup, checkpoint: result.checkpoint,
                        restorePoint: result.restorePoint, now: now)
                }
            case .removed:
                try transaction.noteRemoved(operation)
            }
        }
        usageSignal.raise()
    }

    /// Stores that the operation failed, together with what follows from it.
    ///
    /// - Parameters:
    ///   - details: nil keeps what is stored.
    ///   - stillThere: of a removal: backups whose restore points the repository has. They are as they were before.
    public func failOperation(
        _ leased: LeasedOperation, _ failure: OperationFailure, details: OperationDetails? = nil,
        stillThere: [BackupID: StoredKeep] = [:]
    ) async throws {
        try await change(leased) { operation, transaction, now in
            try operation.state.apply(.fail(failure), now: now)
            operation.endedAt = now
            if let details { operation.details = details }
            try transaction.noteFailed(&operation, stillThere: stillThere, now: now)
        }
    }

    /// Removes the row of a backup whose bytes are forgotten: one step of a removal. Safe to repeat.
    public func noteForgotten(
        _ backup: BackupID, by leased: LeasedOperation, progressPercent: Int, for duration: Duration
    ) async throws {
        try await change(leased) { [seams] operation, transaction, now in
            try operation.state.apply(.extend(until: now.adding(duration)), now: now)
            operation.progressPercent = max(operation.progressPercent, min(progressPercent, 99))
            if let view = try transaction.backups.find(backup, in: leased.project) {
                try transaction.backups.delete(backup, of: view.record.checkpoint)
                try transaction.noteBackupsChanged(
                    in: view.record.vault, of: leased.project, seams: seams, now: now)
            }
        }
    }

    /// What the catalog knows of a backup that a stored restore point names.
    public func backupRecord(_ backup: BackupID, in project: ProjectID) async throws -> BackupRecord? {
        try await read { transaction in try transaction.backups.find(backup, in: project)?.record }
    }
}

extension SQLTransaction {
    fileprivate func noteBackedUp(
        _ result: BackupResult, operation: OperationRecord, seams: Seams, now: Instant
    ) throws {
        guard let id = operation.backup else { return }
        var record = try backup(id, in: operation.project).record
        try record.state.apply(.protected)
        record.restorePoint = result.restorePoint
        record.parent = result.parent
        // It has what those stored that were deleted while it was made.
        record.storedBytes = max(
            result.storedBytes, min(record.storedBytes + result.storedBytes, result.logicalBytes))
        record.logicalBytes = result.logicalBytes
        record.resourceSizeBytes = result.logicalBytes
        record.protectedAt = now
        record.updatedAt = now
        try backups.update(record)
        // A tree's size is known only now; an image's is confirmed.
        try resources.setSize(result.logicalBytes, of: record.resource, in: operation.project, now: now)
        let change = try usage.noteChange(of: record.vault, in: record.project)
        try usage.setChange(change, of: record.id)
        try noteUse(of: vault(record.vault, in: record.project), seams: seams, now: now)
    }

    fileprivate func noteRemoved(_ operation: OperationRecord) throws {
        switch operation.kind {
        case .vaultDelete:
            if let vault = operation.vault { try vaults.delete(vault) }
        case .removeResource:
            for resource in operation.subject.resources { try vaultResources.delete(resource, in: operation.project) }
        case .backup, .restore, .delete, .sync, .replication, .updateExpirationTime: break
        }
    }

    func noteFailed(
        _ operation: inout OperationRecord, stillThere: [BackupID: StoredKeep] = [:], now: Instant
    ) throws {
        switch operation.kind {
        case .backup:
            guard let id = operation.backup else { return }
            var record = try backup(id, in: operation.project).record
            record.storedBytes = 0
            try move([record], .protectionFailed, now: now)
        case .restore, .sync, .replication, .updateExpirationTime:
            break
        case .delete:
            guard let id = operation.backup, let view = try backups.find(id, in: operation.project) else { return }
            try endRemoval([view.record], stillThere, now: now)
        case .vaultDelete:
            guard let vault = operation.vault else { return }
            let left = try backups.ofVault(vault)
            operation.details.failedCount = left.count
            try endRemoval(left, stillThere, now: now)
            try vaults.setState(.error, of: vault, now: now)
        case .removeResource:
            guard let vault = operation.vault else { return }
            try endRemoval(
                backups.ofVault(vault, resources: operation.subject.resources), stillThere, now: now)
            operation.details.failedCount = operation.subject.resources.count
            for resource in operation.subject.resources {
                guard var membership = try vaultResources.find(resource, in: operation.project) else { continue }
                membership.isRemoving = false
                try vaultResources.update(membership)
            }
        }
    }

    /// What is still there can be restored and held as before, and is kept as the repository says.
    private func endRemoval(_ records: [BackupRecord], _ stillThere: [BackupID: StoredKeep], now: Instant) throws {
        for record in records {
            guard let keep = stillThere[record.id], keep.restorePoint == record.restorePoint else {
                try move([record], .deletionFailed, now: now)
                continue
            }
            try move([record], .deletionRefused, now: now)
            try take(keep, of: record.id, in: record.project, now: now)
        }
    }

    private func move(_ records: [BackupRecord], _ event: BackupState.Event, now: Instant) throws {
        // A deletion of one of them by itself may have ended meanwhile: only what still takes the event moves.
        for var record in records where record.state.takes(event) {
            try record.state.apply(event)
            record.updatedAt = now
            try backups.update(record)
        }
    }
}
