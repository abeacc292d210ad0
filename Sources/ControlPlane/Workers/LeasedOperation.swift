public import Catalog
public import HoldfastCore

/// An operation in a worker's hands. Every call about it carries its fence; one that is stale is refused.
public struct LeasedOperation: Sendable {
    public let id: OperationID
    public let project: ProjectID
    public let kind: OperationKind
    /// Of the call that began the operation.
    public let requestID: String
    /// 1 for the first worker; more when an earlier one was stopped or died, and may have left work half done.
    public let attempt: Int
    public let fence: Int64
    /// What was last stored.
    public let progressPercent: Int
    public let work: Work

    public enum Work: Sendable {
        case backUp(BackupWork)
        case restore(RestoreWork)
        /// Backups to remove, oldest first: of a deletion, a vault that goes, or resources that leave one.
        case remove([DoomedBackup])
        case importBackups(ImportWork)
        case replicate(ReplicationWork)
    }
}

public struct BackupWork: Sendable {
    public let backup: BackupRecord
    public let vault: VaultRecord
    public let checkpointName: String
    /// The newest available backup of the same resource; nil when there is none, or everything is to be read.
    public let parent: BackupRecord?
}

public struct RestoreWork: Sendable {
    public let backup: BackupID
    public let restorePoint: RestorePointID
    public let target: RestoreTarget
}

public struct DoomedBackup: Sendable, Equatable {
    public let backup: BackupID
    /// Nil when the catalog never heard of one.
    public let restorePoint: RestorePointID?
    /// Whether the repository was told of a hold that is over, and not yet of its end.
    public let endsHold: Bool
}

/// How an operation ended well.
public enum OperationOutcome: Sendable {
    case backedUp(BackupResult)
    /// With `writtenBytes`, `verifiedBytes` and the warnings in the details.
    case restored(OperationDetails)
    case removed
    case imported(OperationDetails)
    case replicated(ReplicationResult)
}

public struct BackupResult: Sendable {
    public let restorePoint: RestorePointID
    /// The parent that it was really compared with.
    public let parent: BackupID?
    public let storedBytes: Int64
    public let logicalBytes: Int64
    public let details: OperationDetails

    public init(
        restorePoint: RestorePointID, parent: BackupID?, storedBytes: Int64, logicalBytes: Int64,
        details: OperationDetails
    ) {
        self.restorePoint = restorePoint
        self.parent = parent
        self.storedBytes = storedBytes
        self.logicalBytes = logicalBytes
        self.details = details
    }
}
