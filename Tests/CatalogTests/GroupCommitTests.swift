import Foundation
import GRDB
import HoldfastCore
import Synchronization
import TestSupport
import Testing

@testable import Catalog

@Suite("Writes that wait together are stored together, and each for itself")
struct GroupCommitTests {
    private static func insert(_ id: Int) -> @Sendable (any SQLTransaction) throws -> Int {
        { transaction in
            try transaction.execute("INSERT INTO t (id) VALUES (?)", [.integer(Int64(id))])
            return id
        }
    }

    private struct Refused: Error {}

    private func withPool(_ body: (DatabasePool) throws -> Void) throws {
        try withTemporaryDirectory { directory in
            let pool = try DatabasePool(path: "\(directory)/t.sqlite")
            try pool.write {
                try $0.execute(sql: "CREATE TABLE u (id INTEGER PRIMARY KEY)")
                try $0.execute(
                    sql: "CREATE TABLE t (id INTEGER PRIMARY KEY, u INTEGER REFERENCES u DEFERRABLE INITIALLY DEFERRED)"
                )
            }
            try body(pool)
            try pool.close()
        }
    }

    private func stored(_ pool: DatabasePool) throws -> [Int] {
        try pool.read { try Int.fetchAll($0, sql: "SELECT id FROM t ORDER BY id") }
    }

    @Test("all that wait are one transaction, in the order of their coming; the first caller carries out the others")
    func together() throws {
        try withPool { (pool: DatabasePool) throws in
            let group = GroupCommit()
            let counts = Mutex<[Int]>([])
            let writes = (0..<10).map { number in
                PendingWrite { transaction in
                    let before = try transaction.query("SELECT COUNT(*) AS n FROM t").first?.int("n") ?? -1
                    counts.withLock { $0.append(before) }
                    return try Self.insert(number)(transaction)
                }
            }
            let commits = Mutex(0)
            for write in writes { #expect(group.add(write)) }
            pool.writeWithoutTransaction { database in
                database.add(
                    transactionObserver: CommitCounter { commits.withLock { $0 += 1 } }, extent: .databaseLifetime)
            }
            group.carryOut(writes[0], in: pool)
            let values = try writes.map { write in try write.value() }
            #expect(values == Array(0..<10))
            #expect(counts.withLock(\.self) == Array(0..<10), "each sees what came before it")
            #expect(commits.withLock(\.self) == 1)
        }
    }

    @Test("one that throws, or whose statement fails, takes back its own changes alone")
    func failures() throws {
        try withPool { (pool: DatabasePool) throws in
            let group = GroupCommit()
            let good = PendingWrite(Self.insert(1))
            let thrown = PendingWrite<Int> { transaction in
                _ = try Self.insert(2)(transaction)
                throw Refused()
            }
            let failed = PendingWrite<Int> { transaction in
                _ = try Self.insert(3)(transaction)
                return try Self.insert(1)(transaction)
            }
            let last = PendingWrite(Self.insert(4))
            for write in [good, thrown, failed, last] { #expect(group.add(write)) }
            group.carryOut(good, in: pool)
            #expect(try good.value() == 1)
            #expect(try last.value() == 4)
            #expect(throws: Refused.self) { try thrown.value() }
            #expect(throws: CatalogError.self) { try failed.value() }
            #expect(try stored(pool) == [1, 4])
        }
    }

    @Test("when the commit of the group fails, each write is carried out again alone, and one of them is at fault")
    func commit() throws {
        try withPool { (pool: DatabasePool) throws in
            let group = GroupCommit()
            let good = PendingWrite(Self.insert(1))
            // Fails when it is committed, not before.
            let broken = PendingWrite<Int> { transaction in
                try transaction.execute("INSERT INTO t (id, u) VALUES (2, 99)")
                return 2
            }
            for write in [good, broken] { #expect(group.add(write)) }
            group.carryOut(broken, in: pool)
            #expect(try good.value() == 1)
            #expect(throws: DatabaseError.self) { try broken.value() }
            #expect(try stored(pool) == [1])
        }
    }

    @Test("no more than its bound are on their way, and one that ended makes room")
    func bound() throws {
        try withPool { (pool: DatabasePool) throws in
            let group = GroupCommit()
            let writes = (0..<GroupCommit.callsMax).map { PendingWrite(Self.insert($0)) }
            for write in writes { #expect(group.add(write)) }
            let late = PendingWrite(Self.insert(-1))
            #expect(!group.add(late))
            group.end(writes[0])
            #expect(group.add(late))
            group.carryOut(late, in: pool)
            #expect(try late.value() == -1)
            #expect(throws: CatalogError.self, "it was taken back before its turn") { try writes[0].value() }
            #expect(try stored(pool) == [-1] + Array(1..<GroupCommit.callsMax))
        }
    }
}

private final class CommitCounter: TransactionObserver {
    private let count: @Sendable () -> Void

    init(_ count: @escaping @Sendable () -> Void) { self.count = count }

    func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { true }
    func databaseDidChange(with event: DatabaseEvent) {}
    func databaseDidCommit(_ database: Database) { count() }
    func databaseDidRollback(_ database: Database) {}
}
