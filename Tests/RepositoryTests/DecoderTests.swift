import Foundation
import HoldfastCore
import ObjectStorage
import TestSupport
import Testing

@testable import Repository

/// Goal: no stored bytes can stop the process. Method: valid encodings, damaged by a seeded mutator, given to each
/// decoder, past its seal where it has one; any outcome but a trap will do, and what comes out must be sane.
@Suite("Decoders take any bytes")
struct DecoderTests {
    private static let keys = KeyTree(master: SecretBytes([UInt8](repeating: 1, count: 32)))

    @Test("index segments", arguments: [UInt64](1...60))
    func segments(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let whole = try Self.segment(&random).encoded()
        _ = try IndexSegment(decoding: whole, name: "x")
        for _ in 0..<40 {
            let bytes = Self.mutate(whole, &random)
            guard let segment = try? IndexSegment(decoding: bytes, name: "x") else { continue }
            let index = ChunkIndex()
            index.add(segment, name: "x")
            for pack in segment.packs {
                for entry in pack.entries {
                    #expect(entry.fits(in: PackLayout.headBytes..<Int(pack.record.sizeBytes)))
                    #expect(index.contains(entry.id))
                }
            }
        }
    }

    @Test("packs, their tables and tails", arguments: [UInt64](1...30))
    func packs(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let domain = try DomainTag(domain: "d")
        let pack = try OpenPack(salt: random.bytes(28) + [0, 0, 0, 0], domain: domain, keys: Self.keys)
        for _ in 0..<Int.random(in: 1...5, using: &random) { try Self.fill(pack, random.bytes(200)) }
        #expect(pack.close())
        let whole = Array(try pack.finish())
        let table = try PackLayout.table(of: whole, name: "x", keys: Self.keys)
        #expect(table == .init(domain: domain, entries: pack.entries))
        for _ in 0..<60 {
            let bytes = Self.mutate(whole, &random)
            guard let found = try? PackLayout.table(of: bytes, name: "x", keys: Self.keys) else { continue }
            #expect(found == table, "a seal that holds gives what was sealed")
        }
    }

    @Test("restore points, configs, wrapped keys and key files", arguments: [UInt64](1...40))
    func texts(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let root = try #require(ChunkID(bytes: random.bytes(32)))
        let point = RestorePointDescription(
            createdAt: Date(timeIntervalSince1970: 1_750_000_000), kind: .tree, source: "/s\u{e9}", root: root,
            logicalBytes: 5, entryCount: 2, domain: "d", labels: ["a": "b"], warningCount: 0)
        let config = Config(format: 1, id: "00", features: [], createdAt: 5)
        let configBytes = try config.encoded(keys: Self.keys)
        let file = KeyFile(randomBytes: { Data(repeating: 7, count: $0) })
        let memory = MemoryObjectStore()
        _ = try KeyWrapping(
            [SecretBytes([UInt8](repeating: 1, count: 32))],
            for: KeyRecipient(.keyFile(file), label: "", salt: random.bytes(32)), repositoryID: "00",
            randomBytes: Seams.live.randomBytes
        ).put(in: memory)
        let wrapped = try #require(memory.contents.first)
        for _ in 0..<40 {
            _ = try? RestorePointDescription(decoding: Self.mutate(point.encoded(), &random), name: "x")
            let damaged = Self.mutate(configBytes, &random)
            let store = try MemoryObjectStore([ObjectKey("config"): damaged])
            if let stored = try? Config.read(from: store), (try? stored.prove(with: Self.keys)) != nil {
                #expect(damaged == configBytes)
            }
            let wrappedStore = MemoryObjectStore([wrapped.key: Self.mutate(wrapped.value, &random)])
            let entry = ObjectEntry(key: wrapped.key, sizeBytes: wrapped.value.count)
            let wrapping = try KeyWrapping.read(entry, from: wrappedStore)
            if let masters = try wrapping?.unwrap(with: .keyFile(file), repositoryID: "00") {
                let bytes = masters.map { $0.withUnsafeBytes { Array($0) } }
                #expect(bytes == [[UInt8](repeating: 1, count: 32)])
            }
            _ = try? KeyFile(text: String(decoding: Self.mutate(Array(file.text.utf8), &random), as: UTF8.self))
        }
    }

