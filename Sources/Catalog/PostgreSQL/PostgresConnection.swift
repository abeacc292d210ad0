internal import CPostgres
internal import Foundation
internal import HoldfastCore

/// One session with the server, used by one thread at a time.
///
/// Waits with `poll` and an end, never inside libpq: a server that is frozen, or a network that swallows packets, ends as
/// ``PostgresFailure``, not as a thread that hangs. The look-up of a host's name has the resolver's own end.
///
/// Unchecked: libpq allows a connection on any thread as long as no two use it at once; `PostgresPool`'s lock hands it to one.
final class PostgresConnection: @unchecked Sendable {
    struct Patience: Sendable {
        /// For each host, unless the URL says `connect_timeout`.
        var connecting: Duration = .seconds(5)
        /// For one statement's answer; nil waits as long as the connection stands.
        var answering: Duration? = .seconds(20)
    }

    /// Enough for every statement of the catalog; lists of many ids make a new text for each length.
    static let statementsMax = 256

    private let handle: OpaquePointer
    private let patience: Patience
    private let uptime: @Sendable () -> Duration
    private var statements = StatementCache(capacity: statementsMax)
    /// Nothing can be asked any more.
    private(set) var isBroken = false

    /// - Throws: ``PostgresFailure``.
    init(_ target: PostgresTarget, patience: Patience, uptime: @escaping @Sendable () -> Duration) throws {
        handle = try PostgresDial(target: target, limit: patience.connecting, uptime: uptime).connect()
        self.patience = patience
        self.uptime = uptime
    }

    deinit { PQfinish(handle) }

    /// As `PQserverVersion`: 150018 is 15.18.
    var serverVersion: Int { Int(PQserverVersion(handle)) }

    func parameter(_ name: String) -> String? { PQparameterStatus(handle, name).map { String(cString: $0) } }

    var usesTLS: Bool { PQsslInUse(handle) == 1 }

    /// Lets the pool throw it away.
    func retire() { isBroken = true }

    /// Runs statements without arguments, and gives the first one's answer.
    @discardableResult
    func run(script: String) throws -> PostgresResult {
        try send(PQsendQuery(handle, script))
        return try answer()
    }

    /// Runs one statement of the catalog's own SQL.
    func run(_ sql: String, _ arguments: [SQLValue]) throws -> PostgresResult {
        let values = try arguments.map { try $0.postgresText() }
        let statement = try prepared(sql)
        return try withCStrings(values) { pointers in
            try send(
                PQsendQueryPrepared(handle, statement.name, Int32(values.count), pointers, nil, nil, 0))
            return try answer()
        }
    }

    private func prepared(_ sql: String) throws -> StatementCache.Entry {
        if let found = statements.find(sql) { return found }
        if let old = statements.evict() { try run(script: "DEALLOCATE \(old)") }
        let entry = statements.newEntry(SQLDialect.postgres.translate(sql))
        // No types: the server finds them from the places that the placeholders have.
        try send(PQsendPrepare(handle, entry.name, entry.sql, 0, nil))
        _ = try answer()
        statements.insert(entry, as: sql)
        return entry
    }

    // MARK: Waiting

    private func send(_ result: Int32) throws {
        guard result == 1 else { throw lost() }
    }

    /// The first answer to what was sent; later ones only end the exchange.
    private func answer() throws -> PostgresResult {
        let end = patience.answering.map { uptime() + $0 }
        var first: PostgresResult?
        while true {
            try receive(until: end)
            guard let next = PQgetResult(handle) else { break }
            let result = PostgresResult(next)
            // A failure wins: the statements after it were not run.
            if first == nil || first?.failure == nil && result.failure != nil && PQstatus(handle) != CONNECTION_BAD {
                first = result
            }
        }
        if PQstatus(handle) == CONNECTION_BAD { isBroken = true }
        guard let first else { throw lost() }
        guard let failure = first.failure else { return first }
        // A server that goes away says so first: admin_shutdown, crash_shutdown, cannot_connect_now.
        if ["57P01", "57P02", "57P03", "57P05", ""].contains(failure.state) { isBroken = true }
        throw PostgresFailure(
            state: failure.state,
            message: failure.message.isEmpty ? PostgresFailure.message(of: handle) : failure.message,
            isConnectionLost: isBroken)
    }

    private func receive(until end: Duration?) throws {
        var unsent = PQflush(handle)
        while PQisBusy(handle) == 1 || unsent == 1 {
            guard unsent >= 0 else { throw lost() }
            try wait(for: Int16(unsent == 1 ? POLLIN | POLLOUT : POLLIN), until: end)
            guard PQconsumeInput(handle) == 1 else { throw lost() }
            unsent = PQflush(handle)
        }
    }

    private func wait(for events: Int16, until end: Duration?) throws {
        do { try PostgresDial.wait(for: events, of: handle, until: end, uptime) } catch {
            isBroken = true
            throw error
        }
    }

    private func lost() -> PostgresFailure {
        isBroken = true
        return .lost(handle)
    }
}
