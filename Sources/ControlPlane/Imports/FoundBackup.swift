public import Catalog
public import HoldfastCore

/// A backup as the repository remembers it: what is sealed into its restore point.
public struct FoundBackup: Sendable, Equatable {
    public var restorePoint: RestorePointID
    public var project: ProjectID
    public var backup: BackupID
    public var name: String
    public var description: String
    public var checkpoint: CheckpointID
    public var checkpointName: String
    public var vault: VaultID
    public var vaultName: String
    /// Nil: what fits the resource.
    public var vaultObjectType: VaultObjectType?
    /// Nil: as much as its backups need.
    public var vaultSizeGiB: Int64?
    public var resource: ResourceID
    public var resourceName: String
    public var resourceType: ResourceType
    public var resourceLocation: String
    public var isAutomatic: Bool
    public var isIncremental: Bool
    /// As the clock of the machine had it that made the backup.
    public var createdAt: Instant
    public var storedBytes: Int64
    public var logicalBytes: Int64
    /// Of a replica: where it was made.
    public var origin: ReplicaOrigin?
    /// For how long the repository itself keeps it; ``Instant/never``: for ever.
    public var keptUntil: Instant?
    /// Of the legal hold that the repository knows of.
    public var holdReason: String?

    public init(
        restorePoint: RestorePointID, project: ProjectID, backup: BackupID, name: String, description: String,
        checkpoint: CheckpointID, checkpointName: String, vault: VaultID, vaultName: String,
        vaultObjectType: VaultObjectType?, vaultSizeGiB: Int64?, resource: ResourceID, resourceName: String,
        resourceType: ResourceType, resourceLocation: String, isAutomatic: Bool, isIncremental: Bool,
        createdAt: Instant, storedBytes: Int64, logicalBytes: Int64, origin: ReplicaOrigin? = nil,
        keptUntil: Instant? = nil,
        holdReason: String? = nil
    ) {
        self.restorePoint = restorePoint
        self.project = project
        self.backup = backup
        self.name = name
        self.description = description
        self.checkpoint = checkpoint
        self.checkpointName = checkpointName
        self.vault = vault
        self.vaultName = vaultName
        self.vaultObjectType = vaultObjectType
        self.vaultSizeGiB = vaultSizeGiB
        self.resource = resource
        self.resourceName = resourceName
        self.resourceType = resourceType
        self.resourceLocation = resourceLocation
        self.isAutomatic = isAutomatic
        self.isIncremental = isIncremental
        self.createdAt = createdAt
        self.storedBytes = storedBytes
        self.logicalBytes = logicalBytes
        self.origin = origin
        self.keptUntil = keptUntil
        self.holdReason = holdReason
    }
}

/// What the repository says of a restore point that it has.
public struct StoredKeep: Sendable, Equatable {
    public let restorePoint: RestorePointID
    /// For how long it keeps it; ``Instant/never``: for ever; nil: it was never locked.
    public let keptUntil: Instant?
    /// Of the legal hold that it knows of.
    public let holdReason: String?

    public init(restorePoint: RestorePointID, keptUntil: Instant?, holdReason: String?) {
        self.restorePoint = restorePoint
        self.keptUntil = keptUntil
        self.holdReason = holdReason
    }
}

/// What became of found backups.
public struct ImportReport: Sendable, Equatable {
    /// Backups that the catalog knows now and did not before.
    public var imported: [BackupID] = []
    public var presentCount = 0
    /// Vaults that were made again.
    public var vaults: [VaultID] = []
    public var resources: [ResourceID] = []
    public var refused: [Refused] = []

    public struct Refused: Sendable, Equatable {
        public let backup: BackupID
        /// One sentence.
        public let reason: String
    }

    public init() {}

    public mutating func add(_ other: ImportReport) {
        imported += other.imported
        presentCount += other.presentCount
        vaults += other.vaults
        resources += other.resources
        refused += other.refused
    }
}

/// What a worker looks for in the repository.
public struct ImportWork: Sendable, Equatable {
    public enum Scope: Sendable, Equatable {
        /// All backups of a vault.
        case vault(VaultID)
        /// One backup; with the restore point and the resource that the caller gave for it.
        case backup(BackupID, restorePoint: RestorePointID?, resource: ResourceID?)
    }

    public let scope: Scope
}
