public import Catalog
public import HoldfastCore

/// Where backups are to be sent.
public struct ReplicationDraft: Sendable {
    public var region: String
    public var project: ProjectID
    public var vault: VaultID
    public var isAutomatic: Bool
    /// Of what a policy sends: by which rules it stays there.
    public var rules: ReplicaRules?
    /// Of a single backup; nil: as it is called here.
    public var name: String?
    public var description: String?

    public init(
        region: String, project: ProjectID, vault: VaultID, isAutomatic: Bool = false, name: String? = nil,
        description: String? = nil
    ) {
        self.region = region
        self.project = project
        self.vault = vault
        self.isAutomatic = isAutomatic
        self.name = name
        self.description = description
    }
}

/// Sending backups to other regions, as the sender sees it.
extension ControlPlane {
    /// Queues the sending of one backup.
    ///
    /// - Throws: ``ControlError``, with `.replicaExists` when it is there, or on its way.
    public func copyBackup(_ id: BackupID, _ draft: ReplicationDraft, by caller: Caller) async throws
        -> ReplicationRecord
    {
        try caller.mustWrite()
        let (backup, views) = try await read { transaction in
            let view = try transaction.backup(id, in: caller.project)
            _ = try transaction.mustBeReplicable(view, in: caller.project)
            return (view.record, try transaction.replications.list(of: [id], in: caller.project))
        }
        try await mustTake([backup.resourceType], draft, of: caller.project)
        for view in views.filter({ $0.record.goes(to: draft) }) {
            guard view.state.isFinished else { throw ControlError.replicaExists(id, draft.region, isThere: false) }
            // One that was deleted there may be sent again.
            guard let remote = view.record.remoteBackup else { continue }
            if try await peers.hasBackup(remote, in: draft.region, for: caller.project) {
                throw ControlError.replicaExists(id, draft.region, isThere: true)
            }
        }
        let (now, sourceRegion) = (now, peers.localRegion)
        return try await queue { [seams] transaction in
            let view = try transaction.backup(id, in: caller.project)
            let vault = try transaction.mustBeReplicable(view, in: caller.project)
            let now = now
            for other in try transaction.replications.list(of: [id], in: caller.project)
            where other.record.goes(to: draft) && !other.state.isFinished {
                throw ControlError.replicaExists(id, draft.region, isThere: false)
            }
            return try transaction.queueReplication(
                of: view.record, in: vault, draft, sourceRegion: sourceRegion, by: caller, seams: seams, now: now)
        }
    }

    /// Queues the sending of every available backup of a vault that was not sent to that vault yet.
    ///
    /// - Returns: what was queued; none when all is there, or on its way.
    public func copyVault(_ id: VaultID, _ draft: ReplicationDraft, by caller: Caller) async throws
        -> [ReplicationRecord]
    {
        try await copyVault(id, draft, by: caller, for: nil)
    }

