public import Endpoints
public import HoldfastCore

/// What to back up, and what to compare it with.
public struct BackupRequest: Sendable {
    public var source: SourceLocation
    /// Chunks are shared within a domain and nowhere else: a project's id, or "local" on the command line.
    public var domain: String
    /// Kept with the restore point, readable with the repository's key alone.
    public var labels: [String: String]
    /// An earlier restore point of the same source. What did not change since then is not read again.
    /// One that is gone, or of another kind, is ignored; `BackupOutcome.parentUsed` says so.
    public var parent: RestorePointID?
    /// Of an image: where it has changed since `parent`. The rest is not looked at. Ignored without a usable parent.
    public var changes: ChangeList?
    /// Reads every byte and checks every chunk that is already stored, trusting no earlier state.
    public var rereadAll: Bool
    /// Directories of a tree that are left out with everything in them: the repository itself, if it lies there.
    public var excludedDirectories: [String]
    /// False: the source's path was resolved and allowed before. A link that somebody has put there since is refused.
    public var followsLinks = true

    public init(
        source: SourceLocation, domain: String, labels: [String: String] = [:], parent: RestorePointID? = nil,
        changes: ChangeList? = nil, rereadAll: Bool = false, excludedDirectories: [String] = []
    ) {
        self.source = source
        self.domain = domain
        self.labels = labels
        self.parent = parent
        self.changes = changes
        self.rereadAll = rereadAll
        self.excludedDirectories = excludedDirectories
    }
}

/// What a finished backup did.
public struct BackupOutcome: Sendable {
    public let restorePoint: RestorePointID
    /// The size of what can be restored: the sum of file sizes, or the image's size.
    public let logicalBytes: Int64
    /// Bytes read from the source. Holes and unchanged files are not read.
    public let readBytes: Int64
    /// Bytes this backup added to the repository, as they rest there.
    public let storedBytes: Int64
    /// Files, directories and other items; 1 for an image.
    public let entryCount: Int
    /// The first ``ItemWarning/keptMax``, in the order in which they were met.
    public let warnings: [ItemWarning]
    public let warningCount: Int
    /// The parent that was compared with; nil when there was none, or it was not usable.
    public let parentUsed: RestorePointID?
    /// Where the time went; nil where nobody measured.
    public let time: TimeReport?

    public init(
        restorePoint: RestorePointID, logicalBytes: Int64, readBytes: Int64, storedBytes: Int64, entryCount: Int,
        warnings: [ItemWarning], warningCount: Int, parentUsed: RestorePointID?, time: TimeReport? = nil
    ) {
        self.restorePoint = restorePoint
        self.logicalBytes = logicalBytes
        self.readBytes = readBytes
        self.storedBytes = storedBytes
        self.entryCount = entryCount
        self.warnings = warnings
        self.warningCount = warningCount
        self.parentUsed = parentUsed
        self.time = time
    }
}
