import Catalog
public import HoldfastCore

extension ControlPlane {
    /// Moves resources with all their backups from a vault to another; all or none. No byte is copied: what the repository
    /// holds does not know of vaults.
    ///
    /// A restore point whose backups do not all move is divided: those that move get one of their own.
    ///
    /// - Returns: the ids that were given, in their order.
    public func moveResources(
        _ ids: [ResourceID], from sourceID: VaultID, to destinationID: VaultID, by caller: Caller
    ) async throws -> [ResourceID] {
        try caller.mustWrite()
        try Self.mustDiffer(ids)
        let now = now
        let moved = try await write { [seams] transaction in
            let source = try transaction.vault(sourceID, in: caller.project)
            let destination = try transaction.vault(destinationID, in: caller.project)
            try source.mustGive(to: destination)
            let backups = try transaction.movable(ids, from: source)
            try transaction.mustFit(backups, resources: ids.count, in: destination)
            for id in ids {
                try transaction.vaultResources.move(id, in: caller.project, to: destinationID)
            }
            try transaction.divide(backups, moving: ids, from: source, to: destination, seams: seams)
            try transaction.noteBackupsChanged(in: sourceID, of: caller.project, seams: seams, now: now)
            let change = try transaction.usage.noteChange(of: destinationID, in: caller.project)
            for backup in backups { try transaction.usage.setChange(change, of: backup.id) }
            if destination.settings.isLocked, !source.settings.isLocked {
                let moved = Set(backups.map(\.id))
                // What was there, or comes from a locked vault, has its time, or none for ever.
                try transaction.stampTimes(
                    of: transaction.backups.ofVault(destinationID, resources: ids).filter { moved.contains($0.id) },
                    in: destination, now: now)
            }
            try transaction.noteUse(of: destination, seams: seams, now: now)
            return ids
        }
        usageSignal.raise()
        return moved
    }
}

extension VaultRecord {
    fileprivate func mustGive(to destination: VaultRecord) throws {
        guard id != destination.id else {
            throw ControlError.invalid("destination_vault_id", "must be another vault")
        }
        for vault in [self, destination] where vault.state != .available {
            throw ControlError.vaultState(vault, needed: "a move")
        }
        guard objectType == destination.objectType, protectType == destination.protectType else {
            throw ControlError(
                code: .targetVaultUnfit,
                message:
                    "vault \(destination.id) is for \(destination.objectType.rawValue) \(destination.protectType.rawValue), "
                    + "and vault \(id) for \(objectType.rawValue) \(protectType.rawValue)",
                facts: ["vault.id": destination.id.text])
        }
        guard !settings.isLocked || destination.settings.isLocked else {
            throw ControlError(
                code: .vaultLocked, message: "nothing leaves the locked vault \(id) for one that is not locked",
                facts: ["vault.id": id.text])
        }
    }
}

extension SQLTransaction {
    /// The backups of resources that may leave a vault now.
    fileprivate func movable(_ ids: [ResourceID], from vault: VaultRecord) throws -> [BackupRecord] {
        let members = Dictionary(
            uniqueKeysWithValues: try vaultResources.members(of: vault.id).map { ($0.resource.id, $0) })
        for id in ids {
            guard let member = members[id] else { throw ControlError.notInVault(id) }
            guard !member.membership.isRemoving else { throw ControlError.beingRemoved(id) }
            guard !member.isProtecting, !member.isRestoring else {
                throw ControlError(
                    code: member.isProtecting ? .backupRunning : .restoreRunning,
                    message: "resource \(id) can't move while it is being "
                        + (member.isProtecting ? "backed up" : "restored"),
                    facts: ["resource.id": id.text])
            }
        }
        let found = try backups.ofVault(vault.id, resources: ids)
        let busy = Set(try operations.unfinished(in: vault.project).compactMap(\.backup))
        if let one = found.first(where: { busy.contains($0.id) }) { throw ControlError.backupInUse(one.id) }
        return found
    }

    fileprivate func mustFit(_ backups: [BackupRecord], resources: Int, in vault: VaultRecord) throws {
        guard try vaultResources.count(in: vault.id) + resources <= ControlPlane.resourcesPerVaultMax else {
            throw ControlError(
                code: .resourceLimit, message: "a vault holds at most \(ControlPlane.resourcesPerVaultMax) resources",
                facts: ["vault.id": vault.id.text])
        }
        let used = try vaults.usedBytes(vault.id) + backups.reduce(0) { $0 + $1.storedBytes }
        guard used <= vault.sizeBytes || vault.settings.autoExpand else {
            throw ControlError(
                code: .targetVaultFull,
                message:
                    "vault \(vault.id) would use \(ControlPlane.megabytes(used)) MB, more than its size of \(vault.sizeGiB) GB",
                facts: ["vault.id": vault.id.text, "used_bytes": "\(used)"])
        }
    }

    fileprivate func divide(
        _ moving: [BackupRecord], moving ids: [ResourceID], from source: VaultRecord, to destination: VaultRecord,
        seams: Seams
    ) throws {
        for (checkpoint, backups) in Dictionary(grouping: moving, by: \.checkpoint) {
            let stays = try self.backups.ofCheckpoint(checkpoint).contains { !ids.contains($0.resource) }
            var target = checkpoint
            if stays, let old = try checkpoints.find(checkpoint, in: source.project) {
                let own = old.divided(
                    id: .randomDashed(seams.randomBytes), vault: destination.id,
                    skipped: old.skipped.filter { ids.contains($0.id) })
                try checkpoints.insert(own)
                target = own.id
            } else {
                try checkpoints.move(checkpoint, to: destination.id)
            }
            try self.backups.move(backups.map(\.id), to: destination.id, checkpoint: target)
        }
    }
}

extension CheckpointRecord {
    fileprivate func divided(id: CheckpointID, vault: VaultID, skipped: [SkippedResource]) -> CheckpointRecord {
        CheckpointRecord(
            id: id, project: project, vault: vault, name: name, description: description, isAutomatic: isAutomatic,
            isIncremental: isIncremental, retentionDays: retentionDays, skipped: skipped, createdAt: createdAt)
    }
}
