public struct BackupShape: Encodable, Sendable {
    public struct ExtendInfo: Encodable, Sendable {
        public var autoTrigger = false
        public var bootable = false
        public var containSystemDisk = false
        public var encrypted = false
        public var isMultiAz = false
        public var osImagesData: [String] = []
        public var progress = Nullable<Int>()
        public var snapshotId = Nullable<String>()
        public var supportLld = false
        public var supportedRestoreMode = "backup"
        public var systemDisk = false

        public init() {}
    }

    public var checkpointId = Nullable<String>()
    public var children: [BackupShape] = []
    public var createdAt = ""
    public var description = ""
    public var enterpriseProjectId = Nullable<String>()
    public var expiredAt = Nullable<String>()
    public var extendInfo = ExtendInfo()
    public var id = ""
    public var imageType = "backup"
    public var incremental = true
    /// With whom it is shared, as far as the caller may see it. Ours.
    public var members: [MemberShape] = []
    public var name = ""
    public var parentId = Nullable<String>()
    public var projectId = ""
    public var protectedAt = Nullable<String>()
    public var providerId = ""
    public var replicationRecords: [ReplicationRecordShape] = []
    public var resourceAz = Nullable<String>()
    public var resourceId = ""
    public var resourceName = ""
    /// GB.
    public var resourceSize = 0
    public var resourceType = ""
    public var status = ""
    public var updatedAt = ""
    public var vaultId = ""
    public let version = 3

    public init() {}
}

public struct BackupBody: Encodable, Sendable {
    public let backup: BackupShape
    public init(backup: BackupShape) { self.backup = backup }
}

public struct BackupListBody: Encodable, Sendable {
    public let backups: [BackupShape]
    public let count: Int
    public let limit: Int
    public let offset: Int

    public init(backups: [BackupShape], count: Int, limit: Int, offset: Int) {
        self.backups = backups
        self.count = count
        self.limit = limit
        self.offset = offset
    }
}

/// A legal hold; null: there is none.
public struct HoldBody: Encodable, Sendable {
    public struct Hold: Encodable, Sendable {
        public let reason: String
        public let since: String
    }

    public var hold = Nullable<Hold>()

    public init() {}
    public init(reason: String, since: String) { hold.value = Hold(reason: reason, since: since) }
}

/// The answer to a restore: the operation log to follow.
public struct JobBody: Encodable, Sendable {
    public let jobId: String
    public init(jobId: String) { self.jobId = jobId }
}
