import Foundation
import HoldfastCore
import Synchronization

@testable import Catalog

/// The one PostgreSQL server of a test run, started when the first test wants it. It ends with the process.
public final class ThrowawayPostgres: Sendable {
    public struct NotStarted: Error, CustomStringConvertible {
        public let description: String
    }

    public static let shared = ThrowawayPostgres()

    /// How many tests use it at once: each has connections of its own.
    static let testsMax = 8

    private struct Database: Sendable {
        let name: String
        let url: String
    }

    private struct State {
        var session: Session?
        /// Databases with a schema and nothing in it, by schema: emptying one is cheaper than making one.
        var idle: [String: [Database]] = [:]
        var databases = 0
    }

    private let threads = NamedThreadPool(name: "test-postgres", threads: 1)
    private let turns = Turns(testsMax)
    // Only changed by the one thread above; the lock says so to the compiler.
    private let state = Mutex(State())

    /// A database with nothing in it but perhaps a schema, for `body` alone.
    ///
    /// - Parameter body: gets a URL.
    func withDatabase<Value>(
        migrations: [Migration], _ body: (String) async throws -> Value
    ) async throws -> Value {
        await turns.take()
        let result: Result<Value, any Error>
        do {
            let database = try await make(migrations)
            do { result = .success(try await body(database.url)) } catch { result = .failure(error) }
            try await takeBack(database, migrations)
        } catch {
            await turns.give()
            throw error
        }
        await turns.give()
        return try result.get()
    }

    private func make(_ migrations: [Migration]) async throws -> Database {
        let key = Self.key(migrations)
        if let idle = state.withLock({ $0.idle[key]?.popLast() }) { return idle }
        let database = try await threads.run { [self] in
            let session = try session()
            let name = newName()
            try session.connection.run(script: "CREATE DATABASE \(name)")
            return Database(name: name, url: Self.url(session.folder, name))
        }
        if !migrations.isEmpty {
            try await PostgresCatalog.open(
                PostgresTarget(url: database.url), migrations: migrations, seams: .live
            ).close()
        }
        return database
    }

    /// Empties the database, or removes it where a test changed the schema.
    private func takeBack(_ database: Database, _ migrations: [Migration]) async throws {
        try await threads.run { [self] in
            if !migrations.isEmpty, try Self.empty(database, migrations) {
                state.withLock { $0.idle[Self.key(migrations), default: []].append(database) }
            } else {
                try session().connection.run(script: "DROP DATABASE \(database.name) WITH (FORCE)")
            }
        }
    }

    private static func empty(_ database: Database, _ migrations: [Migration]) throws -> Bool {
        let connection = try PostgresConnection(
            PostgresTarget(url: database.url), patience: .init(), uptime: Seams.live.uptime)
        try connection.run(
            script: """
                SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                """)
        func names(_ sql: String) throws -> [String] { try connection.run(sql, []).rows().map { try $0.text("name") } }
        guard try Set(names("SELECT name FROM \(Migrator.table)")) == Set(migrations.map(\.name)) else { return false }
        let tables = try names("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")
            .filter { $0 != Migrator.table }
        // Without triggers, so that the order does not matter.
        try connection.run(
            script: "BEGIN; SET LOCAL session_replication_role = replica; "
                + tables.map { "DELETE FROM \($0); " }.joined() + "COMMIT")
        return true
    }

    private static func key(_ migrations: [Migration]) -> String {
        migrations.map { "\($0.name): \($0.statements)" }.joined()
    }

    private static func url(_ folder: String, _ name: String) -> String {
        "postgres://holdfast@/\(name)?host=" + folder.replacing("/", with: "%2F")
    }

    private func newName() -> String {
        state.withLock { state in
            state.databases += 1
            return "test_\(state.databases)"
        }
    }

    private func session() throws -> Session {
        if let session = state.withLock({ $0.session }) { return session }
        let session = try Session()
        state.withLock { $0.session = session }
        return session
    }

    /// The server's keeper, which ends when its input does, and a connection for making databases.
    private final class Session: Sendable {
        let folder: String
        let connection: PostgresConnection
        // Holds the input open; nothing is ever written.
        private let input = Pipe()

        init() throws {
            let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
            let keeper = Process()
            keeper.executableURL = root.appending(path: "scripts/throwaway-postgres.sh")
            keeper.arguments = ["until-eof"]
            let output = Pipe()
            keeper.standardInput = input
            keeper.standardOutput = output
            try keeper.run()
            var said = ""
            while !said.hasSuffix("\n") {
                let part = output.fileHandleForReading.availableData
                guard !part.isEmpty else {
                    throw NotStarted(
                        description: "no PostgreSQL could be started for the tests; scripts/install-deps.sh test "
                            + "installs what they need")
                }
                said += String(decoding: part, as: UTF8.self)
            }
            folder = String(said.dropFirst("ready ".count).dropLast())
            connection = try PostgresConnection(
                PostgresTarget(url: ThrowawayPostgres.url(folder, "postgres")), patience: .init(),
                uptime: Seams.live.uptime)
        }
    }
}

/// Lets so many go on at once.
private actor Turns {
    private var left: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) { left = count }

    func take() async {
        if left > 0 {
            left -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func give() {
        if waiting.isEmpty { left += 1 } else { waiting.removeFirst().resume() }
    }
}
