public import Catalog
public import HoldfastCore

extension ControlPlane {
    public func listBackups(
        _ filter: BackupFilter = BackupFilter(), page: Page<BackupID> = Page(), by caller: Caller
    ) async throws -> Listing<BackupView> {
        try await read { transaction in try transaction.backups.list(in: caller.project, filter, page) }
    }

    /// One of the project's own, or one that is shared with it.
    public func showBackup(_ id: BackupID, by caller: Caller) async throws -> BackupView {
        try await read { transaction in try transaction.granted(id, to: caller.project) }
    }

    /// A backup that knows its machine.
    public func showMetadata(_ id: BackupID, by caller: Caller) async throws -> BackupRecord {
        let view = try await showBackup(id, by: caller)
        guard view.record.state == .available, view.isReadable else {
            throw ControlError(
                code: .metadataNotAvailable,
                message: view.isReadable
                    ? "backup \(id) is '\(view.record.state.rawValue)': only an available one gives metadata"
                    : "backup \(id) is shared with this project, and gives metadata once that has accepted it",
                facts: ["backup.id": id.text])
        }
        return view.record
    }

    public func renameBackup(_ id: BackupID, to name: String, by caller: Caller) async throws -> BackupView {
        try caller.mustWrite()
        let now = now
        return try await write { transaction in
            var record = try transaction.backup(id, in: caller.project).record
            record.name = name
            record.updatedAt = now
            try transaction.backups.update(record)
            return try transaction.backup(id, in: caller.project)
        }
    }

    /// Queues the removal of a backup. One that is being removed already is left to it.
    public func deleteBackup(_ id: BackupID, by caller: Caller) async throws {
        try caller.mustWrite()
        let now = now
        try await queue { [seams] transaction in
            let view = try transaction.backup(id, in: caller.project)
            switch view.status {
            case .deleting, .waitingDelete: return
            case .protecting, .waitingProtect:
                throw ControlError(
                    code: .backupRunning, message: "backup \(id) is still being made; wait until it ends",
                    facts: ["backup.id": id.text])
            case .restoring, .waitingRestore: throw ControlError.backupInUse(id)
            case .available, .error: break
            }
            guard try !transaction.readByOthers(of: caller.project).contains(id) else {
                throw ControlError.backupInUse(id)
            }
            let vault = try transaction.vault(view.record.vault, in: caller.project)
            try view.record.mustBeRemovable(from: vault, now: now)
            try transaction.queueDeletion(of: view.record, in: vault, by: caller, seams: seams, now: now)
        }
    }
}

extension OperationSubject {
    init(of backup: BackupRecord) {
        self.init()
        backupName = backup.name
        resourceName = backup.resourceName
        resourceType = backup.resourceType
    }
}
