import Catalog
import Foundation
import HoldfastCore
import TestSupport
import Testing

@Suite("The embedded catalog is durable")
struct SQLiteCatalogTests {
    @Test("commits are on the disk when they return: full synchronisation, write-ahead log, foreign keys")
    func settings() async throws {
        try await withTemporaryDirectory { directory in
            let catalog = try await open(directory)
            let settings = try await catalog.settings()
            #expect(settings.synchronous == 2 && settings.journalMode == "wal" && settings.foreignKeys == 1)
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
            path: "\(directory)/catalog.sqlite", migrations: [CatalogContractTests.table], seams: ManualClock().seams)
    }
}
