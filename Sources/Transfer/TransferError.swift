/// A backup or a restore that could not be done as a whole. Single items that fail are ``ItemWarning``s.
public struct TransferError: Error, Sendable {
    /// What callers switch on and tests compare.
    public enum Code: String, Sendable, CaseIterable {
        /// The source is missing, not of the kind that was asked for, or cannot be read.
        case sourceUnreachable
        /// The image does not fit into the target. Nothing was written.
        case targetTooSmall
        /// The target is missing, of another kind, or refuses writes. It may be half written; then it is marked.
        case targetUnwritable
        /// What was read back from the target is not what was written.
        case verificationFailed
        case cancelled
        /// The restore point is not in the repository.
        case restorePointMissing
        /// The restore point holds something else than what the target can take: a tree, not an image, or the reverse.
        case kindMismatch
        /// The repository failed: its own error is the cause.
        case repository
    }

    public let code: Code
    /// One sentence: what was attempted, on what, and what the operator can do.
    public let message: String
    /// Values for the log line; names carry units.
    public let facts: [String: String]
    public let cause: (any Error)?

    public init(code: Code, message: String, facts: [String: String] = [:], cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.facts = facts
        self.cause = cause
    }
}
