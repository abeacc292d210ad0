public import Catalog
public import HoldfastCore

/// A backup to be sent to another region.
public struct ReplicationWork: Sendable {
    /// A restore point of the same resource, and what its replica is called there.
    public struct Basis: Sendable, Equatable {
        public let source: RestorePointID
        public let target: RestorePointID

        public init(source: RestorePointID, target: RestorePointID) {
            self.source = source
            self.target = target
        }
    }

    public let subject: ReplicationSubject
    public let backup: BackupRecord
    public let restorePoint: RestorePointID
    public let checkpointName: String
    public let basis: Basis?

    public init(
        subject: ReplicationSubject, backup: BackupRecord, restorePoint: RestorePointID, checkpointName: String,
        basis: Basis?
    ) {
        self.subject = subject
        self.backup = backup
        self.restorePoint = restorePoint
        self.checkpointName = checkpointName
        self.basis = basis
    }
}

/// What the other region made of it.
public struct ReplicationResult: Sendable {
    public let backup: BackupID
    public let checkpoint: CheckpointID
    public let restorePoint: RestorePointID
    public var details: OperationDetails

    public init(
        backup: BackupID, checkpoint: CheckpointID, restorePoint: RestorePointID, details: OperationDetails
    ) {
        self.backup = backup
        self.checkpoint = checkpoint
        self.restorePoint = restorePoint
        self.details = details
    }
}
