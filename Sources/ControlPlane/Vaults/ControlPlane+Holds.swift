public import Catalog
public import HoldfastCore

/// Legal holds: a held backup is removed by nothing, neither a call nor its time, until somebody releases it.
extension ControlPlane {
    static let holdReasonMax = 255

    /// The hold of one of the project's own backups; nil without one.
    public func showHold(of id: BackupID, by caller: Caller) async throws -> BackupRecord.Hold? {
        try await read { transaction in try transaction.backup(id, in: caller.project).record.hold }
    }

    /// Puts a backup under a hold. One that is held already keeps its beginning, and gets the new reason.
    public func holdBackup(_ id: BackupID, reason: String, by caller: Caller) async throws -> BackupRecord {
        try caller.mustWrite()
        guard (1...Self.holdReasonMax).contains(reason.unicodeScalars.count) else {
            throw ControlError.invalid("hold.reason", "must have 1 to \(Self.holdReasonMax) characters")
        }
        let now = now
        return try await write { transaction in
            var record = try transaction.backup(id, in: caller.project).record
            guard record.state == .available else {
                throw ControlError(
                    code: .backupNotAvailable,
                    message: "backup \(id) is in state '\(record.state.rawValue)'; only an available one can be held",
                    facts: ["backup.id": id.text])
            }
            record.hold = BackupRecord.Hold(since: record.hold?.since ?? now, reason: reason)
            record.updatedAt = now
            try transaction.backups.update(record)
            return record
        }
    }

    /// Ends a hold; none is no error. Administrators alone may: a hold is against those who would rather have it gone.
    public func releaseBackup(_ id: BackupID, by caller: Caller) async throws {
        guard caller.role.mayDeleteVaults else { throw ControlError.forbidden("release legal holds", caller.role) }
        let now = now
        try await write { transaction in
            var record = try transaction.backup(id, in: caller.project).record
            guard record.hold != nil else { return }
            record.hold = nil
            record.updatedAt = now
            try transaction.backups.update(record)
        }
    }
}
