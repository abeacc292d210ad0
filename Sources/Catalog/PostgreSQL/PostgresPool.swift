internal import HoldfastCore
internal import Synchronization

/// Connections to one database. There are as many as there are threads that use them at once: each call takes one and gives it back.
final class PostgresPool: Sendable {
    /// What a connection is for.
    struct Purpose: Sendable {
        var patience = PostgresConnection.Patience()
        /// Run once on every new connection.
        var setup: String

        /// For calls: the server ends statements that run too long, and transactions whose process hangs in the middle.
        static let calls = Purpose(
            setup: session + "; SET statement_timeout = '15s'; SET idle_in_transaction_session_timeout = '60s'")

        /// A commit is on the disk when it returns, whatever the database or the role is set to.
        static let session = """
            SET standard_conforming_strings = on; SET bytea_output = 'hex';
            SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'
            """
    }

    static let serverVersionMin = 130_000

    private struct State {
        var idle: [PostgresConnection] = []
        var gate = OutageGate()
        var isClosed = false
    }

    let target: PostgresTarget
    private let purpose: Purpose
    private let uptime: @Sendable () -> Duration
    private let state = Mutex(State())

    init(_ target: PostgresTarget, _ purpose: Purpose, uptime: @escaping @Sendable () -> Duration) {
        self.target = target
        self.purpose = purpose
        self.uptime = uptime
    }

    /// A connection that is idle, or a new one.
    ///
    /// - Throws: ``CatalogError`` with `.unavailable`.
    func take() throws -> PostgresConnection {
        let now = uptime()
        let idle: PostgresConnection? = try state.withLock { state in
            guard !state.isClosed else {
                throw CatalogError(code: .unavailable, message: "the catalog is closed")
            }
            if let connection = state.idle.popLast() { return connection }
            try state.gate.enter(at: now)
            return nil
        }
        if let idle { return idle }
        do {
            let connection = try open()
            state.withLock { $0.gate.connected() }
            return connection
        } catch {
            let wrapped = (error as? CatalogError) ?? Self.wrap(error, target)
            state.withLock { $0.gate.failed(wrapped, at: uptime()) }
            throw wrapped
        }
    }

    func give(_ connection: PostgresConnection) {
        guard !connection.isBroken else { return discardIdle() }
        state.withLock { state in
            if !state.isClosed { state.idle.append(connection) }
        }
    }

    /// Where one connection broke, the others did too: the next calls make new ones.
    func discardIdle() {
        let old = state.withLock { state in
            defer { state.idle = [] }
            return state.idle
        }
        withExtendedLifetime(old) {}
    }

    func close() {
        state.withLock { $0.isClosed = true }
        discardIdle()
    }

    private func open() throws -> PostgresConnection {
        let connection = try PostgresConnection(target, patience: purpose.patience, uptime: uptime)
        guard connection.serverVersion >= Self.serverVersionMin else {
            throw CatalogError(
                code: .unavailable,
                message:
                    "the database \(target) is PostgreSQL \(connection.serverVersion / 10_000); 13 or later is needed")
        }
        guard connection.parameter("server_encoding") == "UTF8" else {
            throw CatalogError(
                code: .unavailable,
                message: "the database \(target) does not keep UTF-8; make one with CREATE DATABASE … ENCODING 'UTF8' "
                    + "TEMPLATE template0")
        }
        try connection.run(script: purpose.setup)
        return connection
    }

    private static func wrap(_ error: any Error, _ target: PostgresTarget) -> CatalogError {
        guard let failure = error as? PostgresFailure else {
            return CatalogError(
                code: .unavailable, message: "the database \(target) can't be reached: \(error)", cause: error)
        }
        return .unreachable(target, failure)
    }
}
