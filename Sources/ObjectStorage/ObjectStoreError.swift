/// A failure while reading or writing an object.
public struct ObjectStoreError: Error, Sendable {
    public enum Code: String, Sendable, CaseIterable {
        /// There is no such object. Never used for "could not look": prune must not confuse the two.
        case missing
        /// `put` on a key that is taken; nothing was changed.
        case keyTaken
        /// No space, or over a quota.
        case full
        /// The range is not inside the object.
        case outOfRange
        /// The text can't be a key.
        case badKey
        /// The store refuses to remove the object, as it was asked to.
        case protected
        /// The store does not answer, or the system refuses; the cause may pass.
        case unavailable
    }

    public let code: Code
    /// One sentence: what was attempted, on what, and what the operator can do.
    public let message: String
    public let facts: [String: String]
    public let cause: (any Error)?

    public init(code: Code, message: String, facts: [String: String] = [:], cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.facts = facts
        self.cause = cause
    }

    /// True when the same call may succeed later without anyone changing anything.
    public var isRetryable: Bool {
        switch code {
        case .unavailable: true
        case .missing, .keyTaken, .full, .outOfRange, .badKey, .protected: false
        }
    }
}

extension ObjectStoreError {
    static func badKey(_ text: String) -> Self {
        Self(code: .badKey, message: "'\(text.prefix(80))' can't be the name of an object")
    }

    static func missing(_ key: ObjectKey) -> Self {
        Self(code: .missing, message: "there is no object \(key)", facts: ["object.key": key.text])
    }

    static func keyTaken(_ key: ObjectKey) -> Self {
        Self(code: .keyTaken, message: "the object \(key) exists already", facts: ["object.key": key.text])
    }

    static func protected(_ key: ObjectKey) -> Self {
        Self(
            code: .protected, message: "the store refuses to remove the object \(key): it is protected",
            facts: ["object.key": key.text])
    }

    static func outOfRange(_ key: ObjectKey, _ range: Range<Int>, sizeBytes: Int) -> Self {
        Self(
            code: .outOfRange,
            message: "bytes \(range) are not inside the object \(key), which has \(sizeBytes)",
            facts: ["object.key": key.text, "object.size_bytes": "\(sizeBytes)"])
    }

    static func unavailable(_ attempt: String, _ key: ObjectKey?, reason: String) -> Self {
        Self(
            code: .unavailable, message: "could not \(attempt)\(key.map { " \($0)" } ?? ""): \(reason)",
            facts: key.map { ["object.key": $0.text] } ?? [:])
    }
}
