import Foundation
import HoldfastCore
import ObjectStorage
import TestSupport
import Testing

@testable import Repository

@Suite("Keys come and go, and a revoked one opens nothing new")
struct KeyEpochTests {
    private static func key(_ number: UInt8) -> KeyMaterial {
        .keyFile(KeyFile(randomBytes: { Data(repeating: number, count: $0) }))
    }

    private static func open(_ store: any ObjectStore, _ number: UInt8) throws -> Repository {
        try Repository.open(store, unlockedBy: key(number), seams: .live)
    }

    private static func create(_ store: any ObjectStore) throws -> Repository {
        try Repository.create(in: store, unlockedBy: key(0), seams: .live)
    }

    @Test("revoked: the others stay without being at hand, and a prune seals anew")
    func revoke() throws {
        let store = MemoryObjectStore()
        let repository = try Self.create(store)
        let thief = try repository.addKey(Self.key(1), label: "laptop")
        _ = try repository.addKey(.passphrase(Array("in the safe".utf8)), label: "safe")
        let before = try Fixture.backUp(Fixture.image([1]), to: repository)
        let stolen = store.contents
        let running = try Self.open(store, 1)

        #expect(try repository.revokeKeys([thief]) == 1)
        let after = try Fixture.backUp(Fixture.image([1, 2]), to: repository)
        #expect(
            after.description.storedBytes < Int64(2 * Fixture.extentBytes), "names stay, so nothing is stored twice")
        #expect(throws: RepositoryError.self) { try Self.open(store, 1) }
        // Whoever has the repository open sees what was there, and can't add to it.
        #expect(try Fixture.read(before, from: running) == Fixture.image([1]))
        #expect(throws: RepositoryError.self) { try Fixture.read(after, from: running) }
        #expect { try running.beginBackup(domain: "local") } throws: { ($0 as? RepositoryError)?.code == .wrongKey }
        for key in [Self.key(0), .passphrase(Array("in the safe".utf8))] {
            let opened = try Repository.open(store, unlockedBy: key, seams: .live)
            #expect(try Fixture.read(before, from: opened) == Fixture.image([1]))
            #expect(try Fixture.read(after, from: opened) == Fixture.image([1, 2]))
            #expect(try opened.keyList().map(\.label).sorted() == ["first", "safe"])
            #expect(try opened.keyList().filter(\.isInUse).count == 1)
        }

