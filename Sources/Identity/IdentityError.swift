/// A failure while finding out who calls, or while keeping the list of those who may.
public struct IdentityError: Error, Sendable {
    public enum Code: String, Sendable, CaseIterable {
        /// "I don't know you": 401, without saying which part was wrong.
        case unauthenticated
        /// "I know you, but you may not": 403.
        case forbidden
        case notFound
        /// A name that is taken.
        case conflict
        /// A request that makes no sense: 400.
        case malformed
        /// Too many logins at once: 429.
        case busy
        /// A sealed secret that the key does not open.
        case secretUnreadable
        case libraryFailure
        /// The catalog does not answer.
        case catalog
    }

    public let code: Code
    /// One sentence; safe to show to a client.
    public let message: String
    /// Values for the log line. Never secrets.
    public let facts: [String: String]
    public let cause: (any Error)?

    public init(_ code: Code, _ message: String, facts: [String: String] = [:], cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.facts = facts
        self.cause = cause
    }
}

extension IdentityError {
    /// The one sentence for every failed login and every bad token or signature.
    static func unauthenticated(_ reason: String) -> Self {
        Self(
            .unauthenticated, "The request you have made requires authentication.", facts: ["auth.refusal": reason])
    }

    static func library(_ call: String) -> Self { Self(.libraryFailure, "the library call \(call) failed") }

    static func secretUnreadable(_ label: String) -> Self {
        Self(.secretUnreadable, "the secret of \(label) can't be opened with secrets.key")
    }
}
