public import Catalog
import HoldfastCore

/// Calls for workers. All throw ``ControlError``, `.leaseLost` when the operation is not the caller's any more.
extension ControlPlane {
    /// Takes up the operation whose turn it is, if there is one: projects take turns, each in the order of its calls.
    ///
    /// - Parameters:
    ///   - worker: a name for logs.
    ///   - duration: how long the claim holds without ``extendLease(_:for:progressPercent:details:)``.
    public func leaseOperation(worker: String, for duration: Duration) async throws -> LeasedOperation? {
        // Nothing to do is the common case: look without taking the one place for writers.
        while try await hasWork() {
            switch try await tryLease(worker: worker, for: duration) {
            case .leased(let leased): return leased
            case .taken: return nil
            case .unusable: continue
            }
        }
        return nil
    }

    private func hasWork() async throws -> Bool {
        let now = now
        return try await read { transaction in try transaction.operations.next(now: now) != nil }
    }

    private enum LeaseResult: Sendable {
        case leased(LeasedOperation)
        /// Another worker was faster.
        case taken
        /// It could not be begun, and has failed: without this one bad row would hold up every other.
        case unusable
    }

    private func tryLease(worker: String, for duration: Duration) async throws -> LeaseResult {
        let now = now
        return try await write { transaction in
            guard var operation = try transaction.operations.next(now: now) else { return .taken }
            let fence = operation.fence
            try operation.state.apply(.lease(Lease(worker: worker, endsAt: now.adding(duration))), now: now)
            operation.fence += 1
            operation.attempt += 1
            operation.startedAt = operation.startedAt ?? now
            operation.updatedAt = now
            do {
                let work = try transaction.work(of: operation)
                guard try transaction.operations.update(operation, expecting: fence) else { return .taken }
                try transaction.operations.noteTurn(of: operation.project)
                return .leased(
                    LeasedOperation(
                        id: operation.id, project: operation.project, kind: operation.kind,
                        requestID: operation.requestID, attempt: operation.attempt, fence: operation.fence,
                        progressPercent: operation.progressPercent, work: work))
            } catch let error as ControlError {
                // The sharing of a backup may have ended while its restore waited: that is nobody's fault.
                let isGone = error.code == .backupNotFound || error.code == .backupNotAvailable
                let failure = OperationFailure(
                    code: isGone ? .restorePointMissing : .unexpected, message: "it can't be begun: \(error.message)")
                try operation.state.apply(.fail(failure), now: now)
                operation.endedAt = now
                try transaction.noteFailed(&operation, now: now)
                _ = try transaction.operations.update(operation, expecting: fence)
                return .unusable
            }
        }
    }

    /// Keeps the claim, and stores how far the operation is. Progress that is less than what is stored is ignored.
    public func extendLease(
        _ leased: LeasedOperation, for duration: Duration, progressPercent: Int, details: OperationDetails?
    ) async throws {
        try await change(leased) { operation, _, now in
            try operation.state.apply(.extend(until: now.adding(duration)), now: now)
            operation.progressPercent = max(operation.progressPercent, min(progressPercent, 99))
            if let details { operation.details = details }
        }
    }

    /// Puts the operation back to the queue: the worker stops, and the next one goes on with it.
    public func releaseOperation(_ leased: LeasedOperation) async throws {
        try await change(leased) { operation, _, now in try operation.state.apply(.release, now: now) }
        signal.raise()
    }

    /// Puts every running operation back to the queue, and makes their workers' claims void.
    ///
    /// Only for a start at which no other worker runs on this catalog; else leases end by themselves.
    ///
    /// - Returns: how many there were.
    public func recoverInterrupted() async throws -> Int {
        let now = now
        return try await queue { transaction in
            var count = 0
            for var operation in try transaction.operations.unfinished() where operation.state != .queued {
                let fence = operation.fence
                try operation.state.apply(.release, now: now)
                operation.fence += 1
                operation.updatedAt = now
                if try transaction.operations.update(operation, expecting: fence) { count += 1 }
            }
            return count
        }
    }

