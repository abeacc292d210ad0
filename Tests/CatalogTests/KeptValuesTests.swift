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
            let first = try #require(catalog.version())
            _ = try await catalog.read { try $0.query("SELECT * FROM things") }
            #expect(catalog.version() == first)
            var last = first
            for (number, writer) in [catalog, other, catalog].enumerated() {
                try await writer.write { transaction in
                    _ = try transaction.execute("INSERT INTO things VALUES (?, 'x', NULL)", [SQLValue(number)])
                }
                let version = try #require(catalog.version())
                #expect(version > last)
                #expect(catalog.version() == version)
                last = version
            }
            await #expect(throws: CatalogError.self) {
                try await catalog.write { transaction in
                    _ = try transaction.execute("INSERT INTO things VALUES (0, 'x', NULL)", [])
                }
            }
            #expect(catalog.version() == last, "what is taken back is no change")
            try await other.close()
            try await catalog.close()
        }
    }

    /// Goal: a version never stands for two contents. Method: two catalogs and the file's own checkpoints take turns at random; what
    /// was read at a version is compared with what is read at the same one later.
    @Test("of one version there is one content, whoever writes, closes, or folds the log", arguments: [UInt64](1...8))
    func contents(seed: UInt64) async throws {
        try await CatalogPlace.with(.sqlite) { place in
            var random = SeededGenerator(seed: seed)
            let catalog = try await place.open([CatalogContractTests.table], seams: .live)
            var other = try await place.open([CatalogContractTests.table], seams: .live)
            var known: [CatalogVersion: String] = [:]
            var last = try #require(catalog.version())
            for step in 0..<60 {
                let writer = Bool.random(using: &random) ? catalog : other
                switch Int.random(in: 0..<6, using: &random) {
                case 0:
                    try await other.close()
                    other = try await place.open([CatalogContractTests.table], seams: .live)
                case 1:
                    await #expect(throws: CatalogError.self) {
                        try await writer.write { _ = try $0.execute("INSERT INTO things VALUES (-1, NULL, NULL)", []) }
                    }
                case 2:
                    try await writer.write { _ = try $0.execute("DELETE FROM things", []) }
                default:
                    let text = "\(step)" + String(repeating: "x", count: Int.random(in: 0...20_000, using: &random))
                    try await writer.write {
                        _ = try $0.execute("INSERT INTO things VALUES (?, ?, NULL)", [SQLValue(step), .text(text)])
                    }
                }
                let version = try #require(catalog.version(), "nobody commits now")
                #expect(version >= last, "seed \(seed), step \(step)")
                let content = try await catalog.read { "\(try $0.query("SELECT * FROM things ORDER BY id"))" }
                #expect(known[version, default: content] == content, "seed \(seed), step \(step)")
                known[version] = content
                last = version
            }
            try await other.close()
            try await catalog.close()
            #expect(catalog.version() == nil, "nothing is told of what is closed")
        }
    }

    @Test("a header is read when both copies are the same, there is an index, and its form is known")
    func header() {
        func header(_ change: (inout [UInt8]) -> Void) -> WALIndexHeader? {
            // `iVersion`, `iChange` 7, `isInit`, twice.
            var bytes = [UInt8](repeating: 0, count: 48)
            withUnsafeBytes(of: UInt32(3_007_000)) { bytes.replaceSubrange(0..<4, with: $0) }
            bytes[8] = 7
            bytes[12] = 1
            bytes += bytes
            change(&bytes)
            // Words are loaded as such: the memory has to begin where one may.
            let words = (0..<12).map { word in
                bytes[(word * 8)..<(word * 8 + 8)].withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
            }
            return words.withUnsafeBytes { memory in memory.baseAddress.flatMap { WALIndexHeader(at: $0) } }
        }
        let plain = header { _ in }
        #expect(plain != nil && plain == header { _ in })
        for place in 0..<96 {
            #expect(header { $0[place] ^= 0x40 } == nil, "one copy: byte \(place)")
        }
        let both = (0..<48).map { place in header { bytes in for copy in [0, 48] { bytes[copy + place] ^= 0x40 } } }
        for (place, changed) in both.enumerated() {
            #expect(changed != plain, "byte \(place) of both copies")
            #expect((changed == nil) == (place < 4 || place == 12), "byte \(place) of both copies")
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
