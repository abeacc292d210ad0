public import HoldfastCore

/// What a sender is told when it may begin.
public struct ReplicaAnswer: Sendable, Equatable {
    /// The replica is here: nothing is to be sent.
    public struct Present: Sendable, Equatable {
        public let backup: BackupID
        public let checkpoint: CheckpointID
        public let restorePoint: RestorePointID

        public init(backup: BackupID, checkpoint: CheckpointID, restorePoint: RestorePointID) {
            self.backup = backup
            self.checkpoint = checkpoint
            self.restorePoint = restorePoint
        }
    }

    public struct Session: Sendable, Equatable {
        public let id: String
        /// Names chunks of the replicas of this project.
        public let namingKey: [UInt8]
        /// The topmost chunk of the basis; nil: it can't be used.
        public let basisRoot: [UInt8]?

        public init(id: String, namingKey: [UInt8], basisRoot: [UInt8]?) {
            self.id = id
            self.namingKey = namingKey
            self.basisRoot = basisRoot
        }
    }

    public var present: Present?
    public var session: Session?

    public init(present: Present? = nil, session: Session? = nil) {
        self.present = present
        self.session = session
    }
}

/// What a sender says of a restore point whose chunks are all sent.
public struct ReplicaEnd: Sendable, Equatable {
    public var root: [UInt8]
    public var isImage: Bool
    public var logicalBytes: Int64
    public var entryCount: Int64
    public var warningCount: Int64

    public init(root: [UInt8], isImage: Bool, logicalBytes: Int64, entryCount: Int64, warningCount: Int64) {
        self.root = root
        self.isImage = isImage
        self.logicalBytes = logicalBytes
        self.entryCount = entryCount
        self.warningCount = warningCount
    }
}

/// Takes replicas from other regions into the repository.
///
/// Every implementation guarantees: nothing of what a sender says is believed that can be looked at; a session is of one
/// project, and reads and writes nothing of another; what was taken is durable soon, and is not asked for again.
/// Calls throw ``ControlError``; `.operationNotFound` when there is no such session, or it has ended.
public protocol ReplicaReceiver: Sendable {
    /// - Parameters:
    ///   - basis: a restore point that an earlier replica of the resource is called.
    ///   - isRepeated: an earlier session may have come to its end without the sender hearing of it.
    func begin(
        _ draft: ReplicaDraft, isImage: Bool, basis: RestorePointID?, isRepeated: Bool, by caller: Caller
    ) async throws -> ReplicaAnswer
    /// - Parameter ids: names of chunks, 32 bytes each.
    /// - Returns: one byte each: 1 for those that are missing, else 0.
    func missing(_ ids: [UInt8], session: String, by caller: Caller) async throws -> [UInt8]
    /// - Parameter frames: `name(32) || length(4, LE) || bytes`, one after the other.
    /// - Returns: how many there were.
    func take(_ frames: [UInt8], session: String, by caller: Caller) async throws -> Int
    /// A chunk of the project's replicas.
    func give(_ id: [UInt8], session: String, by caller: Caller) async throws -> [UInt8]
    func finish(_ end: ReplicaEnd, session: String, by caller: Caller) async throws -> ReplicaAnswer.Present
    /// Ends a session; what it took stays. One that is gone is no error.
    func end(session: String, by caller: Caller) async
}
