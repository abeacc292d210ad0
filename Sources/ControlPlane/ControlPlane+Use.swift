public import Catalog
public import HoldfastCore

/// A vault whose backups are to be counted in the repository.
public struct UncountedVault: Sendable, Equatable {
    public let vault: VaultID
    public let project: ProjectID
    /// The vault's last change when this was read.
    public let change: Int64
    public let restorePoints: Set<RestorePointID>
}

/// What vaults use: estimated at once, counted in the repository soon after, and what follows from it.
extension ControlPlane {
    /// As the interface says it: a part of one counts as a whole.
    static func megabytes(_ bytes: Int64) -> Int64 { (bytes + (1 << 20) - 1) >> 20 }

    /// The most that a vault grows by itself.
    static let expansionPercent: Int64 = 10

    /// Vaults whose backups changed since they were counted, those that wait longest first; none when every count is exact.
    public func uncountedVaults(limit: Int) async throws -> [UncountedVault] {
        try await read { transaction in
            try transaction.usage.stale(limit: limit).map { vault, project, change in
                UncountedVault(
                    vault: vault, project: project, change: change,
                    restorePoints: try transaction.backups.restorePoints(ofVault: vault))
            }
        }
    }

    /// Stores what the repository counted. Backups that came since are added to it until the next count.
    public func noteCounted(_ uncounted: UncountedVault, neededBytes: Int64) async throws {
        let now = now
        try await write { [seams] transaction in
            try transaction.usage.setNeeded(neededBytes, of: uncounted.vault, upTo: uncounted.change, now: now)
            // It may have been deleted meanwhile.
            guard let vault = try transaction.vaults.find(uncounted.vault, in: uncounted.project) else { return }
            try transaction.noteUse(of: vault, seams: seams, now: now)
        }
    }

    /// Has every vault counted that never was.
    public func noteUncountedVaults() async throws {
        try await write { transaction in try transaction.usage.noteUncounted() }
    }

    public func listEvents(
        vault: VaultID? = nil, page: Page<VaultEventID> = Page(), by caller: Caller
    ) async throws -> Listing<VaultEventRecord> {
        try await read { transaction in try transaction.vaultEvents.list(in: caller.project, vault: vault, page) }
    }

    /// Events of all projects that no log has yet, each given once.
    public func takeUnannouncedEvents() async throws -> [VaultEventRecord] {
        try await write { transaction in try transaction.vaultEvents.takeUnannounced() }
    }
}

extension SQLTransaction {
    /// Grows a vault that may grow, and says when its use reaches the threshold.
    func noteUse(of vault: VaultRecord, seams: Seams, now: Instant) throws {
        guard vault.state == .available else { return }
        var vault = vault
        let used = try vaults.usedBytes(vault.id)
        if vault.settings.autoExpand, used > vault.sizeBytes {
            let wanted = used + used / 100 * ControlPlane.expansionPercent
            let size = min((wanted + (1 << 30) - 1) >> 30, ControlPlane.sizeGiBRange.upperBound)
            if size > vault.sizeGiB {
                let sentence = "vault '\(vault.name)' grew from \(vault.sizeGiB) to \(size) GB by itself"
                vault.sizeGiB = size
                vault.version += 1
                vault.updatedAt = now
                guard try vaults.update(vault) else { throw ControlError.vaultChanged(vault.id) }
                try note(.expanded, vault, sentence, seams: seams, now: now)
            }
        }
        let threshold = vault.settings.thresholdPercent
        // A vault that is full when it begins to notify says so then.
        let isAlerting =
            vault.settings.notifies && Double(used) * 100 >= Double(vault.sizeBytes) * Double(threshold)
        guard isAlerting != (try usage.find(vault.id)?.isAlerting ?? false) else { return }
        try usage.setAlerting(isAlerting, vault: vault.id)
        if isAlerting {
            let sentence =
                "vault '\(vault.name)' uses \(ControlPlane.megabytes(used)) MB, which is at least \(threshold) % of its "
                + "\(vault.sizeGiB) GB"
            try note(.thresholdReached, vault, sentence, seams: seams, now: now)
        }
    }

    /// Notes that a vault's backups are others than before, and what follows from that.
    func noteBackupsChanged(in vault: VaultID, of project: ProjectID, seams: Seams, now: Instant) throws {
        guard let record = try vaults.find(vault, in: project) else { return }
        try usage.noteChange(of: vault, in: project)
        try noteUse(of: record, seams: seams, now: now)
    }

    func note(
        _ kind: VaultEventRecord.Kind, _ vault: VaultRecord, _ message: String, seams: Seams, now: Instant
    ) throws {
        try vaultEvents.insert(
            VaultEventRecord(
                id: .randomDashed(seams.randomBytes), project: vault.project, vault: vault.id, vaultName: vault.name,
                kind: kind, message: message, createdAt: now))
    }
}
