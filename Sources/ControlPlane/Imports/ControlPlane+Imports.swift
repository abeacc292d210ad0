public import Catalog
public import HoldfastCore

/// A backup that is said to be in the repository.
public struct ImportDraft: Sendable, Equatable {
    public var backup: BackupID
    /// Nil: whichever names the backup.
    public var restorePoint: RestorePointID?
    public var resource: ResourceID

    public init(backup: BackupID, restorePoint: RestorePointID?, resource: ResourceID) {
        self.backup = backup
        self.restorePoint = restorePoint
        self.resource = resource
    }
}

/// Searches of the repository for backups that the catalog does not know.
extension ControlPlane {
    /// Queues a search for all backups of a vault.
    ///
    /// - Throws: ``ControlError`` with `.syncRunning` while an earlier search for the vault is on its way.
    public func importVault(_ id: VaultID, by caller: Caller) async throws -> OperationRecord {
        try caller.mustWrite()
        let now = now
        return try await queue { [seams] transaction in
            let vault = try transaction.vault(id, in: caller.project)
            guard vault.state == .available else { throw ControlError.vaultState(vault, needed: "a search") }
            let unfinished = try transaction.operations.unfinished(.sync, in: caller.project)
            if let running = unfinished.first(where: { $0.vault == id }) {
                throw ControlError(
                    code: .syncRunning,
                    message: "operation \(running.id) is looking for backups of vault \(id); wait until it ends",
                    facts: ["vault.id": id.text, "operation.id": running.id.text])
            }
            let operation = OperationRecord.queued(
                .sync, by: caller, vault: vault, subject: OperationSubject(), seams: seams, now: now)
            try transaction.operations.insert(operation)
            return operation
        }
    }

    /// Queues a search for each of some backups; all or none.
    ///
    /// - Returns: one operation for each, in the order of `drafts`.
    public func importBackups(_ drafts: [ImportDraft], by caller: Caller) async throws -> [OperationRecord] {
        try caller.mustWrite()
        var seen: Set<BackupID> = []
        for (index, draft) in drafts.enumerated() where !seen.insert(draft.backup).inserted {
            throw ControlError.invalid("sync[\(index)].backup_id", "is given twice")
        }
        let now = now
        return try await queue { [seams] transaction in
            try drafts.map { draft in
                var subject = OperationSubject()
                subject.imports = draft.backup
                subject.importsRestorePoint = draft.restorePoint
                subject.importsResource = draft.resource
                let operation = OperationRecord.queued(
                    .sync, by: caller, vault: nil, subject: subject, seams: seams, now: now)
                try transaction.operations.insert(operation)
                return operation
            }
        }
    }

    /// Those of some backups that no project's catalog has.
    public func unknownBackups(_ ids: [BackupID]) async throws -> Set<BackupID> {
        try await read { transaction in
            Set(try ids.filter { try transaction.backups.owner(of: $0) == nil })
        }
    }

    /// Takes found backups into the catalog: a step of a search. Safe to repeat.
    public func adopt(
        _ found: [FoundBackup], by leased: LeasedOperation, progressPercent: Int, for duration: Duration
    ) async throws -> ImportReport {
        let seams = seams
        return try await change(leased) { operation, transaction, now in
            try operation.state.apply(.extend(until: now.adding(duration)), now: now)
            operation.progressPercent = max(operation.progressPercent, min(progressPercent, 99))
            return try transaction.adopt(found.filter { $0.project == leased.project }, seams: seams, now: now)
        }
    }

    /// Takes found backups of whatever project into the catalog, where no operation stands for it: after the catalog was
    /// lost. Safe to repeat.
    public func adopt(_ found: [FoundBackup]) async throws -> ImportReport {
        let now = now
        return try await write { [seams] transaction in try transaction.adopt(found, seams: seams, now: now) }
    }
}
