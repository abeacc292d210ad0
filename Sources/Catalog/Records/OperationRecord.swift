public import HoldfastCore

/// One long-running task: what is to be done, how far it is, and how it ended.
public struct OperationRecord: Sendable, Equatable {
    public let id: OperationID
    public let project: ProjectID
    public let kind: OperationKind
    public var state: OperationState
    public let vault: VaultID?
    public let vaultName: String?
    public let checkpoint: CheckpointID?
    public let backup: BackupID?
    /// The resource that is read or written; nil for a restore to a path, and for work on several.
    public let resource: ResourceID?
    public let subject: OperationSubject
    /// The `X-Request-Id` of the call that began it.
    public let requestID: String
    /// 0 to 100; only grows. 100 means succeeded.
    public var progressPercent: Int
    public var details: OperationDetails
    /// How often a worker took it up.
    public var attempt: Int
    /// Grows with every lease. A worker whose fence is not this one has lost the operation.
    public var fence: Int64
    public let createdAt: Instant
    public var updatedAt: Instant
    public var startedAt: Instant?
    public var endedAt: Instant?

    public init(
        id: OperationID, project: ProjectID, kind: OperationKind, state: OperationState, vault: VaultID?,
        vaultName: String?, checkpoint: CheckpointID?, backup: BackupID?, resource: ResourceID?,
        subject: OperationSubject, requestID: String, progressPercent: Int, details: OperationDetails, attempt: Int,
        fence: Int64, createdAt: Instant, updatedAt: Instant, startedAt: Instant?, endedAt: Instant?
    ) {
        self.id = id
        self.project = project
        self.kind = kind
        self.state = state
        self.vault = vault
        self.vaultName = vaultName
        self.checkpoint = checkpoint
        self.backup = backup
        self.resource = resource
        self.subject = subject
        self.requestID = requestID
        self.progressPercent = progressPercent
        self.details = details
        self.attempt = attempt
        self.fence = fence
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.startedAt = startedAt
        self.endedAt = endedAt
    }
}

public enum OperationKind: String, Sendable, Codable, CaseIterable {
    case backup, restore, delete, sync, replication
    case vaultDelete = "vault_delete"
    case removeResource = "remove_resource"
    /// Done at once: only its log remains.
    case updateExpirationTime = "update_expiration_time"
}

/// What an operation works on, as far as no query asks for it: stored as JSON.
public struct OperationSubject: Sendable, Equatable, Codable {
    public var backupName: String?
    public var resourceName: String?
    public var resourceType: ResourceType?
    /// In whose name it runs.
    public var policy: PolicyID?
    /// Of a backup: false when everything is read again.
    public var isIncremental: Bool?
    /// The path that a backup reads or a restore writes, as far as it was known when the operation was queued. No two
    /// operations may touch there, unless both read.
    public var place: String?
    /// Of a restore.
    public var target: RestoreTarget?
    /// Of a removal of resources from a vault.
    public var resources: [ResourceID] = []
    /// What they were called when they began to leave; nil for removals queued before that was noted.
    public var leaving: [LeavingResource]?
    /// Of a removal of a vault or of resources: how many backups go with them.
    public var backupCount: Int?
    /// Of a search for one backup in the repository; nil: for all of the operation's vault.
    public var imports: BackupID?
    /// Where that backup is said to be.
    public var importsRestorePoint: RestorePointID?
    public var importsResource: ResourceID?
    public var replication: ReplicationSubject?
    /// Of new times of expiry: the last day, `YYYY-MM-DD`; ``backupCount`` is how many backups got it.
    public var expirationDay: String?

    public init() {}
}

/// A resource as its vault knew it.
public struct LeavingResource: Sendable, Equatable, Codable {
    public let id: ResourceID
    public let name: String
    public let type: ResourceType

    public init(id: ResourceID, name: String, type: ResourceType) {
        self.id = id
        self.name = name
        self.type = type
    }
}

/// Where a replication goes, and what it is to be called there.
public struct ReplicationSubject: Sendable, Equatable, Codable {
    public let record: ReplicationID
    public let region: String
    public let project: ProjectID
    public let vault: VaultID
    public let sourceRegion: String
    public let name: String
    public let description: String
    public let isAutomatic: Bool
    /// Of what a policy sends: by which rules it stays there.
    public let rules: ReplicaRules?

    public init(
        record: ReplicationID, region: String, project: ProjectID, vault: VaultID, sourceRegion: String, name: String,
        description: String, isAutomatic: Bool, rules: ReplicaRules? = nil
    ) {
        self.record = record
        self.region = region
        self.project = project
        self.vault = vault
        self.sourceRegion = sourceRegion
        self.name = name
        self.description = description
        self.isAutomatic = isAutomatic
        self.rules = rules
    }
}

public struct RestoreTarget: Sendable, Equatable, Codable {
    public let type: ResourceType
    /// A URI.
    public let location: String
    /// Removes what is in the target tree and not in the backup.
    public let deletesExtra: Bool

    public init(type: ResourceType, location: String, deletesExtra: Bool = false) {
        self.type = type
        self.location = location
        self.deletesExtra = deletesExtra
    }
}

/// What a transfer did or does; filled as it becomes known, stored as JSON.
public struct OperationDetails: Sendable, Equatable, Codable {
    public var doneBytes: Int64 = 0
    public var totalBytes: Int64?
    public var doneEntries = 0
    public var totalEntries: Int?
    /// Set when a backup finished.
    public var storedBytes: Int64?
    public var readBytes: Int64?
    /// Set when a restore finished.
    public var writtenBytes: Int64?
    public var verifiedBytes: Int64?
    public var warningCount = 0
    /// The first of them.
    public var warnings: [OperationWarning] = []
    public var restorePoint: RestorePointID?
    /// Set when a removal failed: how many of what it was to remove are still there, backups of a vault or resources.
    public var failedCount: Int?
    /// Set when a search of the repository finished: how many backups it took into the catalog.
    public var importedCount: Int?
    /// Those that it found and could not take.
    public var refusedCount: Int?
    /// Set when a replication finished: what the other region calls the backup.
    public var remoteBackup: BackupID?
    public var remoteCheckpoint: CheckpointID?

    public init() {}
}

/// One item that a transfer left out or could not take whole.
public struct OperationWarning: Sendable, Equatable, Codable {
    /// Relative to the resource's root, printable.
    public let path: String
    public let reason: String
    public let message: String

    public init(path: String, reason: String, message: String) {
        self.path = path
        self.reason = reason
        self.message = message
    }
}
