import Foundation
import HoldfastCore
import ObjectStorage
import TestSupport
import Testing

@testable import Repository

@Suite("Damage is found, named, and never given back")
struct DamageTests {
    /// Goal: no stored byte can change unseen. Method: flip one byte, at seeded places of every object; then look.
    @Test(
        "any flipped byte is found by a check, or makes opening fail; a read never gives wrong bytes",
        arguments: [UInt64](1...4))
    func flips(seed: UInt64) throws {
        let store = MemoryObjectStore()
        let repository = try Fixture.create(store)
        let extents = Fixture.image([1, 2])
        let point = try Fixture.backUp(extents, to: repository)
        let whole = store.contents
        var random = SeededGenerator(seed: seed)
        for (key, bytes) in whole {
            for _ in 0..<8 {
                var objects = whole
                let place = Int.random(in: 0..<bytes.count, using: &random)
                objects[key]?[place] ^= UInt8.random(in: 1...255, using: &random)
                let damaged = MemoryObjectStore(objects)
                guard let opened = try? Fixture.open(damaged) else { continue }
                if let read = try? Fixture.read(point, from: opened) { #expect(read == extents) }
                let report = try opened.check(readData: true)
                #expect(!report.isClean, "\(key) at \(place)")
            }
        }
    }

    @Test("any number of threads finds the same damage", arguments: [2, 3, 8])
    func threads(count: Int) throws {
        let store = MemoryObjectStore()
        let repository = try Fixture.create(store)
        for seed in 0..<7 { try Fixture.backUp(Fixture.image([UInt64(seed), 100]), to: repository) }
        var objects = store.contents
        for (number, key) in objects.keys.filter({ $0.text.hasPrefix("packs/") }).sorted().enumerated()
        where number % 2 == 0 {
            objects[key]?[200 + number] ^= 1
        }
        let damaged = try Fixture.open(MemoryObjectStore(objects))
        let alone = try damaged.check(readData: true)
        var seen: [Int] = []
        #expect(try damaged.check(readData: true, threads: count, progress: { done, _ in seen.append(done) }) == alone)
        #expect(!alone.isClean && seen == seen.sorted() && seen.last == alone.packs)
        let counting = FaultyObjectStore(MemoryObjectStore(objects), .fail, atCall: .max)
        _ = try Fixture.open(counting)
        let blind = try Fixture.open(
            FaultyObjectStore(MemoryObjectStore(objects), .crash, atCall: counting.callCount + 8))
        #expect(throws: RepositoryError.self) { try blind.check(readData: true, threads: count) }
    }

    @Test("a check names exactly the restore points that a damaged pack hits")
    func hits() throws {
        let store = MemoryObjectStore()
        let repository = try Fixture.create(store)
        let first = try Fixture.backUp(Fixture.image([1]), to: repository)
        let packs = try Set(store.list(ObjectKey("packs")).map(\.key))
        let second = try Fixture.backUp(Fixture.image([2]), to: repository)
        let both = try Fixture.backUp(Fixture.image([1, 2]), to: repository)
        #expect(try repository.check(readData: true).isClean)

        var objects = store.contents
        for key in packs { objects[key]?[60] ^= 1 }
        let report = try Fixture.open(MemoryObjectStore(objects)).check(readData: true)
        #expect(Set(report.hits.map(\.restorePoint)) == [first.id, both.id])
        #expect(!report.hits.contains { $0.restorePoint == second.id })

        for key in packs { objects[key] = nil }
        let missing = try Fixture.open(MemoryObjectStore(objects)).check(readData: false)
        #expect(Set(missing.hits.map(\.restorePoint)) == [first.id, both.id])
    }

    @Test("reading everything again stores anew what is damaged")
    func healing() throws {
        let store = MemoryObjectStore()
        let point = try Fixture.backUp(Fixture.image([1]), to: Fixture.create(store))
        var objects = store.contents
        for key in objects.keys where key.text.hasPrefix("packs/") { objects[key]?[60] ^= 1 }
        let damaged = MemoryObjectStore(objects)
        let repository = try Fixture.open(damaged)
        #expect(throws: RepositoryError.self) { try Fixture.read(point, from: repository) }

        let session = try repository.beginBackup(domain: "local")
        let extent = Fixture.image([1])[0]
        _ = try extent.withUnsafeBytes { try session.store($0, verify: true) }
        _ = try session.commit(point.description)
        #expect(try Fixture.read(point, from: Fixture.open(damaged)) == Fixture.image([1]))
    }

    @Test(
        "decoders of stored bytes throw on anything, and allocate no more than they were given",
        arguments: [UInt64](1...200))
    func decoders(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let keys = KeyTree(master: SecretBytes([UInt8](repeating: 1, count: 32)))
        var bytes = Fixture.bytes(Int.random(in: 0...400, using: &random), seed: seed)
        if bytes.count > 60, seed.isMultiple(of: 2) {
            bytes.replaceSubrange(0..<8, with: PackLayout.magic)
            bytes.replaceSubrange(bytes.count - 8..<bytes.count, with: PackLayout.endMagic)
        }
        #expect(throws: RepositoryError.self) { try PackLayout.table(of: bytes, name: "x", keys: keys) }
        #expect(throws: RepositoryError.self) { try SealedRecord.segment.open(bytes, keys: keys, name: "x") }
        #expect(throws: RepositoryError.self) { try IndexSegment(decoding: bytes + [1], name: "x") }
        #expect(throws: RepositoryError.self) { try RestorePointDescription(decoding: bytes, name: "x") }
    }
}
