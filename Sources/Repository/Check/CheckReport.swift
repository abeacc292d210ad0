public import HoldfastCore

/// What a check found.
public struct CheckReport: Sendable, Equatable {
    /// An object or chunk that is missing or not what it was.
    public struct Fault: Sendable, Equatable {
        /// The object's key, or `chunk` and its name.
        public let place: String
        /// One sentence.
        public let message: String
    }

    /// A restore point that can't be given back whole.
    public struct Hit: Sendable, Equatable {
        public let restorePoint: RestorePointID
        /// Printable paths of the items that are hit; the first ``pathsMax``. Empty when the record or the root itself is.
        public let paths: [String]
        public let pathCount: Int
    }

    public static let pathsMax = 1000

    public internal(set) var restorePoints = 0
    public internal(set) var packs = 0
    public internal(set) var chunks = 0
    public internal(set) var readBytes: Int64 = 0
    public internal(set) var faults: [Fault] = []
    public internal(set) var hits: [Hit] = []
    /// Packs that no index names: left by a backup that did not end. Harmless.
    public internal(set) var unreferencedPacks = 0

    /// Packs that the index names, that are gone, and that no restore point needs: of a backup that was taken for dead.
    /// Harmless: backups look that a pack is there, and the next prune takes it out of the index.
    public internal(set) var outlivedPacks = 0

    public var isClean: Bool { faults.isEmpty && hits.isEmpty }
}

/// What a repository holds.
public struct RepositoryStatistics: Sendable, Equatable, Codable {
    public let restorePoints: Int
    public let packs: Int
    public let chunks: Int
    /// Bytes of all packs, those that nothing refers to included.
    public let storedBytes: Int64
    /// Bytes of all chunks before compression, each chunk counted once.
    public let plainBytes: Int64
    public let indexBytes: Int64
    /// The sum of what each restore point restores.
    public let logicalBytes: Int64
    /// Restore points that nobody can remove now: their time has not come, or they are under a legal hold.
    public let lockedRestorePoints: Int
    /// Those of them that are under a legal hold.
    public let heldRestorePoints: Int
    /// Whether the store itself refuses to remove them; nil when there are none.
    public let storeRefusesRemoval: Bool?
    /// Why it does not; nil when it does, or there are none.
    public let storeRefusalMissing: String?
}
