import Catalog
import HoldfastCore

extension SQLTransaction {
    /// Makes the rows of backups that the repository holds and the catalog does not know, with the vaults, resources and
    /// restore points they belong to.
    ///
    /// What the catalog has stays as it is. Ids that another project has are refused.
    func adopt(_ found: [FoundBackup], seams: Seams, now: Instant) throws -> ImportReport {
        var report = ImportReport()
        var changed: [VaultID: ProjectID] = [:]
        // Oldest first: the newest says last where a resource lies.
        for one in found.sorted(by: { ($0.createdAt, $0.backup) < ($1.createdAt, $1.backup) }) {
            if let owner = try backups.owner(of: one.backup) {
                if owner == one.project {
                    report.presentCount += 1
                    try take(one.keep, of: one.backup, in: one.project, now: now)
                } else {
                    report.refuse(one, "its id is another project's")
                }
                continue
            }
            if let reason = try reasonToRefuse(one) {
                report.refuse(one, reason)
                continue
            }
            if try vaults.find(one.vault, in: one.project) == nil {
                try vaults.insert(VaultRecord(madeFor: one, now: now))
                report.vaults.append(one.vault)
            }
            if try addResource(of: one, now: now) { report.resources.append(one.resource) }
            if try checkpoints.find(one.checkpoint, in: one.project) == nil {
                try checkpoints.insert(CheckpointRecord(madeFor: one, now: now))
            }
            try backups.insert(BackupRecord(madeFor: one, now: now))
            try take(one.keep, of: one.backup, in: one.project, now: now)
            let change = try usage.noteChange(of: one.vault, in: one.project)
            try usage.setChange(change, of: one.backup)
            changed[one.vault] = one.project
            report.imported.append(one.backup)
        }
        for (id, project) in changed.sorted(by: { $0.key < $1.key }) {
            try noteUse(of: vault(id, in: project), seams: seams, now: now)
        }
        return report
    }

    /// What the repository keeps, the catalog keeps: it may be an old copy, or made anew.
    func take(_ keep: StoredKeep, of backup: BackupID, in project: ProjectID, now: Instant) throws {
        guard keep.keptUntil != nil || keep.holdReason != nil,
            var record = try backups.find(backup, in: project)?.record, record.restorePoint == keep.restorePoint
        else { return }
        let before = record
        // A hold that the catalog has seen released is on its way out of the repository.
        let isNewlyHeld = record.hold == nil && !record.isHoldKept && record.state == .available
        if isNewlyHeld, let reason = keep.holdReason { record.hold = BackupRecord.Hold(since: now, reason: reason) }
        if let time = record.expiresAt, let kept = keep.keptUntil, kept != .never { record.expiresAt = max(time, kept) }
        if record != before {
            record.updatedAt = now
            try backups.update(record)
        }
        let isHoldKept = record.isHoldKept || record.hold != before.hold
        try backups.setKept(backup, until: keep.keptUntil, isHoldKept: isHoldKept)
    }

    private func reasonToRefuse(_ one: FoundBackup) throws -> String? {
        if let owner = try vaults.owner(of: one.vault) {
            guard owner == one.project, let vault = try vaults.find(one.vault, in: one.project) else {
                return "its vault is another project's"
            }
            guard vault.state == .available else {
                return "its vault \(vault.id) is in state '\(vault.state.rawValue)'"
            }
        }
        if let owner = try checkpoints.owner(of: one.checkpoint), owner != one.project {
            return "its restore point is another project's"
        }
        if let checkpoint = try checkpoints.find(one.checkpoint, in: one.project), checkpoint.vault != one.vault {
            return "its restore point is in another vault"
        }
        return nil
    }

    /// Registers the resource again, in its vault, unless the catalog has it.
    ///
    /// - Returns: whether it was made.
    private func addResource(of one: FoundBackup, now: Instant) throws -> Bool {
        // The resource of a replica is in another region.
        guard one.origin == nil, try resources.find(one.resource, in: one.project) == nil else { return false }
        try resources.insert(
            ResourceRecord(
                project: one.project, id: one.resource, type: one.resourceType, name: one.resourceName,
                location: one.resourceLocation, sizeBytes: one.logicalBytes, createdAt: min(one.createdAt, now),
                updatedAt: now))
        let vault = try vault(one.vault, in: one.project)
        let isFull = try vaultResources.count(in: vault.id) >= ControlPlane.resourcesPerVaultMax
        if vault.objectType.takes(one.resourceType), !isFull {
            try vaultResources.insert(
                VaultResourceRecord(
                    project: one.project, vault: vault.id, resource: one.resource, isSuspended: false,
                    isRemoving: false, excludedVolumes: [], addedAt: now))
        }
        return true
    }
}

extension FoundBackup {
    fileprivate var keep: StoredKeep {
        StoredKeep(restorePoint: restorePoint, keptUntil: keptUntil, holdReason: holdReason)
    }
}

extension ImportReport {
    fileprivate mutating func refuse(_ one: FoundBackup, _ reason: String) {
        refused.append(Refused(backup: one.backup, reason: "backup \(one.backup) can't be taken: \(reason)"))
    }
}

extension VaultRecord {
    /// What the repository does not remember has the values of a new vault.
    fileprivate init(madeFor one: FoundBackup, now: Instant) {
        let neededGiB = one.storedBytes >> 30 + 10
        self.init(
            id: one.vault, project: one.project, user: nil, name: one.vaultName, description: nil, state: .available,
            objectType: one.vaultObjectType ?? VaultObjectType(taking: one.resourceType),
            protectType: one.origin == nil ? .backup : .replication,
            consistentLevel: .crashConsistent,
            sizeGiB: min(max(one.vaultSizeGiB ?? neededGiB, 1), ControlPlane.sizeGiBRange.upperBound),
            settings: VaultSettings(), version: 1, createdAt: min(one.createdAt, now), updatedAt: now)
    }
}

extension VaultObjectType {
    fileprivate init(taking type: ResourceType) {
        self = Self.allCases.first { $0.takes(type) } ?? .server
    }
}

extension CheckpointRecord {
    fileprivate init(madeFor one: FoundBackup, now: Instant) {
        self.init(
            id: one.checkpoint, project: one.project, vault: one.vault, name: one.checkpointName,
            description: one.description, isAutomatic: one.isAutomatic, isIncremental: one.isIncremental,
            retentionDays: -1, skipped: [], createdAt: min(one.createdAt, now))
    }
}

extension BackupRecord {
    /// Its moments are not from the future, whatever a clock once said: the newest backup is what the next one is compared
    /// with.
    fileprivate init(madeFor one: FoundBackup, now: Instant) {
        let createdAt = min(one.createdAt, now)
        self.init(
            id: one.backup, project: one.project, vault: one.vault, checkpoint: one.checkpoint, resource: one.resource,
            resourceName: one.resourceName, resourceType: one.resourceType, resourceLocation: one.resourceLocation,
            resourceSizeBytes: one.logicalBytes, name: one.name, description: one.description,
            isAutomatic: one.isAutomatic, isIncremental: one.isIncremental, state: .available,
            restorePoint: one.restorePoint, parent: nil, storedBytes: one.storedBytes, logicalBytes: one.logicalBytes,
            createdAt: createdAt, updatedAt: now, protectedAt: createdAt,
            expiresAt: one.keptUntil.flatMap { LockedTimes.ofFound(keptUntil: $0, now: now) }, importedAt: now,
            origin: one.origin)
    }
}
