/// What PostgreSQL, or the way to it, answered in place of a result.
struct PostgresFailure: Error {
    /// Five characters, as in appendix A of PostgreSQL's manual; empty when the server did not say.
    let state: String
    /// The primary message: it names tables and columns, not their values.
    let message: String
    /// The connection is of no use any more.
    var isConnectionLost: Bool
    /// The connection stands, and nobody answers: a new one would wait as long.
    var isSilence = false

    /// Two transactions met, or this connection's prepared statements are of another schema: the same may succeed at once.
    var isTransient: Bool {
        switch state {
        // serialization_failure, deadlock_detected
        case "40001", "40P01": true
        default: isStale
        }
    }

    /// read_only_sql_transaction: the server became a standby, and the URL may name the one that took its place.
    var isStandby: Bool { state == "25006" }

    /// integrity_constraint_violation. Two that insert one key at once may hear this where one after the other would have heard nothing:
    /// the second would have seen the first's row.
    var isConflict: Bool { state.hasPrefix("23") }

    /// feature_not_supported ("cached plan must not change result type"), invalid_sql_statement_name: after a migration by
    /// another process, or by a pooler that took the session away. A new connection helps.
    var isStale: Bool { state == "26000" || state == "0A000" && message.hasPrefix("cached plan") }
}

extension CatalogError {
    static func postgres(_ failure: PostgresFailure, sql: String = "") -> Self {
        // The statement's text may go into a log; its arguments may hold secrets and do not.
        Self(
            code: code(of: failure), message: "the catalog failed: \(failure.message)",
            facts: ["sqlstate": failure.state, "sql": sql], cause: failure)
    }

    private static func code(of failure: PostgresFailure) -> Code {
        switch failure.state {
        case _ where failure.isConflict: .conflict
        // disk_full
        case "53100": .full
        // untranslatable_character, character_not_in_repertoire
        case "22P05", "22021": .unstorable
        // data_corrupted, index_corrupted
        case "XX001", "XX002": .corrupt
        default: .unavailable
        }
    }

    static func unreachable(_ target: PostgresTarget, _ failure: PostgresFailure) -> Self {
        Self(
            code: .unavailable, message: "the database \(target) can't be reached: \(failure.message)",
            facts: ["database": target.description, "sqlstate": failure.state], cause: failure)
    }

    static let commitUnknown = Self(
        code: .unavailable,
        message: "the connection to the database was lost at the end of a change; whether it was stored is not known")

    static func contended(attempts: Int, _ failure: PostgresFailure) -> Self {
        Self(
            code: .unavailable, message: "the catalog is too busy; try again later",
            facts: ["attempts": "\(attempts)", "sqlstate": failure.state], cause: failure)
    }
}
