internal import Foundation
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
        /// The last look at the file that succeeded, and what it found.
        var last: (look: UInt64, version: CatalogVersion)?
    }

    private let connection: DatabaseQueue
    /// Looks begun so far.
    private let looks = Atomic<UInt64>(0)
    // Guards `state`. Who waits for a look sleeps: a `Mutex` spins first, and took a fifth of the time of busy servers.
    private let lock = NSLock()
    private nonisolated(unsafe) var state = State()  // only touched with `lock` held

    /// - Parameter path: of a database that a writer has open, in write-ahead mode.
    init(path: String, configuration: Configuration) throws {
        var configuration = configuration
        configuration.readonly = true
        connection = try DatabaseQueue(path: path, configuration: configuration)
    }

    /// The version of a state that the file had after the call began.
    func current() throws -> CatalogVersion {
        let before = looks.load(ordering: .sequentiallyConsistent)
        // Inside the lock: of two looks, whichever sees the later state also gets the later number.
        return try lock.withLock {
            // Of those who waited together one looks, for all.
            if let last = state.last, last.look > before { return last.version }
            let look = looks.add(1, ordering: .sequentiallyConsistent).newValue
            let seen = try connection.inDatabase { database in
                try Int64.fetchOne(database.cachedStatement(sql: "PRAGMA data_version"))
            }
            if seen != state.seen {
                state.seen = seen
                state.number += 1
            }
            let version = CatalogVersion(state.number)
            state.last = (look, version)
            return version
        }
    }

    func close() throws { try connection.close() }
}