    @Test("compressed frames", arguments: [UInt64](1...40))
    func frames(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let plain = (0..<5000).map { _ in UInt8.random(in: 0...3, using: &random) }
        var frame = [UInt8](repeating: 0, count: 5000)
        let count = try frame.withUnsafeMutableBytes { target in
            try plain.withUnsafeBytes { try Compression.compress($0, into: target) }
        }
        frame = Array(frame.prefix(try #require(count)))
        #expect(try Compression.decompress(frame, plainBytes: plain.count) == plain)
        #expect(try Compression.decompress(frame, plainBytes: plain.count - 1) == nil)
        #expect(try Compression.decompress(frame, plainBytes: plain.count + 1) == nil)
        for _ in 0..<40 {
            let out = try Compression.decompress(Self.mutate(frame, &random), plainBytes: plain.count)
            #expect(out == nil || out?.count == plain.count)
        }
    }

    @Test("objects larger than any of their kind are not read into memory")
    func tooLarge() throws {
        let store = MemoryObjectStore()
        let repository = try Fixture.create(store)
        try store.put(
            [UInt8](repeating: 0, count: RestorePoint.recordBytesMax + 1),
            at: ObjectKey("points/" + String(repeating: "a", count: 64)))
        let list = try repository.restorePointList()
        #expect(list.points.isEmpty)
        #expect(list.damaged.map(\.code) == [.objectCorrupt])
    }

    // MARK: Making and breaking bytes

    private static func segment(_ random: inout SeededGenerator) throws -> IndexSegment {
        var packs: [IndexSegment.Pack] = []
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let id = try #require(PackID(bytes: random.bytes(32)))
            let domain = try #require(DomainTag(bytes: random.bytes(32)))
            let record = PackRecord(id: id, salt: random.bytes(28) + [0, 0, 0, 0], domain: domain, sizeBytes: 100_000)
            var entries: [PackEntry] = []
            for index in 0..<Int.random(in: 0...4, using: &random) {
                entries.append(
                    PackEntry(
                        id: try #require(ChunkID(bytes: random.bytes(32))), offset: UInt32(40 + index * 100),
                        storedBytes: 100, plainBytes: 84, form: .plain))
            }
            packs.append(.init(record: record, entries: entries))
        }
        return IndexSegment(generation: 1, packs: packs)
    }

    private static func fill(_ pack: OpenPack, _ plain: [UInt8]) throws {
        let (room, _) = try #require(pack.reserve(payloadBytes: plain.count))
        let id = try #require(ChunkID(bytes: plain.prefix(32)))
        let entry = PackEntry(
            id: id, offset: UInt32(room.offset), storedBytes: UInt32(room.storedBytes),
            plainBytes: UInt32(plain.count), form: .plain)
        _ = try plain.withUnsafeBytes { try pack.fill(room, with: $0, entry: entry) }
    }

    /// One to three changes: a byte, a 32-bit field, a cut, an insertion, a repetition.
    private static func mutate(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[place] ^= UInt8.random(in: 1...255, using: &random)
            case 1:
                let extreme: [UInt8] = [0x00, 0x01, 0x7F, 0x80, 0xFF]
                for index in place..<min(place + 4, bytes.count) {
                    bytes[index] = extreme.randomElement(using: &random) ?? 0
                }
            case 2: bytes.removeSubrange(place..<Int.random(in: place...bytes.count, using: &random))
            case 3: bytes.insert(contentsOf: random.bytes(Int.random(in: 1...50, using: &random)), at: place)
            default: bytes.insert(contentsOf: bytes[place...].prefix(50), at: place)
            }
        }
        return bytes
    }
}
