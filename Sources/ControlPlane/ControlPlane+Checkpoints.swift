import Catalog
public import HoldfastCore

/// A restore point to make.
public struct CheckpointDraft: Sendable {
    public var vault: VaultID
    /// Nil makes one up: `manualbk_xxxx`, or `autobk_xxxx`.
    public var name: String?
    public var description: String
    public var isAutomatic: Bool
    /// False reads and verifies everything, trusting no earlier state.
    public var isIncremental: Bool
    /// -1: for ever.
    public var retentionDays: Int
    /// Nil and empty: all of the vault's.
    public var resources: [ResourceReference]?
    /// The backup policy that the caller names as its reason; it has to be there. In a locked vault its days count beside those of
    /// the policies that hold for it.
    public var policy: PolicyID?

    public init(
        vault: VaultID, name: String? = nil, description: String = "", isAutomatic: Bool = false,
        isIncremental: Bool = true, retentionDays: Int = -1, resources: [ResourceReference]? = nil,
        policy: PolicyID? = nil
    ) {
        self.vault = vault
        self.name = name
        self.description = description
        self.isAutomatic = isAutomatic
        self.isIncremental = isIncremental
        self.retentionDays = retentionDays
        self.resources = resources
        self.policy = policy
    }
}

extension ControlPlane {
    /// Begins a backup of each resource that can be backed up now, and says which are left out and why.
    ///
    /// The backups run behind. Every operation is in the list of operations when this returns.
    public func createCheckpoint(_ draft: CheckpointDraft, by caller: Caller) async throws -> CheckpointView {
        try await createCheckpoint(draft, by: caller, for: nil, of: nil)
    }

    /// - Parameter run: taken away in the same transaction; when another has taken it, nothing happens.
    /// - Throws: ``ControlError``, with `.leaseLost` when the run is gone, and with `.backupRunning` when it is to wait for other
    ///   backups of the vault's resources.
    func createCheckpoint(
        _ draft: CheckpointDraft, by caller: Caller, for run: PolicyRun?, of policy: PolicyDefinition?
    ) async throws -> CheckpointView {
        try caller.mustWrite()
        // Looking at a place may take seconds when its server is gone: not inside a transaction.
        let (vault, candidates) = try await read { transaction in
            let vault = try transaction.vault(draft.vault, in: caller.project)
            if let id = draft.policy, try transaction.policy(id, in: caller.project).kind != .backup {
                throw ControlError.invalid("checkpoint.parameters.policy_id", "names no backup policy")
            }
            return (vault, try transaction.selection(of: draft, in: vault))
        }
        try Self.mustTakeBackups(vault)
        let findings = try await inspectAll(candidates.members.map(\.resource))
        let now = now
        return try await queue { [seams] transaction in
            // Everything may have changed meanwhile: decide on what is true in this transaction.
            var draft = draft
            if let run {
                guard try transaction.policyRuns.take(run) else {
                    throw ControlError(code: .leaseLost, message: "the run of policy \(run.policy) is another's")
                }
                draft.isIncremental = !(policy?.isFull(after: try transaction.policyRuns.count(run)) ?? false)
            }
            let vault = try transaction.vault(draft.vault, in: caller.project)
            try Self.mustTakeBackups(vault)
            let used = try transaction.vaults.usedBytes(vault.id)
            guard used <= vault.sizeBytes || vault.settings.autoExpand else {
                throw ControlError(
                    code: .vaultFull,
                    message:
                        "vault \(vault.id) uses \(ControlPlane.megabytes(used)) MB, more than its size of \(vault.sizeGiB) GB",
                    facts: ["vault.id": vault.id.text, "used_bytes": "\(used)"])
            }
            let selection = try transaction.selection(of: draft, in: vault)
            var skipped = selection.unknown
            var chosen: [VaultMember] = []
            let restores = try transaction.operations.unfinished(.restore)
                .compactMap { $0.subject.place.map { LocationPath(path: $0) } }
            for member in selection.members {
                if let reason = member.reasonToSkip(
                    findings[member.resource.id], restores: restores, isAutomatic: draft.isAutomatic)
                {
                    skipped.append(reason)
                } else {
                    chosen.append(member)
                }
            }
            if run != nil, let count = try transaction.busy(selection.members, hasFree: !chosen.isEmpty, now: now) {
                throw ControlError(
                    code: .backupRunning, message: "\(count) of the vault's resources are being backed up",
                    facts: ["vault.id": vault.id.text])
            }
            guard !chosen.isEmpty else { throw ControlError.nothingToBackUp(vault.id, skipped) }
            let checkpoint = CheckpointRecord(
                id: .randomDashed(seams.randomBytes), project: caller.project, vault: vault.id,
                name: draft.name ?? Self.defaultName(draft, vault: vault, seams: seams),
                description: draft.description, isAutomatic: draft.isAutomatic, isIncremental: draft.isIncremental,
                retentionDays: draft.retentionDays, skipped: skipped, createdAt: now)
            try transaction.checkpoints.insert(checkpoint)
            let expiresAt = try transaction.time(of: checkpoint, draft, in: vault, of: policy)
            for member in chosen {
                try transaction.beginBackup(
                    of: member.resource, finding: findings[member.resource.id], in: checkpoint, vault: vault,
                    expiresAt: expiresAt, policy: draft.policy, by: caller, seams: seams, now: now)
            }
            return try transaction.view(checkpoint)
        }
    }

