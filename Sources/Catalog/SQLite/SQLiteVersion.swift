internal import GRDB
internal import Synchronization

/// Tells whether anybody committed to the file, this process or another.
///
/// SQLite counts, for each connection, how often others changed the file (`PRAGMA data_version`); a number means something on its own
/// connection alone, so there is one for all who ask. It never writes.
final class SQLiteVersion: Sendable {
    private struct State {
        var seen: Int64?
        var number: UInt64 = 0
    }

    private let connection: DatabaseQueue
    private let state = Mutex(State())

    /// - Parameter path: of a database that a writer has open, in write-ahead mode.
    init(path: String, configuration: Configuration) throws {
        var configuration = configuration
        configuration.readonly = true
        connection = try DatabaseQueue(path: path, configuration: configuration)
    }

    func current() throws -> CatalogVersion {
        // Inside the lock: of two who ask, whoever sees the later state also gets the later number.
        try state.withLock { state in
            let seen = try connection.inDatabase { database in
                try Int64.fetchOne(database.cachedStatement(sql: "PRAGMA data_version"))
            }
            if seen != state.seen {
                state.seen = seen
                state.number += 1
            }
            return CatalogVersion(state.number)
        }
    }

    func close() throws { try connection.close() }
}
