public import HoldfastCore

/// Where a replica was made.
public struct ReplicaOrigin: Sendable, Equatable {
    public let region: String
    public let backup: BackupID
    public let checkpoint: CheckpointID

    public init(region: String, backup: BackupID, checkpoint: CheckpointID) {
        self.region = region
        self.backup = backup
        self.checkpoint = checkpoint
    }
}

/// One sending of one backup to a vault of another region.
public struct ReplicationRecord: Sendable, Equatable {
    public let id: ReplicationID
    public let project: ProjectID
    public let backup: BackupID
    public let checkpoint: CheckpointID
    public let vault: VaultID
    public let resource: ResourceID
    public let operation: OperationID
    public let region: String
    public let remoteProject: ProjectID
    public let remoteVault: VaultID
    /// What the other region calls it; nil until it is there.
    public var remoteBackup: BackupID?
    public var remoteCheckpoint: CheckpointID?
    public var remoteRestorePoint: RestorePointID?
    public let isAutomatic: Bool
    public let createdAt: Instant
    /// When it was there.
    public var endedAt: Instant?

    public init(
        id: ReplicationID, project: ProjectID, backup: BackupID, checkpoint: CheckpointID, vault: VaultID,
        resource: ResourceID, operation: OperationID, region: String, remoteProject: ProjectID, remoteVault: VaultID,
        remoteBackup: BackupID? = nil, remoteCheckpoint: CheckpointID? = nil,
        remoteRestorePoint: RestorePointID? = nil, isAutomatic: Bool, createdAt: Instant, endedAt: Instant? = nil
    ) {
        self.id = id
        self.project = project
        self.backup = backup
        self.checkpoint = checkpoint
        self.vault = vault
        self.resource = resource
        self.operation = operation
        self.region = region
        self.remoteProject = remoteProject
        self.remoteVault = remoteVault
        self.remoteBackup = remoteBackup
        self.remoteCheckpoint = remoteCheckpoint
        self.remoteRestorePoint = remoteRestorePoint
        self.isAutomatic = isAutomatic
        self.createdAt = createdAt
        self.endedAt = endedAt
    }
}

/// A replication, and how its operation stands.
public struct ReplicationView: Sendable, Equatable {
    public let record: ReplicationRecord
    public let state: OperationState
    public let progressPercent: Int

    public init(record: ReplicationRecord, state: OperationState, progressPercent: Int) {
        self.record = record
        self.state = state
        self.progressPercent = progressPercent
    }
}
