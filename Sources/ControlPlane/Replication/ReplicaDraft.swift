public import Catalog
public import HoldfastCore

/// A backup that another region wants to bring.
public struct ReplicaDraft: Sendable, Equatable {
    public var vault: VaultID
    public var origin: ReplicaOrigin
    public var name: String
    public var description: String
    public var checkpointName: String
    public var resource: ResourceID
    public var resourceName: String
    public var resourceType: ResourceType
    public var isAutomatic: Bool
    public var isIncremental: Bool
    /// As the other region's clock had it.
    public var createdAt: Instant
    /// By which rules it stays here; nil: it is removed by nobody's.
    public var rules: ReplicaRules?

    public init(
        vault: VaultID, origin: ReplicaOrigin, name: String, description: String, checkpointName: String,
        resource: ResourceID, resourceName: String, resourceType: ResourceType, isAutomatic: Bool, isIncremental: Bool,
        createdAt: Instant, rules: ReplicaRules? = nil
    ) {
        self.vault = vault
        self.origin = origin
        self.name = name
        self.description = description
        self.checkpointName = checkpointName
        self.resource = resource
        self.resourceName = resourceName
        self.resourceType = resourceType
        self.isAutomatic = isAutomatic
        self.isIncremental = isIncremental
        self.createdAt = createdAt
        self.rules = rules
    }
}

/// What may become of it.
public enum ReplicaVerdict: Sendable, Equatable {
    case present(BackupRecord)
    /// With the restore point that groups it with others, when there is one already.
    case wanted(VaultRecord, checkpoint: CheckpointID?)
}

/// Taking backups of other regions, as the taker sees it.
extension ControlPlane {
    /// Looks whether a replica may be brought.
    public func judgeReplica(_ draft: ReplicaDraft, by caller: Caller) async throws -> ReplicaVerdict {
        try caller.mustWrite()
        return try await read { transaction in try transaction.judge(draft, in: caller.project) }
    }

    /// Makes the row of a replica whose bytes are durable; or finds it, when another call has made it.
    ///
    /// - Parameter rules: those it came with.
    public func addReplica(
        _ found: FoundBackup, rules: ReplicaRules?, by caller: Caller
    ) async throws -> BackupRecord {
        try caller.mustWrite()
        let now = now
        return try await write { [seams] transaction in
            if let origin = found.origin,
                let present = try transaction.backups.replica(of: origin.backup, from: origin.region, in: found.vault),
                present.project == caller.project
            {
                return present
            }
            let report = try transaction.adopt([found], seams: seams, now: now)
            guard let record = try transaction.backups.find(found.backup, in: caller.project)?.record else {
                throw ControlError(
                    code: .backupNotReplicable,
                    message: report.refused.first?.reason ?? "the replica could not be taken into the catalog")
            }
            if let rules { try transaction.replicaRules.insert(rules, of: record.id) }
            return record
        }
    }
}

extension SQLTransaction {
    fileprivate func judge(_ draft: ReplicaDraft, in project: ProjectID) throws -> ReplicaVerdict {
        guard let vault = try vaults.find(draft.vault, in: project) else {
            throw ControlError.vaultNotFound(draft.vault)
        }
        guard vault.protectType == .replication, vault.objectType.takes(draft.resourceType) else {
            throw ControlError(
                code: .targetVaultUnfit,
                message: "vault \(vault.id) takes no replicas of resources of type \(draft.resourceType.rawValue)",
                facts: ["vault.id": vault.id.text])
        }
        guard vault.state == .available else { throw ControlError.vaultState(vault, needed: "a replica") }
        if let present = try backups.replica(of: draft.origin.backup, from: draft.origin.region, in: vault.id) {
            return .present(present)
        }
        let used = try vaults.usedBytes(vault.id)
        guard used <= vault.sizeBytes || vault.settings.autoExpand else {
            throw ControlError(
                code: .vaultFull,
                message:
                    "vault \(vault.id) uses \(ControlPlane.megabytes(used)) MB, more than its size of \(vault.sizeGiB) GB",
                facts: ["vault.id": vault.id.text, "used_bytes": "\(used)"])
        }
        return .wanted(
            vault,
            checkpoint: try backups.replicaCheckpoint(
                of: draft.origin.checkpoint, from: draft.origin.region, in: vault.id))
    }
}
