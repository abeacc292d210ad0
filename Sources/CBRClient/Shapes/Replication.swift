/// A vault of another region, with all that is shown of it.
public struct ExternalVault: Decodable, Sendable, Equatable {
    public struct Billing: Decodable, Sendable, Equatable {
        public let status: String
        public let objectType: String
        public let protectType: String
        public let consistentLevel: String
        public let size: Int64
        public let used: Int64
        public let allocated: Int64
    }

    public struct Member: Decodable, Sendable, Equatable {
        public let id: String
        public let name: String?
        public let type: String
        public let size: Int64?
        public let backupCount: Int64?
        public let backupSize: Int64?
        public let protectStatus: String?
    }

    public let id: String
    public let name: String
    public let description: String?
    public let createdAt: String?
    public let projectID: String
    public let billing: Billing
    public let resources: [Member]
}

/// What is told of a backup that is to be brought to another server.
public struct NewReplica: Encodable, Sendable, Equatable {
    public var vaultID: String
    public var sourceRegion: String
    public var sourceBackupID: String
    public var sourceCheckpointID: String
    public var name: String
    public var description: String
    public var checkpointName: String
    public var resourceID: String
    public var resourceName: String
    public var resourceType: String
    public var automatic: Bool
    public var incremental: Bool
    /// Microseconds since 1970 UTC.
    public var createdAt: Int64
    public var image: Bool
    /// A restore point of the other server.
    public var basis: String?
    public var repeated: Bool
    /// The policy that sends it; other servers may not know of it, and pass it over.
    public var policy: SendingPolicy?

    public struct SendingPolicy: Encodable, Sendable, Equatable {
        public var id: String
        public var operationDefinition: PolicyRetention

        public init(id: String, operationDefinition: PolicyRetention) {
            self.id = id
            self.operationDefinition = operationDefinition
        }
    }

    public init(
        vaultID: String, sourceRegion: String, sourceBackupID: String, sourceCheckpointID: String, name: String,
        description: String, checkpointName: String, resourceID: String, resourceName: String, resourceType: String,
        automatic: Bool, incremental: Bool, createdAt: Int64, image: Bool, basis: String?, repeated: Bool,
        policy: SendingPolicy? = nil
    ) {
        self.vaultID = vaultID
        self.sourceRegion = sourceRegion
        self.sourceBackupID = sourceBackupID
        self.sourceCheckpointID = sourceCheckpointID
        self.name = name
        self.description = description
        self.checkpointName = checkpointName
        self.resourceID = resourceID
        self.resourceName = resourceName
        self.resourceType = resourceType
        self.automatic = automatic
        self.incremental = incremental
        self.createdAt = createdAt
        self.image = image
        self.basis = basis
        self.repeated = repeated
        self.policy = policy
    }
}

/// The end of a replica: its manifest, and how much it is.
public struct ReplicaEnding: Encodable, Sendable, Equatable {
    public var root: String
    public var image: Bool
    public var logicalBytes: Int64
    public var entryCount: Int64
    public var warningCount: Int64

    public init(root: String, image: Bool, logicalBytes: Int64, entryCount: Int64, warningCount: Int64) {
        self.root = root
        self.image = image
        self.logicalBytes = logicalBytes
        self.entryCount = entryCount
        self.warningCount = warningCount
    }
}

/// A replica that is there.
public struct PresentReplica: Decodable, Sendable, Equatable {
    public let backupID: String
    public let checkpointID: String
    public let restorePoint: String
}

/// The other server's answer to ``NewReplica``: one of the two.
public struct ReplicaBeginning: Decodable, Sendable, Equatable {
    public struct Session: Decodable, Sendable, Equatable {
        public let id: String
        /// 64 hex digits.
        public let namingKey: String
        public let basisRoot: String?
    }

    public let replica: PresentReplica?
    public let session: Session?
}