        let left = try repository.epochReports()
        #expect(left.count == 2 && left[0].packs == 1 && left[1].packs == 1 && left[0].restorePoints == 1)
        _ = try repository.prune(PruneOptions(reseals: true))
        let none = try repository.epochReports()[0]
        #expect(none.packs == 0 && none.indexSegments == 0 && none.restorePoints == 1)
        #expect(try Fixture.read(before, from: Self.open(store, 0)) == Fixture.image([1]))
        #expect(try Self.open(store, 0).check(readData: true).isClean)
        // What was kept together with the key stays readable: nobody can change that.
        #expect(try Fixture.read(before, from: Self.open(MemoryObjectStore(stolen), 1)) == Fixture.image([1]))
        // A thief who puts the old wrapping back still opens nothing new.
        for (name, bytes) in stolen where name.text.hasPrefix("keys/") {
            if store.contents[name] == nil { try store.put(bytes, at: name) }
        }
        #expect { try Self.open(store, 1) } throws: { ($0 as? RepositoryError)?.code == .wrongKey }
        #expect(try Fixture.read(after, from: Self.open(store, 0)) == Fixture.image([1, 2]))
    }

    @Test("a process that has the repository open follows a rotation")
    func rotation() throws {
        let store = MemoryObjectStore()
        let repository = try Self.create(store)
        let running = try Self.open(store, 0)
        let session = try running.beginBackup(domain: "local")
        #expect(try repository.rotateKeys() == 1)
        #expect(try repository.rotateKeys() == 2)
        // A session that began before ends under the key it has.
        let old = try Fixture.finish(session, Fixture.image([3]))
        let new = try Fixture.backUp(Fixture.image([4]), to: running)
        #expect(try running.epochReports().map(\.restorePoints) == [1, 0, 1])
        for opened in [repository, running, try Self.open(store, 0)] {
            #expect(try Fixture.read(old, from: opened) == Fixture.image([3]))
            #expect(try Fixture.read(new, from: opened) == Fixture.image([4]))
        }
    }

    @Test("a key that nobody with a key has added is given no new epoch")
    func slippedIn() throws {
        let store = MemoryObjectStore()
        let repository = try Self.create(store)
        let masters = [SecretBytes([UInt8](repeating: 5, count: 32))]
        let recipient = try KeyRecipient(Self.key(9), label: "first", salt: [UInt8](repeating: 3, count: 32))
        _ = try KeyWrapping(masters, for: recipient, repositoryID: repository.id, randomBytes: Seams.live.randomBytes)
            .put(in: store)
        #expect(try repository.keyList().map(\.isProved).sorted { $0 && !$1 } == [true, false])
        _ = try repository.rotateKeys()
        #expect(try repository.keyList().map(\.isProved) == [true])
        #expect(throws: RepositoryError.self) { try Self.open(store, 9) }
    }

    @Test(
        "names below epochs/ that no rotation has made change nothing",
        arguments: ["-000000001", "-1", "0000000000", "1", "99999999999999999999", "x"])
    func strangeEpochs(name: String) throws {
        let store = MemoryObjectStore()
        let point = try Fixture.backUp(Fixture.image([1]), to: Self.create(store))
        try store.put(Array("0".utf8), at: ObjectKey("epochs/\(name)"))
        let opened = try Self.open(store, 0)
        #expect(try Fixture.read(point, from: opened) == Fixture.image([1]))
        #expect(try opened.rotateKeys() == 1)
    }

    /// Goal: a rotation or a revocation may stop anywhere. Method: every fault at every call; then look that each key that
    /// stays opens all, goes on storing, and that a repeat ends it.
    @Test(
        "with a fault at every call, every key that stays opens everything", arguments: FaultyObjectStore.Fault.allCases
    )
    func faults(fault: FaultyObjectStore.Fault) throws {
        var call = 1
        while true {
            let store = MemoryObjectStore()
            let thief: String
            let point: RestorePoint
            do {
                let repository = try Self.create(store)
                _ = try repository.addKey(Self.key(1))
                thief = try repository.addKey(Self.key(2))
                point = try Fixture.backUp(Fixture.image([1]), to: repository)
            }
            let faulty = FaultyObjectStore(store, fault, atCall: call)
            let isDone = (try? Self.open(faulty, 0).revokeKeys([thief])) != nil
            var expected = [(point, Fixture.image([1]))]
            for number: UInt8 in [0, 1] {
                let opened = try Self.open(store, number)
                for (point, image) in expected {
                    #expect(try Fixture.read(point, from: opened) == image, "\(fault) at call \(call)")
                }
                let image = Fixture.image([UInt64(number) + 10])
                expected.append((try Fixture.backUp(image, to: opened), image))
            }
            let again = try Self.open(store, 0)
            #expect(try again.keyList().filter(\.isInUse).count == 1)
            _ = try again.rotateKeys()
            #expect(try again.keyList().allSatisfy(\.isProved))
            for (point, image) in expected { #expect(try Fixture.read(point, from: Self.open(store, 1)) == image) }
            if isDone && faulty.callCount < call { break }
            call += 1
        }
        #expect(call > 10)
    }

    /// Goal: whatever is done with keys, those that stay open all there is, and those that went open nothing that came
    /// after. Method: random sequences.
    @Test("over random sequences of all that can be done", arguments: [UInt64](1...10))
    func sequences(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let store = MemoryObjectStore()
        _ = try Self.create(store)
        var staying: [UInt8] = [0]
        var gone: [UInt8] = []
        var next: UInt8 = 1
        var points: [(RestorePoint, UInt64)] = []
        for step in 0..<14 {
            let number = staying.randomElement(using: &random) ?? 0
            let repository = try Self.open(store, number)
            switch Int.random(in: 0..<6, using: &random) {
            case 0:
                _ = try repository.addKey(Self.key(next), label: "key \(next)")
                staying.append(next)
                next += 1
            case 1: _ = try repository.rotateKeys()
            case 2 where staying.count > 1:
                let other = try #require(staying.filter { $0 != number }.randomElement(using: &random))
                let label = other == 0 ? "first" : "key \(other)"
                let id = try #require(try repository.keyList().first { $0.label == label }?.id)
                _ = try repository.revokeKeys([id])
                staying.removeAll { $0 == other }
                gone.append(other)
            case 3: _ = try repository.prune(PruneOptions(maxUnused: 0, reseals: Bool.random(using: &random)))
            default:
                let contents = UInt64(step) + seed * 100
                points.append((try Fixture.backUp(Fixture.image([contents, 7]), to: repository), contents))
            }
            for key in staying {
                let opened = try Self.open(store, key)
                for (point, contents) in points {
                    #expect(try Fixture.read(point, from: opened) == Fixture.image([contents, 7]), "step \(step)")
                }
            }
            for key in gone { #expect(throws: RepositoryError.self) { try Self.open(store, key) } }
        }
        #expect(try Self.open(store, staying[0]).check(readData: true).isClean)
    }
}
