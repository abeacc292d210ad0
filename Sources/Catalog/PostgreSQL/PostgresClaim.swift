public import HoldfastCore
internal import Synchronization

/// A database, held for this server alone: an advisory lock of a session that does nothing else.
///
/// PostgreSQL gives the lock back when the session ends, however that comes. A restart of PostgreSQL takes it away: ``check()`` takes it
/// again, and says so when another server was faster. What the two may have begun side by side is kept apart by leases and their fences.
public final class PostgresClaim: Sendable {
    public enum State: Sendable, Equatable {
        case held
        /// The session was lost since the last look, and a new one holds the database.
        case heldAgain
        /// The database can't be reached; nobody knows who holds it.
        case unreachable(String)
        /// Another server holds it.
        case taken
    }

    /// What runs there, for the start's log line.
    public struct Facts: Sendable, Equatable {
        /// Such as `15.18`.
        public let version: String
        public let usesTLS: Bool
        /// False when the server is set to lose what it acknowledged, if the machine stops.
        public let isDurable: Bool
    }

    /// A predecessor that was killed takes a moment to go.
    static let attempts = 8
    static let pause = Duration.milliseconds(250)

    private struct Session {
        var connection: PostgresConnection?
        /// The server process of the last connection that had the lock.
        var backend: Int64?
    }

    private let pool: PostgresPool
    private let threads = NamedThreadPool(name: "catalog-claim", threads: 1)
    private let session = Mutex(Session())

    private init(_ target: PostgresTarget, seams: Seams) {
        // A machine that stops without a word holds the lock until the server misses it: 25 seconds, not two hours.
        pool = PostgresPool(
            target,
            .init(
                setup: PostgresPool.Purpose.session
                    + "; SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3"),
            uptime: seams.uptime)
    }

    deinit { close() }

    /// - Returns: nil when another server holds the database.
    /// - Throws: ``CatalogError`` when it can't be reached.
    public static func take(_ target: PostgresTarget, seams: Seams) async throws -> PostgresClaim? {
        let claim = PostgresClaim(target, seams: seams)
        for attempt in 1...attempts {
            if try await claim.threads.runCatalog({ try claim.takeLock() }) == .held { return claim }
            if attempt < attempts { try await seams.sleep(pause) }
        }
        return nil
    }

    /// Looks whether the claim still holds, and takes it again where a new session has to.
    public func check() async -> State {
        do {
            return try await threads.runCatalog { [self] in
                if try stillHeld() { return .held }
                let state = try takeLock()
                return state == .held ? .heldAgain : state
            }
        } catch {
            return .unreachable((error as? CatalogError)?.message ?? "\(error)")
        }
    }

    public func facts() async throws -> Facts {
        try await threads.runCatalog { [self] in
            guard let connection = session.withLock({ $0.connection }) else {
                throw CatalogError(code: .unavailable, message: "the claim on the database is lost")
            }
            let fsync = try connection.run("SELECT current_setting('fsync') AS value", []).rows().first?.text("value")
            return Facts(
                version: "\(connection.serverVersion / 10_000).\(connection.serverVersion % 10_000)",
                usesTLS: connection.usesTLS, isDurable: fsync == "on")
        }
    }

    public func close() {
        threads.close()
        pool.close()
        let old = session.withLock { session in
            defer { session.connection = nil }
            return session.connection
        }
        withExtendedLifetime(old) {}
    }

    private func stillHeld() throws -> Bool {
        guard let connection = session.withLock({ $0.connection }) else { return false }
        do {
            try connection.run(script: "SELECT 1")
            return true
        } catch {
            session.withLock { $0.connection = nil }
            return false
        }
    }

    private func takeLock() throws -> State {
        let connection = try pool.take()
        let key = PostgresLock.server
        do {
            let row = try connection.run("SELECT pg_try_advisory_lock(\(key.key)) AS held, pg_backend_pid() AS pid", [])
                .rows().first
            guard try row?.bool("held") == true else {
                let old = session.withLock { $0.backend }
                guard try endOldSession(old, connection) else { return .taken }
                return .unreachable("this server's own earlier session with the database has not ended yet")
            }
            let backend = try row?.int64("pid")
            session.withLock { $0 = Session(connection: connection, backend: backend) }
            return .held
        } catch let failure as PostgresFailure { throw CatalogError.unreachable(pool.target, failure) }
    }

    /// A connection that broke on the way may live on at the server's end, and hold the lock there.
    private func endOldSession(_ backend: Int64?, _ connection: PostgresConnection) throws -> Bool {
        guard let backend else { return false }
        let holders = try connection.run(
            """
            SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = \(PostgresLock.group)
                AND objid = \(PostgresLock.server.rawValue) AND granted
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """, []
        ).rows().map { try $0.int64("pid") }
        guard holders == [backend] else { return false }
        _ = try connection.run("SELECT pg_terminate_backend(?)", [.integer(backend)])
        return true
    }
}
