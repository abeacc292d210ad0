/// The catalog could not be read or written.
public struct CatalogError: Error, Sendable {
    public enum Code: String, Sendable, CaseIterable {
        /// A stored value is not what this version writes.
        case corrupt
        /// The schema was made by a newer version of the service.
        case newerSchema
        /// A unique or foreign key forbids the change; nothing changed.
        case conflict
        /// A text that the databases can't keep: it has a NUL character.
        case unstorable
        /// No room on the disk.
        case full
        /// The database can't be reached, opened, or is too busy.
        case unavailable
    }

    public let code: Code
    /// One sentence: what was attempted, on what, and what the operator can do.
    public let message: String
    public let facts: [String: String]
    public let cause: (any Error)?

    /// True when the same call may succeed later without anyone changing the request.
    public var isRetryable: Bool {
        switch code {
        case .full, .unavailable: true
        case .corrupt, .newerSchema, .conflict, .unstorable: false
        }
    }

    public init(code: Code, message: String, facts: [String: String] = [:], cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.facts = facts
        self.cause = cause
    }
}

extension CatalogError {
    public static func corrupt(column: String, wanted: String) -> Self {
        Self(
            code: .corrupt, message: "the catalog's column '\(column)' is not \(wanted); restore the catalog",
            facts: ["column": column])
    }

    static let unstorable = Self(code: .unstorable, message: "a text with a NUL character (U+0000) can't be stored")

    static func newerSchema(_ names: [String]) -> Self {
        Self(
            code: .newerSchema,
            message:
                "the catalog was made by a newer version of holdfast (it has '\(names.joined(separator: "', '"))'); "
                + "use that version, or a newer one",
            facts: ["migrations": names.joined(separator: ",")])
    }
}
