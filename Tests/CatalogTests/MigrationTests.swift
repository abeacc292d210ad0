import Catalog
import HoldfastCore
import TestSupport
import Testing

@Suite("The schema only grows")
struct MigrationTests {
    static let first = Migration("test-001", ["CREATE TABLE a (x BIGINT)", "INSERT INTO a VALUES (1)"])
    static let second = Migration("test-002", ["INSERT INTO a VALUES (2)"])

    @Test("each step runs once, in order, also when it comes later")
    func once() async throws {
        try await withTemporaryDirectory { directory in
            for migrations in [[Self.first], [Self.first], [Self.first, Self.second], [Self.first, Self.second]] {
                try await open(directory, migrations).close()
            }
            let catalog = try await open(directory, [Self.first, Self.second])
            let values = try await catalog.read { try $0.query("SELECT x FROM a ORDER BY x").map { try $0.int("x") } }
            #expect(values == [1, 2])
            try await catalog.close()
        }
    }

    @Test("a schema of a newer version is refused with a sentence, and nothing is changed")
    func newer() async throws {
        try await withTemporaryDirectory { directory in
            try await open(directory, [Self.first, Self.second]).close()
            let error = await #expect(throws: CatalogError.self) {
                _ = try await open(directory, [Self.first, Migration("test-003", ["DROP TABLE a"])])
            }
            #expect(error?.code == .newerSchema && error?.message.contains("test-002") == true)
            let catalog = try await open(directory, [Self.first, Self.second])
            #expect(try await catalog.read { try $0.query("SELECT x FROM a") }.count == 2)
            try await catalog.close()
        }
    }

    @Test("a step that fails leaves nothing of itself behind, and can run later")
    func failing() async throws {
        try await withTemporaryDirectory { directory in
            let broken = Migration("test-002", ["INSERT INTO a VALUES (5)", "no such statement"])
            await #expect(throws: CatalogError.self) { _ = try await open(directory, [Self.first, broken]) }
            let catalog = try await open(directory, [Self.first, Self.second])
            let values = try await catalog.read { try $0.query("SELECT x FROM a ORDER BY x").map { try $0.int("x") } }
            #expect(values == [1, 2])
            try await catalog.close()
        }
    }

    @Test("released steps have the names they were released with")
    func names() {
        let names = CoreMigrations.all.map(\.name)
        #expect(names.filter { $0.hasPrefix("core-") } == ["core-001-first", "core-002-operation-resources"])
        #expect(
            names.filter { $0.hasPrefix("vaults-") } == ["vaults-25-tags", "vaults-26-expiry", "vaults-27-usage"])
    }

    private func open(_ directory: String, _ migrations: [Migration]) async throws -> SQLiteCatalog {
        try await SQLiteCatalog.open(
            path: "\(directory)/catalog.sqlite", migrations: migrations, seams: ManualClock().seams)
    }
}
