/// How far a transfer is. Counts only grow; totals may be corrected while it runs.
public struct TransferProgress: Sendable, Equatable {
    /// Bytes dealt with: moved, or known to be in place.
    public let doneBytes: Int64
    /// Nil until it is known.
    public let totalBytes: Int64?
    public let doneEntries: Int
    public let totalEntries: Int?

    public init(doneBytes: Int64, totalBytes: Int64?, doneEntries: Int, totalEntries: Int?) {
        self.doneBytes = doneBytes
        self.totalBytes = totalBytes
        self.doneEntries = doneEntries
        self.totalEntries = totalEntries
    }
}