    /// Changes an operation that the caller still holds.
    func change<Value: Sendable>(
        _ leased: LeasedOperation,
        _ body: @escaping @Sendable (inout OperationRecord, any SQLTransaction, Instant) throws -> Value
    ) async throws -> Value {
        let now = now
        return try await write { transaction in
            guard var operation = try transaction.operations.find(leased.id, in: leased.project),
                operation.fence == leased.fence, case .running = operation.state
            else { throw ControlError.leaseLost(leased.id) }
            let value = try body(&operation, transaction, now)
            operation.updatedAt = now
            guard try transaction.operations.update(operation, expecting: leased.fence) else {
                throw ControlError.leaseLost(leased.id)
            }
            return value
        }
    }
}

extension SQLTransaction {
    fileprivate func work(of operation: OperationRecord) throws -> LeasedOperation.Work {
        switch operation.kind {
        case .backup:
            let record = try backup(try operation.required(operation.backup), in: operation.project).record
            guard let checkpoint = try checkpoints.find(record.checkpoint, in: operation.project) else {
                throw ControlError.checkpointNotFound(record.checkpoint)
            }
            return .backUp(
                BackupWork(
                    backup: record, vault: try vault(record.vault, in: operation.project),
                    checkpointName: checkpoint.name,
                    parent: record.isIncremental
                        ? try backups.newestAvailable(of: record.resource, in: operation.project) : nil))
        case .restore:
            // A sharing may have ended since it was queued, or since an earlier attempt.
            let record = try readable(try operation.required(operation.backup), to: operation.project).record
            return .restore(
                RestoreWork(
                    backup: record.id, restorePoint: try operation.required(record.restorePoint),
                    target: try operation.required(operation.subject.target)))
        case .delete:
            // The row is gone when an earlier attempt got that far.
            let id = try operation.required(operation.backup)
            let found = try backups.find(id, in: operation.project)
            return .remove(doomed(found.map { [$0.record] } ?? []))
        case .vaultDelete: return .remove(doomed(try backups.ofVault(try operation.required(operation.vault))))
        case .removeResource:
            return .remove(
                doomed(
                    try backups.ofVault(
                        try operation.required(operation.vault), resources: operation.subject.resources)))
        case .replication:
            let record = try backup(try operation.required(operation.backup), in: operation.project).record
            let subject = try operation.required(operation.subject.replication)
            guard let checkpoint = try checkpoints.find(record.checkpoint, in: operation.project) else {
                throw ControlError.checkpointNotFound(record.checkpoint)
            }
            return .replicate(
                ReplicationWork(
                    subject: subject, backup: record, restorePoint: try operation.required(record.restorePoint),
                    checkpointName: checkpoint.name,
                    basis: try replications.basis(
                        of: record.resource, in: operation.project, region: subject.region,
                        remoteProject: subject.project
                    ).map { ReplicationWork.Basis(source: $0.source, target: $0.target) }))
        case .sync:
            if let backup = operation.subject.imports {
                return .importBackups(
                    ImportWork(
                        scope: .backup(
                            backup, restorePoint: operation.subject.importsRestorePoint,
                            resource: operation.subject.importsResource)))
            }
            return .importBackups(ImportWork(scope: .vault(try operation.required(operation.vault))))
        case .updateExpirationTime:
            // Never queued; nothing is left to do.
            return .remove([])
        }
    }
}

/// Of what a removal is about, what was given up for it: not what has come since, nor what another removal gave back.
private func doomed(_ records: [BackupRecord]) -> [DoomedBackup] {
    records.filter { [.deleting, .error].contains($0.state) }.map { DoomedBackup($0) }
}

extension DoomedBackup {
    fileprivate init(_ record: BackupRecord) {
        self.init(
            backup: record.id, restorePoint: record.restorePoint, endsHold: record.isHoldKept && record.hold == nil)
    }
}

extension OperationRecord {
    fileprivate func required<Value>(_ value: Value?) throws -> Value {
        guard let value else {
            throw ControlError(
                code: .unexpected, message: "operation \(id) of kind '\(kind.rawValue)' is incomplete in the catalog",
                facts: ["operation.id": id.text])
        }
        return value
    }
}
