public struct OperationShape: Encodable, Sendable {
    public struct ErrorInfo: Encodable, Sendable {
        /// Empty unless the operation failed.
        public var code = ""
        public var message = ""
        public init() {}
    }

    public struct Common: Encodable, Sendable {
        public var progress = 0
        public var requestId = ""
        public var taskId = ""
        public init() {}
    }

    public struct Resource: Encodable, Sendable {
        public var id = ""
        public var name = ""
        public var type = ""
        public init() {}
    }

    public struct Backup: Encodable, Sendable {
        public var backupId = ""
        public var backupName = ""
        /// `true` or `false`, as text.
        public var incremental = "true"
        public init() {}
    }

    public struct Delete: Encodable, Sendable {
        public var backupId = ""
        public var backupName = ""
        public init() {}
    }

    public struct Restore: Encodable, Sendable {
        public var backupId = ""
        public var backupName = ""
        public var targetResourceId = ""
        public var targetResourceName = ""
        public init() {}
    }

    public struct RemoveResources: Encodable, Sendable {
        public var failCount = 0
        public var resources: [Resource] = []
        public var totalCount = 0
        public init() {}
    }

    public struct Replication: Encodable, Sendable {
        public var destinationBackupId = ""
        public var destinationBackupName = ""
        public var destinationCheckpointId = ""
        public var destinationProjectId = ""
        public var destinationRegion = ""
        public var sourceBackupId = ""
        public var sourceBackupName = ""
        public var sourceCheckpointId = ""
        public var sourceProjectId = ""
        public var sourceRegion = ""
        public init() {}
    }

    public struct Sync: Encodable, Sendable {
        public var deleteBackupNum = 0
        public var errSyncBackupNum = 0
        public var syncBackupNum = 0
        public init() {}
    }

    public struct VaultDelete: Encodable, Sendable {
        public var failCount = 0
        public var totalCount = 0
        public init() {}
    }

    public struct UpdateExpirationTime: Encodable, Sendable {
        public var affectedBackupsCount = 0
        /// `YYYY-MM-DD`.
        public var expirationDay = ""
        public init() {}
    }

    public struct Warning: Encodable, Sendable {
        public let path: String
        public let reason: String
        public let message: String

        public init(path: String, reason: String, message: String) {
            self.path = path
            self.reason = reason
            self.message = message
        }
    }

    /// Our own: what a transfer did, in bytes and entries, and what it left out.
    public struct Transfer: Encodable, Sendable {
        public var doneBytes: Int64 = 0
        public var totalBytes = Nullable<Int64>()
        public var doneEntries = 0
        public var totalEntries = Nullable<Int>()
        public var storedBytes = Nullable<Int64>()
        public var readBytes = Nullable<Int64>()
        public var writtenBytes = Nullable<Int64>()
        public var verifiedBytes = Nullable<Int64>()
        public var warningCount = 0
        /// The first of them.
        public var warnings: [Warning] = []
        public var restorePoint = Nullable<String>()
        public var attempt = 0
        public init() {}
    }

    public struct ExtraInfo: Encodable, Sendable {
        public var common = Common()
        public var resource = Resource()
        public var backup: Backup?
        public var delete: Delete?
        public var restore: Restore?
        public var removeResources: RemoveResources?
        public var vaultDelete: VaultDelete?
        public var sync: Sync?
        public var replication: Replication?
        public var updateExpirationTime: UpdateExpirationTime?
        public var holdfast = Transfer()
        public init() {}
    }

    public var checkpointId = Nullable<String>()
    public var createdAt = ""
    public var endedAt = Nullable<String>()
    public var errorInfo = ErrorInfo()
    public var extraInfo = ExtraInfo()
    public var id = ""
    public var operationType = ""
    public var policyId = Nullable<String>()
    public var projectId = ""
    public var providerId = Nullable<String>()
    public var startedAt = ""
    public var status = ""
    public var updatedAt = ""
    public var vaultId = Nullable<String>()
    public var vaultName = Nullable<String>()

    public init() {}
}

public struct OperationBody: Encodable, Sendable {
    public let operationLog: OperationShape
    public init(_ log: OperationShape) { operationLog = log }
}

public struct OperationListBody: Encodable, Sendable {
    public let operationLogs: [OperationShape]
    public let count: Int
    public let limit: Int
    public let offset: Int

    public init(_ logs: [OperationShape], count: Int, limit: Int, offset: Int) {
        operationLogs = logs
        self.count = count
        self.limit = limit
        self.offset = offset
    }
}
