/// A repository that can't be mounted.
public struct MountError: Error, Sendable {
    /// What callers switch on and tests compare.
    public enum Code: String, Sendable, CaseIterable {
        /// The place is no directory, or may not be mounted on.
        case badPlace
        /// The kernel, or the library in front of it, refused.
        case refused
    }

    public let code: Code
    /// One sentence.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
