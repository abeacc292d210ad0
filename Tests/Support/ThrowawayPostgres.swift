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
    static let testsMax = 6

    private let threads = NamedThreadPool(name: "test-postgres", threads: 1)
    private let turns = Turns(testsMax)
    // Only touched by the one thread above; the lock says so to the compiler.
    private let state = Mutex(State())

    private struct State {
        var session: Session?
        var templates: [String: String] = [:]
        var databases = 0
    }

    /// A place with nothing in it, or with a schema: a database of its own, gone after `body`.
    ///
    /// - Parameter body: gets a URL.
    func withDatabase<Value>(
        migrations: [Migration], _ body: (String) async throws -> Value
    ) async throws -> Value {
        await turns.take()
        let database: (folder: String, name: String)
        do {
            let template = try await template(for: migrations)
            database = try await threads.run { [self] in
                let session = try session()
                let name = newName()
                try session.connection.run(
                    script: "CREATE DATABASE \(name)" + (template.map { " TEMPLATE \($0)" } ?? ""))
                return (session.folder, name)
            }
        } catch {
            await turns.give()
            throw error
        }
        let result: Result<Value, any Error>
        do { result = .success(try await body(Self.url(database.folder, database.name))) } catch {
            result = .failure(error)
        }
        try await drop(database.name)
        await turns.give()
        return try result.get()
    }

    private func drop(_ name: String) async throws {
        try await threads.run { [self] in
            _ = try session().connection.run(script: "DROP DATABASE \(name) WITH (FORCE)")
        }
    }

    /// A database with a schema, to be copied: made once for each schema.
    private func template(for migrations: [Migration]) async throws -> String? {
        guard !migrations.isEmpty else { return nil }
        let key = migrations.map { "\($0.name): \($0.statements)" }.joined()
        if let known = state.withLock({ $0.templates[key] }) { return known }
        let (folder, name) = try await threads.run { [self] in
            let session = try session()
            let name = newName()
            try session.connection.run(script: "CREATE DATABASE \(name)")
            return (session.folder, name)
        }
        try await PostgresCatalog.open(
            PostgresTarget(url: Self.url(folder, name)), migrations: migrations, seams: .live
        ).close()
        return try await threads.run { [self] in
            // A session that still ends would hold up the copying.
            _ = try session().connection.run(
                script: "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '\(name)'")
            return state.withLock { state in
                if state.templates[key] == nil { state.templates[key] = name }
                return state.templates[key]
            }
        }
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