    public func showCheckpoint(_ id: CheckpointID, by caller: Caller) async throws -> CheckpointView {
        try await read { transaction in
            guard let record = try transaction.checkpoints.find(id, in: caller.project) else {
                throw ControlError.checkpointNotFound(id)
            }
            return try transaction.view(record)
        }
    }

    private static func mustTakeBackups(_ vault: VaultRecord) throws {
        guard vault.protectType == .backup else {
            throw ControlError(
                code: .vaultTakesNoBackups,
                message: "vault \(vault.id) is for replicas (protect_type replication) and takes no backups",
                facts: ["vault.id": vault.id.text])
        }
        guard vault.state == .available else {
            throw ControlError.vaultState(vault, needed: "a backup", code: .vaultNotAvailable)
        }
    }

    /// One look at each, all at once; the inspector limits how many run.
    private func inspectAll(_ resources: [ResourceRecord]) async throws -> [ResourceID: LocationFinding] {
        try await withThrowingTaskGroup(of: (ResourceID, LocationFinding).self) { group in
            for resource in resources {
                group.addTask {
                    (resource.id, try await inspect(location: resource.location, type: resource.type, role: .source))
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    private static func defaultName(_ draft: CheckpointDraft, vault: VaultRecord, seams: Seams) -> String {
        let start = vault.settings.backupNamePrefix ?? (draft.isAutomatic ? "autobk" : "manualbk")
        return "\(start)_\(Hex.encode([UInt8](seams.randomBytes(2))))"
    }
}

extension LocationFinding {
    fileprivate var sizeBytes: Int64? {
        switch self {
        case .reachable(let sizeBytes, _): sizeBytes
        case .unreachable, .refused: nil
        }
    }
}

extension ControlError {
    fileprivate static func nothingToBackUp(_ vault: VaultID, _ skipped: [SkippedResource]) -> Self {
        let reasons = skipped.map { "\($0.id): \($0.reason)" }.joined(separator: "; ")
        return Self(
            code: .nothingToBackUp,
            message: "vault \(vault) has nothing to back up" + (reasons.isEmpty ? "" : " (\(reasons))"),
            facts: ["vault.id": vault.text, "skipped": "\(skipped.count)"])
    }
}

extension VaultMember {
    fileprivate func reasonToSkip(
        _ finding: LocationFinding?, restores: [LocationPath], isAutomatic: Bool
    ) -> SkippedResource? {
        if membership.isRemoving { return skipped(.beingRemoved, "the resource is being removed from the vault") }
        if isProtecting { return skipped(.backupRunning, "the resource is being backed up") }
        let place = finding?.place(of: resource.location) ?? LocationPath(resource.location)
        if isRestoring || restores.contains(where: place.touches) {
            return skipped(.beingRestored, "the resource is being restored")
        }
        if membership.isSuspended, isAutomatic {
            return skipped(.suspended, "the resource's automatic protection is suspended")
        }
        switch finding {
        case .reachable: return nil
        case .unreachable(let reason), .refused(let reason): return skipped(.unreachable, reason)
        // Added to the vault while we looked at the others.
        case nil: return skipped(.unreachable, "the resource was added to the vault just now")
        }
    }

    private func skipped(_ code: SkippedResource.Code, _ reason: String) -> SkippedResource {
        SkippedResource(
            id: resource.id, type: resource.type.rawValue, name: resource.name, code: code, reason: reason)
    }
}

extension SQLTransaction {
    /// How many resources a planned run waits for: those that are being backed up since less than ``PolicyRun/waitsMax``, and where no
    /// other is free all that are being backed up. Nil: none.
    fileprivate func busy(_ members: [VaultMember], hasFree: Bool, now: Instant) throws -> Int? {
        let earliest = now.adding(.zero - PolicyRun.waitsMax)
        let busy = try members.filter { member in
            guard member.isProtecting, !member.membership.isSuspended, !member.membership.isRemoving else {
                return false
            }
            guard hasFree else { return true }
            let began = try backups.protectingSince(member.resource.id, in: member.resource.project)
            return began.map { $0 > earliest } ?? false
        }
        return busy.isEmpty ? nil : busy.count
    }

    /// The vault's resources that a draft asks for, and those it asks for that are not there.
    fileprivate func selection(of draft: CheckpointDraft, in vault: VaultRecord) throws
        -> (members: [VaultMember], unknown: [SkippedResource])
    {
        let members = try vaultResources.members(of: vault.id)
        guard let wanted = draft.resources, !wanted.isEmpty else { return (members, []) }
        let byID = Dictionary(uniqueKeysWithValues: members.map { ($0.resource.id, $0) })
        var seen: Set<ResourceID> = []
        var chosen: [VaultMember] = []
        var unknown: [SkippedResource] = []
        for reference in wanted {
            guard let member = byID[reference.id] else {
                guard seen.insert(reference.id).inserted else { continue }
                // Says nothing of whether another vault or project has it.
                unknown.append(
                    SkippedResource(
                        id: reference.id, type: reference.type?.rawValue ?? "", name: "", code: .notInVault,
                        reason: "the resource is not in this vault"))
                continue
            }
            if let type = reference.type, type != member.resource.type {
                throw ControlError(
                    code: .resourceTypeMismatch,
                    message: "resource \(reference.id) is of type \(member.resource.type.rawValue) in this vault, "
                        + "not \(type.rawValue)",
                    facts: ["resource.id": reference.id.text, "field": "resource_details.type"])
            }
            if seen.insert(reference.id).inserted { chosen.append(member) }
        }
        return (chosen, unknown)
    }

    /// When the backups of a restore point that begins are to go; nil: never, or by what policies say then.
    fileprivate func time(
        of checkpoint: CheckpointRecord, _ draft: CheckpointDraft, in vault: VaultRecord, of policy: PolicyDefinition?
    ) throws -> Instant? {
        guard checkpoint.isAutomatic else {
            let days = checkpoint.retentionDays
            return days > 0 ? checkpoint.createdAt.adding(days: days) : nil
        }
        guard vault.settings.isLocked else { return nil }
        var rules = try retentionRules(of: vault)
        if let policy { rules.append(try RetentionRules(policy)) }
        if let id = draft.policy, case let named = try self.policy(id, in: vault.project), named.kind == .backup {
            rules.append(try RetentionRules(named.definition))
        }
        return LockedTimes(rules: rules).end(of: checkpoint.createdAt)
    }

    fileprivate func beginBackup(
        of resource: ResourceRecord, finding: LocationFinding?, in checkpoint: CheckpointRecord, vault: VaultRecord,
        expiresAt: Instant?, policy: PolicyID?, by caller: Caller, seams: Seams, now: Instant
    ) throws {
        let sizeBytes = finding?.sizeBytes
        let backup = BackupRecord(
            id: .randomDashed(seams.randomBytes), project: caller.project, vault: vault.id, checkpoint: checkpoint.id,
            resource: resource.id, resourceName: resource.name, resourceType: resource.type,
            resourceLocation: resource.location, resourceSizeBytes: sizeBytes ?? resource.sizeBytes,
            name: checkpoint.name, description: checkpoint.description, isAutomatic: checkpoint.isAutomatic,
            isIncremental: checkpoint.isIncremental, state: .protecting, restorePoint: nil, parent: nil, storedBytes: 0,
            logicalBytes: 0, createdAt: now, updatedAt: now, protectedAt: nil, expiresAt: expiresAt)
        try backups.insert(backup)
        if let sizeBytes, sizeBytes != resource.sizeBytes {
            try resources.setSize(sizeBytes, of: resource.id, in: caller.project, now: now)
        }
        var subject = OperationSubject()
        subject.backupName = backup.name
        subject.resourceName = resource.name
        subject.resourceType = resource.type
        subject.place = (finding?.place(of: resource.location) ?? LocationPath(resource.location)).path
        subject.isIncremental = backup.isIncremental
        subject.policy = policy
        try operations.insert(
            .queued(
                .backup, by: caller, vault: vault, checkpoint: checkpoint.id, backup: backup.id, resource: resource.id,
                subject: subject, seams: seams, now: now))
    }
}
