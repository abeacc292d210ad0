import HoldfastCore
import TestSupport
import Testing

@testable import Repository

@Suite("The index in memory")
struct ChunkIndexTests {
    /// Goal: the table is a dictionary. Method: random insertions and replacements on both, names from a small pool so
    /// that they come again, and names whose first words are equal so that they collide.
    @Test("agrees with a dictionary", arguments: [UInt64](1...10))
    func model(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var table = ChunkTable()
        var model: [ChunkID: (UInt32, PackEntry)] = [:]
        let count = Int.random(in: 1...20_000, using: &random)
        for step in 0..<count {
            var name = random.bytes(32)
            if step.isMultiple(of: 3) { name.replaceSubrange(0..<8, with: [UInt8](repeating: 0xFF, count: 8)) }
            if step.isMultiple(of: 5), let old = model.randomElement(using: &random) { name = old.key.bytes }
            let id = try #require(ChunkID(bytes: name))
            let entry = PackEntry(
                id: id, offset: UInt32(step), storedBytes: 17 + UInt32(step), plainBytes: 1 + UInt32(step),
                form: step.isMultiple(of: 2) ? .plain : .zstd)
            let pack = UInt32(step)
            let old = table.insert(entry, pack: pack)
            #expect(old == model[id]?.0)
            if old != nil, step.isMultiple(of: 2) {
                table.replace(entry, pack: pack)
                model[id] = (pack, entry)
            } else if old == nil {
                model[id] = (pack, entry)
            }
        }
        #expect(table.count == model.count)
        for (id, expected) in model {
            let found = table.find(id)
            #expect(found?.pack == expected.0 && found?.entry == expected.1)
        }
        for _ in 0..<1000 {
            let stranger = try #require(ChunkID(bytes: random.bytes(32)))
            let isFound = table.find(stranger) != nil
            #expect(!isFound)
        }
    }

    @Test("of two copies of a chunk the one of the later generation is read, whatever the order of loading")
    func generations() throws {
        let id = try #require(ChunkID(bytes: [UInt8](repeating: 3, count: 32)))
        let domain = try DomainTag(domain: "d")
        func segment(_ generation: UInt64) throws -> IndexSegment {
            let pack = try #require(PackID(bytes: [UInt8](repeating: UInt8(generation), count: 32)))
            let record = PackRecord(
                id: pack, salt: [UInt8](repeating: 0, count: 32), domain: domain, sizeBytes: 1000)
            let entry = PackEntry(id: id, offset: 40, storedBytes: 20, plainBytes: 4, form: .plain)
            return IndexSegment(generation: generation, packs: [.init(record: record, entries: [entry])])
        }
        for order in [[1, 2], [2, 1]] as [[UInt64]] {
            let index = ChunkIndex()
            for generation in order { index.add(try segment(generation), name: "\(generation)") }
            #expect(index.find(id)?.pack.id.bytes.first == 2)
            #expect(index.count == 1)
            #expect(index.nextGeneration == 3)
        }
    }
}
