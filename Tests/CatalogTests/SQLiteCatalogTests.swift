import Catalog
import Foundation
import HoldfastCore
import TestSupport
import Testing

@Suite("The embedded catalog keeps what it was given")
struct SQLiteCatalogTests {
    static let table = Migration("test-001", ["CREATE TABLE things (id BIGINT PRIMARY KEY, name TEXT NOT NULL)"])

    @Test("commits are on the disk when they return: full synchronisation, write-ahead log, foreign keys")
    func settings() async throws {
        try await withTemporaryDirectory { directory in
            let catalog = try await open(directory)
            let settings = try await catalog.settings()
            #expect(settings.synchronous == 2 && settings.journalMode == "wal" && settings.foreignKeys == 1)
            try await catalog.close()
        }
    }

    @Test("what was written is there after opening again, with its values as they were")
    func durable() async throws {
        try await withTemporaryDirectory { directory in
            let catalog = try await open(directory)
            _ = try await catalog.write {
                try $0.execute("INSERT INTO things VALUES (?, ?)", [SQLValue(Int64.min), .text("漢字 \u{1} '\"")])
            }
            try await catalog.close()
            let again = try await open(directory)
            let rows = try await again.read { try $0.query("SELECT * FROM things") }
            #expect(rows == [SQLRow(["id": .integer(.min), "name": .text("漢字 \u{1} '\"")])])
            try await again.close()
        }
    }

    @Test("a body that throws changes nothing, and its error comes through as it is")
    func atomic() async throws {
        struct Stop: Error {}
        try await withTemporaryDirectory { directory in
            let catalog = try await open(directory)
            await #expect(throws: Stop.self) {
                try await catalog.write { transaction in
                    try transaction.execute("INSERT INTO things VALUES (1, 'a')")
                    throw Stop()
                }
            }
            #expect(try await catalog.read { try $0.query("SELECT * FROM things") }.isEmpty)
            try await catalog.close()
        }
    }

    @Test("a broken rule is a conflict, also inside a transaction that goes on")
    func conflict() async throws {
        try await withTemporaryDirectory { directory in
            let catalog = try await open(directory)
            let error = await #expect(throws: CatalogError.self) {
                try await catalog.write { transaction in
                    for _ in 1...2 { try transaction.execute("INSERT INTO things VALUES (1, 'a')") }
                }
            }
            #expect(error?.code == .conflict)
            try await catalog.write { transaction in
                try transaction.execute("INSERT INTO things VALUES (1, 'a')")
                #expect(throws: CatalogError.self) { try transaction.execute("INSERT INTO things VALUES (1, 'b')") }
                try transaction.execute("INSERT INTO things VALUES (2, 'c')")
            }
            #expect(try await catalog.read { try $0.query("SELECT * FROM things") }.count == 2)
            try await catalog.close()
        }
    }

    @Test("a text that would come back cut off is refused")
    func nul() async throws {
        try await withTemporaryDirectory { directory in
            let catalog = try await open(directory)
            let error = await #expect(throws: CatalogError.self) {
                _ = try await catalog.write {
                    try $0.execute("INSERT INTO things VALUES (1, ?)", [.text("a\u{0}b")])
                }
            }
            #expect(error?.code == .unstorable)
            try await catalog.close()
        }
    }

    @Test("a file that is no catalog is refused with a sentence")
    func notACatalog() async throws {
        try await withTemporaryDirectory { directory in
            #expect(
                FileManager.default.createFile(
                    atPath: "\(directory)/catalog.sqlite", contents: Data(repeating: 7, count: 9000)))
            let error = await #expect(throws: CatalogError.self) { _ = try await open(directory) }
            #expect(error?.code == .corrupt && error?.message.isEmpty == false)
        }
    }

    @Test("columns of another type than wanted are corrupt, not a crash")
    func types() throws {
        let row = SQLRow(["text": "a", "number": 1, "null": nil, "bytes": .bytes([1])])
        #expect(throws: CatalogError.self) { try row.int64("text") }
        #expect(throws: CatalogError.self) { try row.text("number") }
        #expect(throws: CatalogError.self) { try row.text("null") }
        #expect(throws: CatalogError.self) { try row.bytes("text") }
        #expect(throws: CatalogError.self) { try row.text("missing") }
        #expect(throws: CatalogError.self) { try row.choice("text", of: Role.self) }
        #expect(try row.optionalText("null") == nil && row.bytes("bytes") == [1])
    }

    private func open(_ directory: String) async throws -> SQLiteCatalog {
        try await SQLiteCatalog.open(
            path: "\(directory)/catalog.sqlite", migrations: [Self.table], seams: ManualClock().seams)
    }
}
