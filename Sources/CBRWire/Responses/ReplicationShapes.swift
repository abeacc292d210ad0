/// One replication of one backup, as its backup shows it.
public struct ReplicationRecordShape: Encodable, Sendable {
    public struct ExtraInfo: Encodable, Sendable {
        public var autoTrigger = false
        public var destinationVaultId = ""
        public var failCode = Nullable<String>()
        public var failReason = Nullable<String>()
        public var progress = 0
        public init() {}
    }

    public var createdAt = ""
    public var destinationBackupId = ""
    public var destinationCheckpointId = ""
    public var destinationProjectId = ""
    public var destinationRegion = ""
    public var destinationVaultId = ""
    public var extraInfo = ExtraInfo()
    public var id = ""
    public var sourceBackupId = ""
    public var sourceCheckpointId = ""
    public var sourceProjectId = ""
    public var sourceRegion = ""
    public var status = ""
    public var vaultId = ""

    public init() {}
}

public struct ReplicationCapabilitiesBody: Encodable, Sendable {
    public struct Region: Encodable, Sendable {
        public let name: String
        public let replicationDestinations: [String]
    }

    public let regions: [Region]

    public init(region: String, destinations: [String]) {
        regions = [Region(name: region, replicationDestinations: destinations)]
    }
}

public struct CopyBackupBody: Encodable, Sendable {
    public struct Replication: Encodable, Sendable {
        public var backupId = ""
        public var destinationProjectId = ""
        public var destinationRegion = ""
        public var destinationVaultId = ""
        public var projectId = ""
        public var providerId = ""
        public var replicationRecordId = ""
        public var sourceRegion = ""
        public init() {}
    }

    public let replication: Replication
    public init(_ replication: Replication) { self.replication = replication }
}

public struct CopyCheckpointBody: Encodable, Sendable {
    public struct Backup: Encodable, Sendable {
        public let backupId: String
        public let replicationRecordId: String

        public init(backup: String, record: String) {
            backupId = backup
            replicationRecordId = record
        }
    }

    public struct Replication: Encodable, Sendable {
        public var backups: [Backup] = []
        public var destinationProjectId = ""
        public var destinationRegion = ""
        public var destinationVaultId = ""
        public var projectId = ""
        public var providerId = ""
        public var sourceRegion = ""
        public var vaultId = ""
        public init() {}
    }

    public let replication: Replication
    public init(_ replication: Replication) { self.replication = replication }
}

/// One server's answer to another: the replica that is here, or the session that brings it.
public struct ReplicaAnswerBody: Encodable, Sendable {
    public struct Replica: Encodable, Sendable {
        public let backupId: String
        public let checkpointId: String
        public let restorePoint: String

        public init(backup: String, checkpoint: String, restorePoint: String) {
            backupId = backup
            checkpointId = checkpoint
            self.restorePoint = restorePoint
        }
    }

    public struct Session: Encodable, Sendable {
        public let id: String
        public let namingKey: String
        public let basisRoot: String?

        public init(id: String, namingKey: String, basisRoot: String?) {
            self.id = id
            self.namingKey = namingKey
            self.basisRoot = basisRoot
        }
    }

    public var replica: Replica?
    public var session: Session?

    public init(replica: Replica? = nil, session: Session? = nil) {
        self.replica = replica
        self.session = session
    }
}

public struct StoredChunksBody: Encodable, Sendable {
    public let stored: Int
    public init(stored: Int) { self.stored = stored }
}