    /// - Parameter run: taken away in the same transaction; when another has taken it, nothing happens.
    func copyVault(
        _ id: VaultID, _ draft: ReplicationDraft, by caller: Caller, for run: PolicyRun?
    ) async throws -> [ReplicationRecord] {
        try caller.mustWrite()
        let vault = try await read { transaction in
            let vault = try transaction.vault(id, in: caller.project)
            try Self.mustSend(vault)
            return vault
        }
        try await mustTake(ResourceType.allCases.filter(vault.objectType.takes), draft, of: caller.project)
        let (now, sourceRegion) = (now, peers.localRegion)
        return try await queue { [seams] transaction in
            if let run {
                guard try transaction.policyRuns.take(run) else {
                    throw ControlError(code: .leaseLost, message: "the run of policy \(run.policy) is another's")
                }
            }
            let vault = try transaction.vault(id, in: caller.project)
            try Self.mustSend(vault)
            let ready = try transaction.backups.ofVault(id).filter {
                $0.state == .available && $0.restorePoint != nil && $0.origin == nil
            }
            var sent: Set<BackupID> = []
            for start in stride(from: 0, to: ready.count, by: 500) {
                let some = ready[start..<min(start + 500, ready.count)].map(\.id)
                for view in try transaction.replications.list(of: some, in: caller.project)
                where view.record.goes(to: draft) && (!view.state.isFinished || view.record.remoteBackup != nil) {
                    sent.insert(view.record.backup)
                }
            }
            // In the order in which they were made, a microsecond apart: there they are counted as they arrive.
            return try ready.filter { !sent.contains($0.id) }
                .sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }.enumerated().map { index, backup in
                    try transaction.queueReplication(
                        of: backup, in: vault, draft, sourceRegion: sourceRegion, by: caller, seams: seams,
                        now: now.adding(.microseconds(index)))
                }
        }
    }

    /// What was sent of some backups, and how it stands.
    public func replications(of backups: [BackupID], by caller: Caller) async throws -> [BackupID: [ReplicationView]] {
        guard !backups.isEmpty else { return [:] }
        return try await read { transaction in
            Dictionary(
                grouping: try transaction.replications.list(of: backups, in: caller.project), by: \.record.backup)
        }
    }

    /// Vaults of another region, of the project that the caller's is paired with.
    public func externalVaults(
        in region: String, project: ProjectID, _ filter: RemoteVaultFilter, limit: Int, offset: Int, by caller: Caller
    ) async throws -> Listing<RemoteVault> {
        // A server without the region has nothing to list there.
        guard peers.regions(for: caller.project).contains(region) else { return Listing(rows: [], count: 0) }
        try mustBePaired(project, region, of: caller.project)
        return try await peers.vaults(in: region, for: caller.project, filter, limit: limit, offset: offset)
    }

    private func mustBePaired(_ project: ProjectID, _ region: String, of own: ProjectID) throws {
        guard peers.regions(for: own).contains(region) else {
            throw ControlError(
                code: .regionUnknown,
                message: "region '\(region)' takes no replicas of this project; ask the administrator to set it up",
                facts: ["region": region])
        }
        guard peers.remoteProject(of: own, in: region) == project else {
            throw ControlError(
                code: .projectNotPaired,
                message: "project \(project) of region '\(region)' takes no replicas of this project",
                facts: ["region": region])
        }
    }

    /// Asks the other region whether its vault takes replicas of some types of resource.
    func mustTake(_ types: [ResourceType], _ draft: ReplicationDraft, of project: ProjectID) async throws {
        try mustBePaired(draft.project, draft.region, of: project)
        guard let vault = try await peers.vault(draft.vault, in: draft.region, for: project) else {
            throw ControlError(
                code: .targetVaultMissing, message: "region '\(draft.region)' has no vault \(draft.vault)",
                facts: ["region": draft.region, "vault.id": draft.vault.text])
        }
        guard vault.protectType == .replication, types.allSatisfy(vault.objectType.takes) else {
            throw ControlError(
                code: .targetVaultUnfit,
                message: "vault \(draft.vault) of region '\(draft.region)' is for '\(vault.objectType.rawValue)' with "
                    + "protect_type '\(vault.protectType.rawValue)', and takes no replicas of these resources",
                facts: ["region": draft.region, "vault.id": draft.vault.text])
        }
        guard vault.state == .available else {
            throw ControlError(
                code: .targetVaultState,
                message: "vault \(draft.vault) of region '\(draft.region)' is in state '\(vault.state.rawValue)'",
                facts: ["region": draft.region, "vault.id": draft.vault.text])
        }
    }

    fileprivate static func mustSend(_ vault: VaultRecord) throws {
        guard vault.protectType != .replication else {
            throw ControlError(
                code: .vaultNotReplicable, message: "vault \(vault.id) holds replicas, which are not sent on",
                facts: ["vault.id": vault.id.text])
        }
        guard vault.state == .available else { throw ControlError.vaultState(vault, needed: "a replication") }
    }
}

extension ReplicationRecord {
    fileprivate func goes(to draft: ReplicationDraft) -> Bool {
        region == draft.region && remoteVault == draft.vault
    }
}

extension ControlError {
    fileprivate static func replicaExists(_ id: BackupID, _ region: String, isThere: Bool) -> Self {
        Self(
            code: .replicaExists,
            message: isThere
                ? "backup \(id) is in that vault of region '\(region)' already"
                : "backup \(id) is being sent to that vault of region '\(region)'",
            facts: ["backup.id": id.text, "region": region])
    }
}

extension SQLTransaction {
    fileprivate func mustBeReplicable(_ view: BackupView, in project: ProjectID) throws -> VaultRecord {
        let vault = try vault(view.record.vault, in: project)
        try ControlPlane.mustSend(vault)
        guard view.record.origin == nil, view.record.state == .available, view.record.restorePoint != nil else {
            throw ControlError(
                code: .backupNotReplicable,
                message: "backup \(view.record.id) can't be sent: it is "
                    + (view.record.origin == nil ? "'\(view.status.rawValue)'" : "a replica itself"),
                facts: ["backup.id": view.record.id.text])
        }
        return vault
    }

    fileprivate func queueReplication(
        of backup: BackupRecord, in vault: VaultRecord, _ draft: ReplicationDraft, sourceRegion: String,
        by caller: Caller, seams: Seams, now: Instant
    ) throws -> ReplicationRecord {
        var subject = OperationSubject(of: backup)
        subject.policy = draft.rules?.policy
        let id = ReplicationID.randomDashed(seams.randomBytes)
        subject.replication = ReplicationSubject(
            record: id, region: draft.region, project: draft.project, vault: draft.vault, sourceRegion: sourceRegion,
            name: draft.name ?? backup.name, description: draft.description ?? backup.description,
            isAutomatic: draft.isAutomatic, rules: draft.rules)
        let operation = OperationRecord.queued(
            .replication, by: caller, vault: vault, checkpoint: backup.checkpoint, backup: backup.id,
            resource: backup.resource, subject: subject, seams: seams, now: now)
        try operations.insert(operation)
        let record = ReplicationRecord(
            id: id, project: backup.project, backup: backup.id, checkpoint: backup.checkpoint, vault: backup.vault,
            resource: backup.resource, operation: operation.id, region: draft.region, remoteProject: draft.project,
            remoteVault: draft.vault, isAutomatic: draft.isAutomatic, createdAt: now)
        try replications.insert(record)
        return record
    }
}
