/// A call that did not give what was asked for.
public struct ClientError: Error, Sendable {
    /// What callers switch on and tests compare.
    public enum Code: String, Sendable, CaseIterable {
        /// Nothing says how to reach the service, or who calls; or what says so cannot be read.
        case credentialsMissing, credentialsInvalid
        /// No connection, or it broke; the same call may succeed later.
        case serverUnreachable
        /// Connected, but no complete answer within the time-out; the same call may succeed later.
        case timedOut
        /// The service does not know the caller.
        case notAuthenticated
        /// The service answered with an error of its own: see `status` and `errorCode`.
        case refused
        /// The answer is not what the interface promises.
        case answerUnreadable
        /// No object has the given id or name, or several have the name.
        case objectNotFound, nameAmbiguous
    }

    public let code: Code
    /// One sentence: what was attempted, on what, and what to do about it.
    public let message: String
    /// The HTTP status, where there was an answer.
    public let status: Int?
    /// The service's own code, such as `BackupService.6105`, where it gave one.
    public let errorCode: String?
    public let cause: (any Error)?

    public init(
        _ code: Code, _ message: String, status: Int? = nil, errorCode: String? = nil, cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.status = status
        self.errorCode = errorCode
        self.cause = cause
    }

    /// True when the same call may succeed later without anyone changing anything.
    public var isRetryable: Bool {
        switch code {
        case .serverUnreachable, .timedOut: true
        case .refused: status == 429 || status == 502 || status == 503 || status == 504
        case .credentialsMissing, .credentialsInvalid, .notAuthenticated, .answerUnreadable, .objectNotFound,
            .nameAmbiguous:
            false
        }
    }
}
