internal import GRDB
internal import Synchronization

/// Connections that read, one for each call that is on its way.
///
/// GRDB's own pool has a lock that readers wait for twice a call. Here each takes a connection from a stack and puts it back; the
/// threads that read bound how many there are.
final class SQLiteReaders: Sendable {
    private struct State {
        var idle: [DatabaseQueue] = []
        var isClosed = false
    }

    private let path: String
    private let configuration: Configuration
    private let state = Mutex(State())

    /// - Parameter path: of a database that a writer has open, in write-ahead mode: it made the files that readers share.
    init(path: String, configuration: Configuration) {
        var configuration = configuration
        configuration.readonly = true
        self.path = path
        self.configuration = configuration
    }

    /// Runs a body in a transaction of its own: it sees one state of the database, that of its first read or a later one.
    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        let connection = try take()
        defer { give(connection) }
        return try connection.inDatabase { database in
            // Prepared once for each connection; GRDB's own calls prepare them every time.
            try database.cachedStatement(sql: "BEGIN DEFERRED TRANSACTION").execute()
            do {
                let value = try body(database)
                try database.cachedStatement(sql: "COMMIT TRANSACTION").execute()
                return value
            } catch {
                if database.isInsideTransaction { try database.rollback() }
                throw error
            }
        }
    }

    /// Ends the connections: those in use once their call is over. Calls made later fail.
    func close() throws {
        let idle = state.withLock { state in
            state.isClosed = true
            defer { state.idle = [] }
            return state.idle
        }
        for connection in idle { try connection.close() }
    }

    private func take() throws -> DatabaseQueue {
        let (connection, isClosed) = state.withLock { ($0.idle.popLast(), $0.isClosed) }
        if let connection { return connection }
        guard !isClosed else { throw CatalogError(code: .unavailable, message: "the catalog is closed") }
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    private func give(_ connection: DatabaseQueue) {
        let isKept = state.withLock { state in
            if !state.isClosed { state.idle.append(connection) }
            return !state.isClosed
        }
        // It ends with its last reference otherwise.
        if !isKept { try? connection.close() }
    }
}
