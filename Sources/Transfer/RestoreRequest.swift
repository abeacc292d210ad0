public import Endpoints
public import HoldfastCore

/// What to restore, and where it goes.
public struct RestoreRequest: Sendable {
    public var restorePoint: RestorePointID
    /// Of the same kind as what was backed up. A tree's contents land in that directory, which is made if it is missing;
    /// an image lands in that file or block device.
    public var target: SourceLocation
    /// Removes what the target tree has and the backup has not. By default it stays.
    public var deleteExtra: Bool
    /// Where the mark of a half-written block device is kept: an existing directory. A device without one has no mark.
    public var journalDirectory: String?
    /// Paths of directories that a tree's restore neither writes to nor removes, wherever in the target they lie.
    public var excludedDirectories: [String]
    /// False: the target's path was resolved and allowed before. A link that somebody has put there since is refused.
    public var followsLinks = true

    public init(
        restorePoint: RestorePointID, target: SourceLocation, deleteExtra: Bool = false,
        journalDirectory: String? = nil, excludedDirectories: [String] = []
    ) {
        self.restorePoint = restorePoint
        self.target = target
        self.deleteExtra = deleteExtra
        self.journalDirectory = journalDirectory
        self.excludedDirectories = excludedDirectories
    }
}

/// What a finished restore did.
public struct RestoreOutcome: Sendable {
    /// Bytes written to the target. What was there already, byte for byte, is not written again.
    public let writtenBytes: Int64
    /// Bytes read back from the target and found equal to the backup.
    public let verifiedBytes: Int64
    public let entryCount: Int
    /// The first ``ItemWarning/keptMax``, in the order in which they were met.
    public let warnings: [ItemWarning]
    public let warningCount: Int
    /// True when this finished an earlier restore of the same restore point that had been interrupted.
    public let resumed: Bool
    /// Where the time went; nil where nobody measured.
    public let time: TimeReport?

    public init(
        writtenBytes: Int64, verifiedBytes: Int64, entryCount: Int, warnings: [ItemWarning], warningCount: Int,
        resumed: Bool, time: TimeReport? = nil
    ) {
        self.writtenBytes = writtenBytes
        self.verifiedBytes = verifiedBytes
        self.entryCount = entryCount
        self.warnings = warnings
        self.warningCount = warningCount
        self.resumed = resumed
        self.time = time
    }
}
