/// An archive that could not be written.
public struct ArchivingError: Error, Sendable {
    /// What callers switch on and tests compare.
    public enum Code: String, Sendable, CaseIterable {
        /// The restore point has nothing of that path.
        case nothingThere
        /// Whoever takes the archive took no more: a full disk, a reader that went away.
        case outputFailed
    }

    public let code: Code
    /// One sentence.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
