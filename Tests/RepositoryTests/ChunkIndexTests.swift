import Foundation
import HoldfastCore
import ObjectStorage
import TestSupport
import Testing

@testable import Repository

@Suite("The index")
struct ChunkIndexTests {
    /// Goal: the table is a dictionary. Method: random insertions and replacements on both, names from a small pool so
    /// that they come again, and names whose first words are equal so that they collide.
    @Test("agrees with a dictionary, in memory and in a file", arguments: [UInt64](1...10), [false, true])
    func model(seed: UInt64, isInFile: Bool) throws {
        let folder = try ScratchFolder()
        var random = SeededGenerator(seed: seed)
        var table = ChunkTable(
            scratch: isInFile ? ScratchSpace(path: folder.path + "/scratch", memorySlotsMax: 1100) : nil)
        if seed.isMultiple(of: 3) { table.reserve(Int.random(in: 0...30_000, using: &random)) }
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
        var places: Set<UInt32> = []
        try table.forEachPlace { slot, _, offset, _ in
            #expect(slot < table.slotCount)
            places.insert(offset)
        }
        #expect(places == Set(model.values.map { $0.1.offset }))
        let left = try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/scratch")
        #expect(left ?? [] == [], "the file has no name")
        #expect(!isInFile || count < 1000 || left != nil)
        for _ in 0..<1000 {
            let stranger = try #require(ChunkID(bytes: random.bytes(32)))
            let isFound = table.find(stranger) != nil
            #expect(!isFound)
        }
    }

    /// Goal: a table filled at once is a dictionary too. Method: as above, with regions so small that many names run over the
    /// end of theirs, and of the table; the pack's number says which of two is newer, or older.
    @Test("filled at once, agrees with a dictionary", arguments: [UInt64](1...20))
    func modelAtOnce(seed: UInt64) throws {
        let folder = try ScratchFolder()
        var random = SeededGenerator(seed: seed)
        var table = ChunkTable(scratch: ScratchSpace(path: folder.path + "/scratch", memorySlotsMax: 1100))
        let count = Int.random(in: 2000...20_000, using: &random)
        // Too few are announced sometimes.
        table.collect(
            seed.isMultiple(of: 4) ? count / 2 : count, regionSlots: 1 << Int.random(in: 3...10, using: &random))
        let isCollecting = table.isCollecting
        #expect(isCollecting)
        let isLaterNewer = seed.isMultiple(of: 2)
        let isNewer: (UInt32, UInt32) -> Bool = { ($0 < $1) == isLaterNewer }
        var model: [ChunkID: (UInt32, PackEntry)] = [:]
        for step in 0..<count {
            var name = random.bytes(32)
            if step.isMultiple(of: 9) { name.replaceSubrange(0..<8, with: [UInt8](repeating: 0xFF, count: 8)) }
            if step.isMultiple(of: 5), let old = model.randomElement(using: &random) { name = old.key.bytes }
            let id = try #require(ChunkID(bytes: name))
            let entry = PackEntry(
                id: id, offset: UInt32(step), storedBytes: 17 + UInt32(step), plainBytes: 1 + UInt32(step), form: .plain
            )
            table.add(entry, pack: UInt32(step), isNewer: isNewer)
            if model[id] == nil || isLaterNewer { model[id] = (UInt32(step), entry) }
        }
        table.settle(isNewer: isNewer)
        #expect(table.count == model.count)
        #expect(table.plainBytes == model.values.reduce(0) { $0 + Int64($1.1.plainBytes) })
        for (id, expected) in model {
            let found = table.find(id)
            #expect(found?.pack == expected.0 && found?.entry == expected.1)
        }
        var places: Set<UInt32> = []
        try table.forEachPlace { _, _, offset, _ in places.insert(offset) }
        #expect(places == Set(model.values.map { $0.1.offset }))
    }

    /// Goal: where the index lies changes nothing. Method: the same prunes and checks of equal stores with both.
    @Test("in a file, checks and prunes come to the same as in memory", arguments: [UInt64](1...3))
    func sameResults(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let folder = try ScratchFolder()
        let scratch = ScratchSpace(path: folder.path, memorySlotsMax: 1000)
        let store = MemoryObjectStore()
        _ = try Fixture.create(store)
        var points: [(RestorePoint, [UInt64])] = []
        for round in 0..<4 {
            let inFile = try Repository.open(store, unlockedBy: .keyFile(Fixture.key), scratch: scratch, seams: .live)
            let blocks = (0..<1500).map { UInt64(round * 400 + $0) }
            points.append((try Fixture.backUp(blocks: blocks, to: inFile), blocks))
            if round > 0, let gone = points.indices.randomElement(using: &random) {
                try inFile.forget(points.remove(at: gone).0.id)
            }
            let inMemory = try Fixture.open(MemoryObjectStore(store.contents))
            let options = PruneOptions(maxUnused: Bool.random(using: &random) ? 0 : 0.3)
            #expect(try inFile.check(readData: true) == inMemory.check(readData: true))
            #expect(try inFile.prune(options) == inMemory.prune(options))
            let checked = try inFile.check(readData: true)
            #expect(try checked == inMemory.check(readData: true) && checked.isClean)
            for (point, blocks) in points {
                #expect(try Fixture.read(point, from: inFile) == blocks.map { Fixture.bytes(4096, seed: $0) })
            }
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
