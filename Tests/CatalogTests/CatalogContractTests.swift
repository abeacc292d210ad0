import Catalog
import HoldfastCore
import TestSupport
import Testing

@Suite("Every catalog keeps what it was given")
struct CatalogContractTests {
    static let table = Migration(
        "test-001",
        [
            "CREATE TABLE things (id BIGINT PRIMARY KEY, name TEXT NOT NULL, data BLOB)",
            "CREATE TABLE parts (thing_id BIGINT NOT NULL REFERENCES things (id), amount BIGINT)",
        ])
    struct Stop: Error {}

    @Test(
        "what was written is there after opening again, with its values as they were", arguments: CatalogKind.allCases)
    func durable(kind: CatalogKind) async throws {
        try await Self.withCatalog(kind) { place, catalog in
            let all: [SQLValue] = [SQLValue(Int64.min), .text("漢字 \u{1} '\"\\ ?"), .bytes([UInt8](0...255))]
            _ = try await catalog.write { try $0.execute("INSERT INTO things VALUES (?, ?, ?)", all) }
            _ = try await catalog.write {
                try $0.execute("INSERT INTO things VALUES (?, ?, ?)", [SQLValue(Int64.max), "", nil])
            }
            try await catalog.close()
            let again = try await place.open([Self.table], seams: .live)
            let rows = try await again.read { try $0.query("SELECT * FROM things ORDER BY id") }
            #expect(
                rows == [
                    SQLRow(["id": all[0], "name": all[1], "data": all[2]]),
                    SQLRow(["id": .integer(.max), "name": "", "data": nil]),
                ])
            try await again.close()
        }
    }

    @Test("a body that throws changes nothing, and its error comes through as it is", arguments: CatalogKind.allCases)
    func atomic(kind: CatalogKind) async throws {
        try await Self.withCatalog(kind) { _, catalog in
            await #expect(throws: Stop.self) {
                try await catalog.write { transaction in
                    try transaction.insert(1)
                    throw Stop()
                }
            }
            let names = try await catalog.names()
            #expect(names.isEmpty)
        }
    }

    @Test("a broken rule is a conflict: of keys, of references, of what must be there", arguments: CatalogKind.allCases)
    func conflict(kind: CatalogKind) async throws {
        try await Self.withCatalog(kind) { _, catalog in
            try await catalog.write { try $0.insert(1) }
            for sql in [
                "INSERT INTO things VALUES (1, 'again', NULL)", "INSERT INTO things VALUES (2, NULL, NULL)",
                "INSERT INTO parts VALUES (9, 0)", "DELETE FROM things WHERE id = 1",
            ] {
                let error = await #expect(throws: CatalogError.self) {
                    try await catalog.write { transaction in
                        if sql.hasPrefix("DELETE") { try transaction.execute("INSERT INTO parts VALUES (1, 0)") }
                        try transaction.execute(sql)
                    }
                }
                #expect(error?.code == .conflict && error?.isRetryable == false)
                #expect(error?.message.isEmpty == false)
            }
            #expect(try await catalog.names() == ["thing 1"])
        }
    }

    @Test("a statement that fails ends the transaction, also when the body goes on", arguments: CatalogKind.allCases)
    func swallowed(kind: CatalogKind) async throws {
        try await Self.withCatalog(kind) { _, catalog in
            let error = await #expect(throws: CatalogError.self) {
                try await catalog.write { transaction in
                    try transaction.insert(1)
                    #expect(throws: CatalogError.self) { try transaction.insert(1) }
                    #expect(throws: CatalogError.self) { try transaction.insert(2) }
                }
            }
            #expect(error?.code == .conflict)
            let names = try await catalog.names()
            #expect(names.isEmpty)
            try await catalog.write { try $0.insert(3) }
            #expect(try await catalog.names() == ["thing 3"])
        }
    }

    @Test("a text that would come back cut off is refused", arguments: CatalogKind.allCases)
    func nul(kind: CatalogKind) async throws {
        try await Self.withCatalog(kind) { _, catalog in
            let error = await #expect(throws: CatalogError.self) {
                _ = try await catalog.write {
                    try $0.execute("INSERT INTO things VALUES (1, ?, NULL)", [.text("a\u{0}b")])
                }
            }
            #expect(error?.code == .unstorable)
        }
    }

    /// Goal: lists and their markers give the same order everywhere. The throw-away PostgreSQL orders as people do by itself.
    @Test("text is ordered by its bytes, and found by its own case only", arguments: CatalogKind.allCases)
    func order(kind: CatalogKind) async throws {
        try await Self.withCatalog(kind) { _, catalog in
            let names = ["B", "a", "Ä", "ä", "b", "A", "_", "z", "é", "10", "9", "a b", "ab"]
            try await catalog.write { transaction in
                for (index, name) in names.enumerated() {
                    try transaction.execute(
                        "INSERT INTO things VALUES (?, ?, NULL)", [SQLValue(index), .text(name)])
                }
            }
            let byBytes = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            #expect(try await catalog.names(where: "1 = 1 ORDER BY name") == byBytes)
            #expect(
                try await catalog.names(where: "name > ? ORDER BY name", ["Z"])
                    == byBytes.filter { $0 == "_" || $0.utf8.first ?? 0 > 90 })
            #expect(try await catalog.names(where: "name = ?", ["a"]) == ["a"])
            #expect(
                try await catalog.names(where: "LOWER(name) LIKE ? ORDER BY name", ["a%"]) == ["A", "a", "a b", "ab"])
            #expect(try await catalog.names(where: "LOWER(name) LIKE ?", ["ä"]) == ["ä"])
        }
    }

    @Test("counts, sums and comparisons are integers", arguments: CatalogKind.allCases)
    func numbers(kind: CatalogKind) async throws {
        try await Self.withCatalog(kind) { _, catalog in
            try await catalog.write { transaction in
                try transaction.insert(1)
                for amount in [3, 4, 5] {
                    try transaction.execute("INSERT INTO parts VALUES (1, ?)", [SQLValue(amount)])
                }
                try transaction.execute("INSERT INTO parts VALUES (1, NULL)")
            }
            let rows = try await catalog.read { transaction in
                try transaction.query(
                    """
                    SELECT COUNT(*) AS n, SUM(amount) AS total, MAX(amount) > 4 AS is_large, 1 AS one, NULL AS nil_value,
                        SUM(CASE WHEN amount > 3 THEN 1 ELSE 0 END) AS large
                    FROM parts WHERE thing_id = ?
                    """, [1])
            }
            #expect(rows == [SQLRow(["n": 4, "total": 12, "is_large": 1, "one": 1, "nil_value": nil, "large": 2])])
        }
    }

    @Test("changes are counted, upserts change the row that is there", arguments: CatalogKind.allCases)
    func counts(kind: CatalogKind) async throws {
        try await Self.withCatalog(kind) { _, catalog in
            let upsert = """
                INSERT INTO things VALUES (?, ?, NULL) ON CONFLICT (id) DO UPDATE SET name = excluded.name
                """
            let counts = try await catalog.write { transaction in
                [
                    try transaction.execute(upsert, [1, "a"]), try transaction.execute(upsert, [2, "b"]),
                    try transaction.execute(upsert, [1, "c"]),
                    try transaction.execute("UPDATE things SET name = 'd' WHERE id > ?", [0]),
                    try transaction.execute("UPDATE things SET name = 'd' WHERE id > ?", [9]),
                    try transaction.execute("DELETE FROM things WHERE id = ?", [2]),
                ]
            }
            #expect(counts == [1, 1, 1, 2, 0, 1])
            #expect(try await catalog.names() == ["d"])
        }
    }

    @Test("reading bodies can't write", arguments: CatalogKind.allCases)
    func readOnly(kind: CatalogKind) async throws {
        try await Self.withCatalog(kind) { _, catalog in
            await #expect(throws: CatalogError.self) { try await catalog.read { try $0.insert(1) } }
            let names = try await catalog.names()
            #expect(names.isEmpty)
        }
    }

    @Test("more different statements than a connection remembers", arguments: CatalogKind.allCases)
    func manyStatements(kind: CatalogKind) async throws {
        try await Self.withCatalog(kind) { _, catalog in
            try await catalog.write { try $0.insert(1) }
            try await catalog.read { transaction in
                for round in 0..<2 {
                    for count in 1...300 {
                        let places = Array(repeating: "?", count: count).joined(separator: ", ")
                        let found = try transaction.query(
                            "SELECT id FROM things WHERE id IN (\(places))", (0..<count).map { SQLValue($0 + round) })
                        #expect(found.count == (round == 0 && count == 1 ? 0 : 1))
                    }
                }
            }
        }
    }

    /// Goal: no change is lost, none is seen half. Method: writers that read, decide and write, all at once, on two handles as two
    /// processes have them; readers that add up what always has one sum.
    @Test("writes happen as if one came after the other", arguments: CatalogKind.allCases)
    func serial(kind: CatalogKind) async throws {
        try await Self.withCatalog(kind) { place, catalog in
            let other = try await place.open([Self.table], seams: .live)
            try await catalog.write { transaction in
                for id in 0..<4 {
                    try transaction.insert(id)
                    try transaction.execute("INSERT INTO parts VALUES (?, 100)", [SQLValue(id)])
                }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for turn in 0..<60 {
                    let handle = turn.isMultiple(of: 2) ? catalog : other
                    group.addTask {
                        try await handle.write { transaction in
                            // Reads all, so that any two of these meet.
                            let total = try transaction.total()
                            #expect(total == 400)
                            try transaction.add(-1, to: turn % 4)
                            try transaction.add(1, to: (turn + 1) % 4)
                            let next = try transaction.query("SELECT MAX(id) AS id FROM things").first?.int("id") ?? 0
                            try transaction.insert(next + 1)
                        }
                    }
                    group.addTask {
                        let seen = try await handle.read { try $0.total() }
                        #expect(seen == 400)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await catalog.names().count == 64)
            try await other.close()
        }
    }

    static func withCatalog(
        _ kind: CatalogKind, _ body: (CatalogPlace, any CatalogDatabase) async throws -> Void
    ) async throws {
        try await CatalogPlace.with(kind, schema: [table]) { place in
            let catalog = try await place.open([table], seams: .live)
            try await body(place, catalog)
            try? await catalog.close()
        }
    }
}

extension SQLTransaction {
    fileprivate func insert(_ id: Int) throws {
        try execute("INSERT INTO things VALUES (?, ?, NULL)", [SQLValue(id), .text("thing \(id)")])
    }

    fileprivate func add(_ amount: Int, to id: Int) throws {
        let old = try query("SELECT amount FROM parts WHERE thing_id = ?", [SQLValue(id)]).first?.int("amount") ?? 0
        try execute("UPDATE parts SET amount = ? WHERE thing_id = ?", [SQLValue(old + amount), SQLValue(id)])
    }

    fileprivate func total() throws -> Int {
        try query("SELECT amount FROM parts").reduce(0) { $0 + (try $1.int("amount")) }
    }
}

extension CatalogDatabase {
    fileprivate func names(where condition: String = "1 = 1", _ values: [SQLValue] = []) async throws -> [String] {
        try await read {
            try $0.query("SELECT name FROM things WHERE \(condition)", values).map { try $0.text("name") }
        }
    }
}
