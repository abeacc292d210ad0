import HoldfastCore
import TestSupport
import Testing

@testable import Catalog

@Suite("What was read is kept while nothing is committed")
struct KeptValuesTests {
    @Test("a catalog is in another state after every commit, whoever made it, and in the same after reads")
    func version() async throws {
        try await CatalogPlace.with(.sqlite) { place in
            let catalog = try await place.open([CatalogContractTests.table], seams: .live)
            let other = try await place.open([CatalogContractTests.table], seams: .live)
            let first = try #require(try await catalog.version())
            _ = try await catalog.read { try $0.query("SELECT * FROM things") }
            #expect(try await catalog.version() == first)
            var last = first
            for (number, writer) in [catalog, other, catalog].enumerated() {
                try await writer.write { transaction in
                    _ = try transaction.execute("INSERT INTO things VALUES (?, 'x', NULL)", [SQLValue(number)])
                }
                let version = try #require(try await catalog.version())
                #expect(version > last)
                #expect(try await catalog.version() == version)
                last = version
            }
            await #expect(throws: CatalogError.self) {
                try await catalog.write { transaction in
                    _ = try transaction.execute("INSERT INTO things VALUES (0, 'x', NULL)", [])
                }
            }
            #expect(try await catalog.version() == last, "what is taken back is no change")
            try await other.close()
            try await catalog.close()
        }
    }

    @Test("values of one state alone, the newest that anybody kept something of")
    func states() {
        let kept = KeptValues<String, Int>(sizeMax: 100)
        kept.keep(1, for: "a", size: 1, at: CatalogVersion(5))
        #expect(kept.value(for: "a", at: CatalogVersion(5)) == 1)
        #expect(kept.value(for: "a", at: CatalogVersion(6)) == nil)
        #expect(kept.value(for: "b", at: CatalogVersion(5)) == nil)
        kept.keep(2, for: "b", size: 1, at: CatalogVersion(6))
        kept.keep(3, for: "a", size: 1, at: CatalogVersion(5))
        #expect(kept.value(for: "a", at: CatalogVersion(5)) == nil)
        #expect(kept.value(for: "a", at: CatalogVersion(6)) == nil)
        #expect(kept.value(for: "b", at: CatalogVersion(6)) == 2)
    }

    @Test("never more than there is room for, and nothing that takes an eighth of it")
    func size() {
        let kept = KeptValues<Int, Int>(sizeMax: 80)
        let version = CatalogVersion(1)
        kept.keep(0, for: 0, size: 11, at: version)
        #expect(kept.value(for: 0, at: version) == nil)
        for number in 0..<100 {
            kept.keep(number, for: number, size: 10, at: version)
            #expect(kept.value(for: number, at: version) == number)
            #expect((0...number).count { kept.value(for: $0, at: version) != nil } <= 8)
        }
        for _ in 0..<20 { kept.keep(7, for: 99, size: 10, at: version) }
        #expect((0..<100).count { kept.value(for: $0, at: version) != nil } == 4, "the same again takes no more")
    }
}
