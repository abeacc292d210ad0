public import HoldfastCore

/// One resource at one restore point.
public struct BackupRecord: Sendable, Equatable {
    public let id: BackupID
    public let project: ProjectID
    public var vault: VaultID
    public let checkpoint: CheckpointID
    public let resource: ResourceID
    /// As they were when the backup began.
    public let resourceName: String
    public let resourceType: ResourceType
    public let resourceLocation: String
    public var resourceSizeBytes: Int64?
    public var name: String
    public let description: String
    public let isAutomatic: Bool
    /// As the caller asked. False: everything was read again.
    public let isIncremental: Bool
    public var state: BackupState
    /// What the repository calls it; nil until it is available.
    public var restorePoint: RestorePointID?
    /// The backup that this one was compared with; nil when everything was read.
    public var parent: BackupID?
    /// Bytes that this backup added to the repository.
    public var storedBytes: Int64
    /// Size of what can be restored.
    public var logicalBytes: Int64
    public let createdAt: Instant
    public var updatedAt: Instant
    public var protectedAt: Instant?
    /// When it is to be removed; nil: never by itself.
    public var expiresAt: Instant?
    /// While it is there, nobody can remove the backup.
    public var hold: Hold?
    /// What the repository itself was told: nobody can remove the backup before; ``Instant/never`` for ever; nil: nothing.
    public var keptUntil: Instant?
    /// Whether the repository itself was told of a hold, and not yet of its end.
    public var isHoldKept: Bool
    /// When it was found in the repository and taken into the catalog; nil when this catalog saw it being made. Retention
    /// vouches for no age of such a backup: it never counts, and never goes by itself.
    public let importedAt: Instant?
    /// Of a replica: where it was made.
    public let origin: ReplicaOrigin?

    /// A legal hold.
    public struct Hold: Sendable, Equatable {
        public let since: Instant
        public let reason: String

        public init(since: Instant, reason: String) {
            self.since = since
            self.reason = reason
        }
    }

    public init(
        id: BackupID, project: ProjectID, vault: VaultID, checkpoint: CheckpointID, resource: ResourceID,
        resourceName: String, resourceType: ResourceType, resourceLocation: String, resourceSizeBytes: Int64?,
        name: String, description: String, isAutomatic: Bool, isIncremental: Bool, state: BackupState,
        restorePoint: RestorePointID?, parent: BackupID?, storedBytes: Int64, logicalBytes: Int64, createdAt: Instant,
        updatedAt: Instant, protectedAt: Instant?, expiresAt: Instant? = nil, hold: Hold? = nil,
        keptUntil: Instant? = nil, isHoldKept: Bool = false,
        importedAt: Instant? = nil,
        origin: ReplicaOrigin? = nil
    ) {
        self.id = id
        self.project = project
        self.vault = vault
        self.checkpoint = checkpoint
        self.resource = resource
        self.resourceName = resourceName
        self.resourceType = resourceType
        self.resourceLocation = resourceLocation
        self.resourceSizeBytes = resourceSizeBytes
        self.name = name
        self.description = description
        self.isAutomatic = isAutomatic
        self.isIncremental = isIncremental
        self.state = state
        self.restorePoint = restorePoint
        self.parent = parent
        self.storedBytes = storedBytes
        self.logicalBytes = logicalBytes
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.protectedAt = protectedAt
        self.expiresAt = expiresAt
        self.hold = hold
        self.keptUntil = keptUntil
        self.isHoldKept = isHoldKept
        self.importedAt = importedAt
        self.origin = origin
    }
}

extension Instant {
    /// A moment that never comes.
    public static let never = Instant(microseconds: .max)
    /// The end of the year 9999: no day that is given, and no lock in a repository, goes beyond it.
    public static let yearsEnd = Instant(microseconds: 253_402_300_800_000_000)
}

/// Where a backup is in its life. Whether it waits, runs or is being restored shows in its operation.
public enum BackupState: String, Sendable, CaseIterable {
    /// Queued or running: it holds its resource's one place.
    case protecting
    /// Its bytes are durable and complete.
    case available
    case deleting
    /// Its backup or its deletion failed. It can be deleted.
    case error

    public enum Event: Sendable, CaseIterable {
        case protected, protectionFailed, delete, deletionFailed
        /// What it would have removed is still there, whole.
        case deletionRefused
    }

    /// The event has no meaning in this state.
    public struct Refused: Error, Equatable {
        public let state: BackupState
        public let event: Event
    }

    public func takes(_ event: Event) -> Bool {
        var copy = self
        do throws(Refused) { try copy.apply(event) } catch { return false }
        return true
    }

    /// - Throws: ``Refused``; the state is then unchanged.
    public mutating func apply(_ event: Event) throws(Refused) {
        switch (self, event) {
        case (.protecting, .protected): self = .available
        case (.protecting, .protectionFailed): self = .error
        case (.available, .delete), (.error, .delete): self = .deleting
        case (.deleting, .deletionFailed): self = .error
        case (.deleting, .deletionRefused): self = .available
        case (.protecting, _), (.available, _), (.deleting, _), (.error, _): throw Refused(state: self, event: event)
        }
    }
}
