import Foundation
import HoldfastCore
import ObjectStorage
import TestSupport
import Testing

@testable import Repository

@Suite("Prune removes what nothing needs, and nothing else")
struct PruneTests {
    private static func bytes(_ store: MemoryObjectStore) -> Int64 {
        store.contents.values.reduce(0) { $0 + Int64($1.count) }
    }

    /// Goal: what a dry run predicts is what the store gives back, and the rest stays whole. Method: random images that
    /// share extents, a random part of them forgotten, at every degree of tolerance.
    @Test("to the byte, for any set of restore points", arguments: 0..<24)
    func prediction(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let store = MemoryObjectStore()
        let repository = try Fixture.create(store)
        var points: [(point: RestorePoint, image: [[UInt8]])] = []
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let image = Fixture.image((0..<Int.random(in: 1...12, using: &random)).map { _ in random.next() % 20 })
            points.append((try Fixture.backUp(image, to: repository), image))
        }
        let doomed = points.filter { _ in Bool.random(using: &random) }.map(\.point.id)
        let maxUnused: Double = [0.0, 0.05, 0.5, 10.0].randomElement(using: &random) ?? 0
        let predicted = try repository.prune(
            PruneOptions(maxUnused: maxUnused, isDryRun: true, without: Set(doomed)))
        for id in doomed { try repository.forget(id) }
        let before = Self.bytes(store)
        let dry = try repository.prune(PruneOptions(maxUnused: maxUnused, isDryRun: true))
        #expect(dry == predicted && Self.bytes(store) == before)
        let done = try repository.prune(PruneOptions(maxUnused: maxUnused))
        #expect(done == predicted)
        #expect(before - Self.bytes(store) == done.freedBytes)
        for opened in [repository, try Fixture.open(store)] {
            for (point, image) in points where !doomed.contains(point.id) {
                #expect(try Fixture.read(point, from: opened) == image)
            }
            #expect(try opened.check(readData: true).isClean)
        }
        #expect(try repository.prune(PruneOptions(maxUnused: maxUnused)).freedBytes == 0, "a second finds nothing")
    }

    @Test("all of it, when every restore point is forgotten")
    func everything() throws {
        let store = MemoryObjectStore()
        let repository = try Fixture.create(store)
        let empty = Self.bytes(store)
        for seed in 1...3 { try repository.forget(Fixture.backUp(Fixture.image([UInt64(seed)]), to: repository).id) }
        _ = try repository.prune()
        #expect(Self.bytes(store) == empty)
    }

    @Test("a backup that began before may rely on packs that go: they are kept")
    func rescue() throws {
        let store = MemoryObjectStore()
        let repository = try Fixture.create(store)
        let old = try Fixture.backUp(Fixture.image([1]), to: repository)
        let running = try Fixture.open(store).beginBackup(domain: "local")
        try repository.forget(old.id)
        let first = try repository.prune()
        #expect(first.waitingFor == 1 && first.freedBytes == 0)
        let point = try Fixture.finish(running, Fixture.image([1]))
        #expect(running.statistics.newChunks <= 2, "it relied on what was condemned")
        let second = try repository.prune()
        #expect(second.keptPacks >= 1 && second.waitingFor == 0)
        #expect(try Fixture.read(point, from: Fixture.open(store)) == Fixture.image([1]))
        #expect(try repository.check(readData: true).isClean)
    }

    @Test("a backup that begins later does not rely on them, and is not waited for")
    func later() throws {
        let store = MemoryObjectStore()
        let repository = try Fixture.create(store)
        let old = try Fixture.backUp(Fixture.image([1]), to: repository)
        let running = try repository.beginBackup(domain: "local")
        try repository.forget(old.id)
        #expect(try repository.prune().waitingFor == 1)
        let later = try Fixture.open(store).beginBackup(domain: "local")
        running.abandon()
        let freed = try repository.prune()
        #expect(freed.waitingFor == 0 && freed.removedPacks + freed.rewrittenPacks == 0 && freed.freedBytes > 0)
        let point = try Fixture.finish(later, Fixture.image([1]))
        #expect(later.statistics.reusedChunks == 0)
        #expect(try Fixture.read(point, from: Fixture.open(store)) == Fixture.image([1]))
    }

    @Test("a parent that the pending prune did not know of is not taken over by its name")
    func parents() throws {
        let store = MemoryObjectStore()
        let repository = try Fixture.create(store)
        let known = try Fixture.backUp(Fixture.image([5]), to: repository)
        let old = try Fixture.backUp(Fixture.image([1]), to: repository)
        let running = try repository.beginBackup(domain: "local")
        try repository.forget(old.id)
        _ = try repository.prune()
        let unknown = try Fixture.finish(running, Fixture.image([1]))
        let later = try repository.beginBackup(domain: "local")
        #expect(later.mayTakeOver(known) && !later.mayTakeOver(unknown))
        later.abandon()
    }

    @Test("a backup that was taken for dead does not say that it is done")
    func takenForDead() throws {
        let store = MemoryObjectStore()
        let repository = try Fixture.create(store)
        let session = try repository.beginBackup(domain: "local")
        for object in try store.list(ObjectKey("sessions")) { try store.delete(object.key) }
        #expect(throws: RepositoryError.self) { try Fixture.finish(session, Fixture.image([1])) }
        #expect(try repository.restorePoints().isEmpty)
    }

    @Test("a reader that loaded the index before goes on reading")
    func moved() throws {
        let store = MemoryObjectStore()
        let repository = try Fixture.create(store)
        let first = try Fixture.backUp(Fixture.image([1, 2]), to: repository)
        let second = try Fixture.backUp(Fixture.image([2]), to: repository)
        let other = try Fixture.open(store)
        try repository.forget(first.id)
        #expect(try repository.prune(PruneOptions(maxUnused: 0)).rewrittenPacks == 1)
        #expect(try Fixture.read(second, from: other) == Fixture.image([2]))
        #expect(try other.check(readData: true).isClean)
    }

    @Test("nothing goes while it is not known what is needed")
    func damage() throws {
        let store = MemoryObjectStore()
        let repository = try Fixture.create(store)
        let gone = try Fixture.backUp(Fixture.image([1]), to: repository)
        _ = try Fixture.backUp(Fixture.image([2]), to: repository)
        try repository.forget(gone.id)
        for folder in ["index", "points"] {
            var objects = store.contents
            for key in objects.keys where key.text.hasPrefix(folder + "/") { objects[key]?[60] ^= 1 }
            let broken = MemoryObjectStore(objects)
            #expect(throws: RepositoryError.self) { try Fixture.open(broken).prune() }
            #expect(broken.contents.filter { $0.key.text.hasPrefix("packs/") }.count == 2, "\(folder)")
        }
    }

    @Test("one at a time; one whose process has ended is in nobody's way")
    func exclusive() throws {
        let store = MemoryObjectStore()
        let repository = try Fixture.create(store)
        let alive = try SessionMarker(seams: .live).encoded()
        try store.put(alive, at: StoredKeys.pruner())
        #expect { try repository.prune() } throws: { ($0 as? RepositoryError)?.code == .pruneRunning }
        try store.delete(StoredKeys.pruner())
        var ended = ProcessIdentity.current
        ended = ProcessIdentity(space: ended.space, number: ended.number, startTicks: (ended.startTicks ?? 0) + 1)
        try store.put(SessionMarker(seams: .live, process: ended).encoded(), at: StoredKeys.pruner())
        #expect(try repository.prune().freedBytes == 0)
    }
}
