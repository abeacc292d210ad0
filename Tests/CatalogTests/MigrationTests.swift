import Catalog
import HoldfastCore
import TestSupport
import Testing

@Suite("The schema only grows")
struct MigrationTests {
    static let first = Migration("test-001", ["CREATE TABLE a (x BIGINT)", "INSERT INTO a VALUES (1)"])
    static let second = Migration("test-002", ["INSERT INTO a VALUES (2)"])

    @Test("each step runs once, in order, also when it comes later", arguments: CatalogKind.allCases)
    func once(kind: CatalogKind) async throws {
        try await CatalogPlace.with(kind) { place in
            for migrations in [[Self.first], [Self.first], [Self.first, Self.second], [Self.first, Self.second]] {
                try await open(place, migrations).close()
            }
            let catalog = try await open(place, [Self.first, Self.second])
            let values = try await catalog.read { try $0.query("SELECT x FROM a ORDER BY x").map { try $0.int("x") } }
            #expect(values == [1, 2])
            try await catalog.close()
        }
    }

    @Test(
        "a schema of a newer version is refused with a sentence, and nothing is changed",
        arguments: CatalogKind.allCases)
    func newer(kind: CatalogKind) async throws {
        try await CatalogPlace.with(kind) { place in
            try await open(place, [Self.first, Self.second]).close()
            let error = await #expect(throws: CatalogError.self) {
                _ = try await open(place, [Self.first, Migration("test-003", ["DROP TABLE a"])])
            }
            #expect(error?.code == .newerSchema && error?.message.contains("test-002") == true)
            let catalog = try await open(place, [Self.first, Self.second])
            #expect(try await catalog.read { try $0.query("SELECT x FROM a") }.count == 2)
            try await catalog.close()
        }
    }

    @Test("a step that fails leaves nothing of itself behind, and can run later", arguments: CatalogKind.allCases)
    func failing(kind: CatalogKind) async throws {
        try await CatalogPlace.with(kind) { place in
            let broken = Migration("test-002", ["INSERT INTO a VALUES (5)", "no such statement"])
            await #expect(throws: CatalogError.self) { _ = try await open(place, [Self.first, broken]) }
            let catalog = try await open(place, [Self.first, Self.second])
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
            names.filter { $0.hasPrefix("vaults-") } == [
                "vaults-25-tags", "vaults-26-expiry", "vaults-27-usage", "vaults-28-included-volumes",
                "vaults-51-pages", "vaults-52-binding",
            ])
    }

    /// A file has one opener, which its directory's lock sees to; a database may be opened from anywhere.
    @Test("servers that open a new database at once make one schema")
    func together() async throws {
        try await CatalogPlace.with(.postgres) { place in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 1...4 { group.addTask { try await open(place, [Self.first, Self.second]).close() } }
                try await group.waitForAll()
            }
            let catalog = try await open(place, [Self.first, Self.second])
            #expect(try await catalog.read { try $0.query("SELECT x FROM a") }.count == 2)
            try await catalog.close()
        }
    }

    private func open(_ place: CatalogPlace, _ migrations: [Migration]) async throws -> any CatalogDatabase {
        try await place.open(migrations, seams: ManualClock().seams)
    }
}
