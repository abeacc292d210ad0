import Foundation
import HoldfastCore
import Synchronization
import TestSupport
import Testing

@testable import Catalog

@Suite("PostgreSQL that refuses, goes away, or does not answer")
struct PostgresCatalogTests {
    static let table = Migration("test-001", ["CREATE TABLE things (id BIGINT PRIMARY KEY, name TEXT NOT NULL)"])

    static func with(_ body: (String, PostgresCatalog) async throws -> Void) async throws {
        try await CatalogPlace.with(.postgres, schema: [table]) { place in
            let url = try #require(place.url)
            let catalog = try await PostgresCatalog.open(
                PostgresTarget(url: url), migrations: [table], seams: .live)
            try await body(url, catalog)
            try await catalog.close()
        }
    }

    /// Goal: idle connections that an outage broke are no outage. Method: the server ends every session; the next calls find out.
    @Test("calls after a restart of the server succeed, without one that fails first")
    func reconnect() async throws {
        try await Self.with { _, catalog in
            for round in 0..<3 {
                _ = try await catalog.write { transaction in
                    try transaction.execute("INSERT INTO things VALUES (?, 'a')", [SQLValue(round)])
                }
                #expect(try await catalog.read { try $0.query("SELECT id FROM things") }.count == round + 1)
                await #expect(throws: CatalogError.self, "this one ends itself") {
                    _ = try await catalog.read { try $0.query(Self.endAllSessions) }
                }
            }
        }
    }

    static let endAllSessions = """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()
        ORDER BY pid = pg_backend_pid()
        """

    @Test("a body that is cut off runs again on a new connection, and what it had done is not there twice")
    func cutOff() async throws {
        try await Self.with { url, catalog in
            let runs = Mutex(0)
            try await catalog.write { transaction in
                let run = runs.withLock { runs in
                    runs += 1
                    return runs
                }
                try transaction.execute("INSERT INTO things VALUES (?, 'a')", [SQLValue(run)])
                if run == 1 { try Self.endOthers(url) }
                try transaction.execute("UPDATE things SET name = 'b' WHERE id = ?", [SQLValue(run)])
            }
            #expect(runs.withLock { $0 } == 2)
            let rows = try await catalog.read { try $0.query("SELECT * FROM things") }
            #expect(rows == [SQLRow(["id": 2, "name": "b"])])
        }
    }

    /// Goal: nothing is done twice. Method: the session ends between the last statement and the commit.
    @Test("a commit whose answer is lost is not repeated, and is said to be unknown")
    func lostCommit() async throws {
        try await Self.with { url, catalog in
            let runs = Mutex(0)
            let error = await #expect(throws: CatalogError.self) {
                try await catalog.write { transaction in
                    runs.withLock { $0 += 1 }
                    try transaction.execute("INSERT INTO things VALUES (1, 'a')")
                    try Self.endOthers(url)
                }
            }
            #expect(error?.code == .unavailable && error?.message.contains("not known") == true)
            #expect(runs.withLock { $0 } == 1)
        }
    }

    @Test("a server that became a standby is left for the one that the URL leads to")
    func standby() async throws {
        try await Self.with { url, catalog in
            let name = try #require(PostgresTarget(url: url).value(of: "dbname"))
            let other = try PostgresConnection(PostgresTarget(url: url), patience: .init(), uptime: Seams.live.uptime)
            let runs = Count()
            try await catalog.write { transaction in
                runs.add()
                // As a standby has it, and as its successor has it.
                if runs.now == 1 { try transaction.execute("SET TRANSACTION READ ONLY") }
                try transaction.execute("INSERT INTO things VALUES (1, 'a')")
            }
            #expect(runs.now == 2)
            try other.run(script: "ALTER DATABASE \(name) SET default_transaction_read_only = on")
            try Self.endOthers(url)
            let error = await #expect(throws: CatalogError.self) {
                _ = try await catalog.write { try $0.execute("INSERT INTO things VALUES (2, 'a')") }
            }
            #expect(error?.code == .unavailable)
            #expect(try await catalog.read { try $0.query("SELECT * FROM things") }.count == 1)
            let reset = try PostgresConnection(PostgresTarget(url: url), patience: .init(), uptime: Seams.live.uptime)
            try reset.run(script: "SET default_transaction_read_only = off")
            try reset.run(script: "ALTER DATABASE \(name) RESET default_transaction_read_only")
        }
    }

    @Test("two that wait for each other: one is run again, and both are stored")
    func deadlock() async throws {
        try await Self.with { _, catalog in
            try await catalog.write { transaction in
                for id in 1...2 { try transaction.execute("INSERT INTO things VALUES (?, '')", [SQLValue(id)]) }
            }
            let (arrived, runs) = (Count(), Count())
            try await withThrowingTaskGroup(of: Void.self) { group in
                for first in 1...2 {
                    group.addTask {
                        try await catalog.write { transaction in
                            runs.add()
                            let append = "UPDATE things SET name = name || ? WHERE id = ?"
                            try transaction.execute(append, [.text("\(first)"), SQLValue(first)])
                            arrived.add()
                            // Both hold one row before either asks for the other's.
                            while arrived.now < 2 { sched_yield() }
                            try transaction.execute(append, [.text("\(first)"), SQLValue(3 - first)])
                        }
                    }
                }
                try await group.waitForAll()
            }
            let names = try await catalog.read { transaction in
                try transaction.query("SELECT name FROM things ORDER BY id").map { try $0.text("name") }
            }
            #expect(names == ["12", "12"] || names == ["21", "21"], "as if one came after the other: \(names)")
            #expect(runs.now >= 3)
        }
    }

    @Test("a transaction that always meets others gets its turn alone")
    func fairness() async throws {
        try await Self.with { _, catalog in
            let over = Count()
            try await catalog.write { transaction in
                for id in 1...2 { try transaction.execute("INSERT INTO things VALUES (?, '0')", [SQLValue(id)]) }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in 1...2 {
                    group.addTask {
                        while over.now == 0 {
                            try await catalog.write { transaction in
                                _ = try transaction.query("SELECT COUNT(*) FROM things")
                                try transaction.execute("UPDATE things SET name = '1' WHERE id = ?", [SQLValue(id)])
                            }
                        }
                    }
                }
                for id in 10..<40 {
                    try await catalog.write { transaction in
                        let names = try transaction.query("SELECT name FROM things")
                        try transaction.execute("INSERT INTO things VALUES (?, 'n')", [SQLValue(id)])
                        for index in 0..<20 {
                            try transaction.execute(
                                "UPDATE things SET name = ? WHERE id = ?", [.text("\(index)"), SQLValue(1 + index % 2)])
                        }
                        #expect(names.count == id - 8)
                    }
                }
                over.add()
                try await group.waitForAll()
            }
        }
    }

    /// Goal: what another program of the database server leaves open makes no write fail.
    /// Method: it is serializable and stays open, until PostgreSQL keeps only a summary of the thousands that commit beside it.
    @Test("a transaction of another program that stays open stops no write")
    func beside() async throws {
        try await Self.with { url, catalog in
            let other = try PostgresConnection(
                PostgresTarget(url: url), patience: .init(), uptime: Seams.live.uptime)
            try other.run(script: "BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT txid_current()")
            try await catalog.write { transaction in
                for id in 0..<4 { try transaction.execute("INSERT INTO things VALUES (?, '0')", [SQLValue(id)]) }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in 0..<4 {
                    group.addTask {
                        for round in 0..<1000 {
                            try await catalog.write { transaction in
                                _ = try transaction.query("SELECT COUNT(*) FROM things")
                                try transaction.execute(
                                    "UPDATE things SET name = ? WHERE id = ?", [.text("\(round)"), SQLValue(id)])
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let names = try await catalog.read { try $0.query("SELECT DISTINCT name FROM things") }
            #expect(names == [SQLRow(["name": "999"])])
            try other.run(script: "COMMIT")
        }
    }

    /// Goal: who looks before it inserts is never told that the key is taken. Method: another session takes it between the two.
    @Test("a key that somebody takes after it was looked for is found taken, and is no conflict")
    func takenKey() async throws {
        try await Self.with { url, catalog in
            let runs = Count()
            let isNew = try await catalog.write { transaction in
                runs.add()
                guard try transaction.query("SELECT name FROM things WHERE id = 1").isEmpty else { return false }
                let other = try PostgresConnection(
                    PostgresTarget(url: url), patience: .init(), uptime: Seams.live.uptime)
                try other.run(script: "INSERT INTO things VALUES (1, 'other')")
                try transaction.execute("INSERT INTO things VALUES (1, 'mine')")
                return true
            }
            #expect(!isNew && runs.now == 2)
            let error = await #expect(throws: CatalogError.self) {
                _ = try await catalog.write { try $0.execute("INSERT INTO things VALUES (1, 'mine')") }
            }
            #expect(error?.code == .conflict)
        }
    }

    @Test("a database that would lose what it acknowledged is not obeyed, one that can't keep all texts is refused")
    func settings() async throws {
        try await CatalogPlace.with(.postgres) { place in
            let target = try PostgresTarget(url: try #require(place.url))
            let plain = try PostgresConnection(target, patience: .init(), uptime: Seams.live.uptime)
            let name = try #require(target.value(of: "dbname"))
            try plain.run(script: "ALTER DATABASE \(name) SET synchronous_commit = off")
            let catalog = try await PostgresCatalog.open(target, migrations: [Self.table], seams: .live)
            let value = try await catalog.write { transaction in
                try transaction.query("SELECT current_setting('synchronous_commit') AS value").first?.text("value")
            }
            #expect(value == "on")
            try await catalog.close()

            let latin = "\(name)_latin"
            try plain.run(
                script: "CREATE DATABASE \(latin) ENCODING 'LATIN1' LOCALE 'C' LOCALE_PROVIDER libc TEMPLATE template0")
            let url = try #require(place.url).replacing("/\(name)?", with: "/\(latin)?")
            let error = await #expect(throws: CatalogError.self) {
                _ = try await PostgresCatalog.open(PostgresTarget(url: url), migrations: [Self.table], seams: .live)
            }
            #expect(error?.message.contains("UTF-8") == true)
            try plain.run(script: "DROP DATABASE \(latin) WITH (FORCE)")
        }
    }

    @Test("a migration by another process does not break statements that are prepared")
    func newSchema() async throws {
        try await Self.with { url, catalog in
            _ = try await catalog.write { transaction in
                try transaction.execute("INSERT INTO things VALUES (1, 'a')")
            }
            for _ in 1...3 { _ = try await catalog.read { try $0.query("SELECT * FROM things") } }
            let later = Migration("test-002", ["ALTER TABLE things ADD COLUMN more BIGINT"])
            try await PostgresCatalog.open(
                PostgresTarget(url: url), migrations: [Self.table, later], seams: .live
            ).close()
            let rows = try await catalog.read { try $0.query("SELECT * FROM things") }
            #expect(rows == [SQLRow(["id": 1, "name": "a", "more": nil])])
        }
    }

    // MARK: Silence

    @Test("a server that takes connections and says nothing is given up, and so is one that stops in the middle")
    func silence() async throws {
        let listener = Silent()
        let patience = PostgresConnection.Patience(connecting: .milliseconds(200), answering: .milliseconds(200))
        let silent = try PostgresTarget(url: "postgres://u@127.0.0.1:\(listener.port)/d")
        var failure = #expect(throws: PostgresFailure.self) {
            _ = try PostgresConnection(silent, patience: patience, uptime: Seams.live.uptime)
        }
        #expect(failure?.isConnectionLost == true)

        try await CatalogPlace.with(.postgres) { place in
            let target = try PostgresTarget(url: try #require(place.url))
            let connection = try PostgresConnection(
                target, patience: .init(answering: .milliseconds(200)), uptime: Seams.live.uptime)
            failure = #expect(throws: PostgresFailure.self) { try connection.run(script: "SELECT pg_sleep(60)") }
            #expect(failure?.isConnectionLost == true && connection.isBroken)
        }
    }

    /// Goal: the second host serves while the first is there and dumb. Method: the first takes connections and never answers.
    @Test("of several hosts, one that takes connections and says nothing is passed over in its own time")
    func severalHosts() async throws {
        try await CatalogPlace.with(.postgres, schema: [Self.table]) { place in
            let (first, last) = (Silent(), Silent())
            let url = try #require(place.url)
            let folder = try #require(PostgresTarget(url: url).value(of: "host")).replacing("/", with: "%2F")
            func several(_ more: String) throws -> PostgresTarget {
                try PostgresTarget(
                    url: url.replacing(
                        "host=\(folder)",
                        with: "host=127.0.0.1,\(folder),127.0.0.1&port=\(first.port),5432,\(last.port)&\(more)"))
            }
            let patience = PostgresConnection.Patience(connecting: .milliseconds(200))
            let connection = try PostgresConnection(
                several("target_session_attrs=read-write"), patience: patience, uptime: Seams.live.uptime)
            #expect(try connection.run("SELECT 1 AS one", []).rows().count == 1)

            let catalog = try await PostgresCatalog.open(
                several("connect_timeout=1"), migrations: [Self.table], seams: .live)
            _ = try await catalog.write { try $0.execute("INSERT INTO things VALUES (1, 'a')") }
            #expect(try await catalog.read { try $0.query("SELECT * FROM things") }.count == 1)
            try await catalog.close()

            // No host is a standby, so all three are asked; each says its own.
            let failure = #expect(throws: PostgresFailure.self) {
                _ = try PostgresConnection(
                    several("target_session_attrs=standby"), patience: patience, uptime: Seams.live.uptime)
            }
            let message = try #require(failure?.message)
            #expect(failure?.isConnectionLost == true && message.contains("standby"))
            #expect([first, last].allSatisfy { message.contains("port \($0.port), does not answer") }, "\(message)")
        }
    }

    @Test("the URL's connect_timeout is what a silent host gets")
    func connectTimeout() throws {
        let listener = Silent()
        let target = try PostgresTarget(url: "postgres://u@127.0.0.1:\(listener.port)/d?connect_timeout=1")
        let begun = Seams.live.uptime()
        let failure = #expect(throws: PostgresFailure.self) {
            _ = try PostgresConnection(
                target, patience: .init(connecting: .seconds(30)), uptime: Seams.live.uptime)
        }
        #expect(failure?.isSilence == true && Seams.live.uptime() - begun < .seconds(20))
    }

    @Test("while it can't be reached one call tries, the others hear at once; then it tries again")
    func gate() throws {
        var gate = OutageGate()
        let error = CatalogError(code: .unavailable, message: "gone")
        try gate.enter(at: .zero)
        gate.failed(error, at: .seconds(1))
        #expect(throws: CatalogError.self) { try gate.enter(at: .seconds(1) + OutageGate.pause / 2) }
        let later = Duration.seconds(1) + OutageGate.pause
        try gate.enter(at: later)
        #expect(throws: CatalogError.self, "one is trying") { try gate.enter(at: later + .seconds(9)) }
        gate.connected()
        try gate.enter(at: later)
        try gate.enter(at: later)
    }

    // MARK: One server

    @Test("a database has one server; the next one gets it when the first ends, and the first notices a loss")
    func claim() async throws {
        try await CatalogPlace.with(.postgres) { place in
            let url = try #require(place.url)
            let target = try PostgresTarget(url: url)
            var seams = Seams.live
            seams.sleep = { _ in try Task.checkCancellation() }
            let first = try #require(try await PostgresClaim.take(target, seams: seams))
            #expect(try await PostgresClaim.take(target, seams: seams) == nil)
            #expect(await first.check() == .held)
            #expect(try await first.facts().isDurable == false, "tests run without fsync")

            try Self.endOthers(url)
            #expect(await first.check() == .heldAgain)
            #expect(await first.check() == .held)
            try Self.endOthers(url)
            let second = try await PostgresClaim.take(target, seams: .live)
            #expect(second != nil)
            #expect(await first.check() == .taken)
            second?.close()
            first.close()
        }
    }

    /// Ends every session of a database from a new one.
    static func endOthers(_ url: String) throws {
        let connection = try PostgresConnection(
            PostgresTarget(url: url), patience: .init(), uptime: Seams.live.uptime)
        try connection.run(
            script: """
                SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                """)
    }
}

/// A place on this machine that takes connections and says nothing.
private final class Silent: Sendable {
    let port: UInt16
    private let listener: Int32

    init() {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                #expect(bind(listener, pointer, length) == 0 && listen(listener, 64) == 0)
                #expect(getsockname(listener, pointer, &length) == 0)
            }
        }
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(listener) }
}

private final class Count: Sendable {
    private let value = Mutex(0)

    var now: Int { value.withLock { $0 } }
    func add() { value.withLock { $0 += 1 } }
}
