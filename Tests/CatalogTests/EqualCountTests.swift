import HoldfastCore
import TestSupport
import Testing

@testable import Catalog

@Suite("Rows are counted exactly, whichever way is short")
struct EqualCountTests {
    /// Goal: the way that is taken changes no count. Method: tables at random, counted one by one, by what differs, and in full.
    @Test("in every catalog, by one value and by two, with values that are null", arguments: CatalogKind.allCases)
    func exact(_ kind: CatalogKind) async throws {
        let schema = [
            Migration(
                "test-001",
                [
                    "CREATE TABLE things (id BIGINT PRIMARY KEY, owner TEXT NOT NULL, state TEXT)",
                    "CREATE INDEX things_by_state ON things (owner, state)",
                ])
        ]
        try await CatalogPlace.with(kind, schema: schema) { place in
            let catalog = try await place.open(schema, seams: ManualClock().seams)
            for seed in 1...6 {
                var random = SeededGenerator(seed: UInt64(seed))
                let likely = Int.random(in: 1...9, using: &random)
                let rows = (0..<40).map { id in
                    let owner =
                        Int.random(in: 0..<10, using: &random) < likely
                        ? "b" : ["a", "c"].randomElement(using: &random)
                    let state = ["w", "x", "x", "x", "y", nil].randomElement(using: &random) ?? nil
                    return (id: id, owner: owner ?? "a", state: state)
                }
                try await catalog.write { transaction in
                    _ = try transaction.execute("DELETE FROM things", [])
                    for row in rows {
                        _ = try transaction.execute(
                            "INSERT INTO things VALUES (?, ?, ?)",
                            [SQLValue(row.id), .text(row.owner), SQLValue(row.state)])
                    }
                }
                for few in [1, 3, 7, 20, 100] {
                    let (all, some) = try await catalog.read { transaction in
                        (
                            try transaction.count("things", where: [("owner", .text("b"))], few: few),
                            try transaction.count(
                                "things", where: [("owner", .text("b")), ("state", .text("x"))], few: few)
                        )
                    }
                    #expect(all == rows.count { $0.owner == "b" }, "seed \(seed), few \(few)")
                    #expect(some == rows.count { $0.owner == "b" && $0.state == "x" }, "seed \(seed), few \(few)")
                }
            }
            try await catalog.close()
        }
    }
}
