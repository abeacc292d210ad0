public import Catalog
public import HoldfastCore

extension SQLTransaction {
    /// A backup that a project may look at: its own, or one that is shared with it.
    func granted(_ id: BackupID, to project: ProjectID) throws -> BackupView {
        if let own = try backups.find(id, in: project) { return own }
        guard let shared = try backups.findShared(id, with: project) else { throw ControlError.backupNotFound(id) }
        return shared
    }

    /// A backup whose bytes a project may read now: its own, or one that it has accepted.
    func readable(_ id: BackupID, to project: ProjectID) throws -> BackupView {
        let view = try granted(id, to: project)
        guard view.isReadable else { throw ControlError.notAccepted(id) }
        return view
    }

    /// A project's backups that are being sent elsewhere, or restored by a member: they can't go now.
    func readByOthers(of project: ProjectID) throws -> Set<BackupID> {
        try replications.sending(in: project).union(members.restoring(backupsOf: project))
    }

    /// What was accepted into a vault that goes has to be accepted anew.
    func loseShares(in vault: VaultID, of project: ProjectID, now: Instant) throws {
        for var member in try members.accepted(into: vault, of: project) {
            guard try member.state.apply(.loseVault(vault)) == .store else { continue }
            member.updatedAt = now
            try store(member)
        }
    }
}

extension BackupView {
    /// The vault of the project that looks; nil while it has not accepted the backup.
    public var vault: VaultID? { share.map(\.state.vault) ?? record.vault }

    /// Whether the project that looks may read its bytes.
    public var isReadable: Bool { vault != nil }
}
