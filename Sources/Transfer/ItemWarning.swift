/// One item that could not be taken or given back as it is. The transfer goes on without it.
public struct ItemWarning: Sendable, Codable, Equatable {
    /// How many warnings an outcome keeps; the rest are only counted.
    public static let keptMax = 1000

    public enum Reason: String, Sendable, Codable, CaseIterable {
        /// It kept changing while it was read. What was stored is marked, and may mix old and new contents.
        case changed
        /// It was there when its directory was listed, and gone when it was opened.
        case vanished
        /// It could not be read; it is not in the backup.
        case unreadable
        /// This system or user can't hold some of it: an owner, an attribute, a device.
        case unsupported
        /// The repository can't give these bytes back; the rest of the restore goes on.
        case damaged
    }

    /// Relative to the source's root. Printable: bytes that are not, are written `\xHH`.
    public let path: String
    public let reason: Reason
    /// One sentence.
    public let message: String

    public init(path: String, reason: Reason, message: String) {
        self.path = path
        self.reason = reason
        self.message = message
    }
}
