import Endpoints
import Foundation
import HoldfastCore
import ObjectStorage
import Repository
import TestSupport
import Testing
import Transfer

@Suite("Copies of restore points are the restore points")
struct CopyTests {
    private static func contents(_ point: RestorePoint, _ repository: Repository) throws -> Data {
        let reader = repository.reader()
        let root = try ImageRoot.read(point.description.root, fetch: { try reader.read($0) })
        var bytes = Data(count: Int(root.sizeBytes))
        let count = try bytes.withUnsafeMutableBytes { try ImageContents(root, reader: reader).read(at: 0, into: $0) }
        #expect(count == bytes.count)
        return bytes
    }

    /// Goal: what comes back from the copy is what was backed up, and a second copy moves nothing. Method: random trees
    /// in two states, compared by plain system calls.
    @Test("of trees, with every kind of item", arguments: [UInt64](1...4))
    func trees(seed: UInt64) async throws {
        try await withTemporaryDirectory { place in
            let source = place + "/source"
            try FileManager.default.createDirectory(atPath: source, withIntermediateDirectories: false)
            var tree = RandomTree(seed: seed)
            try tree.fill(source)
            let fixture = try Fixture()
            let first = try await fixture.backUp(tree: source)
            let before = try treeFacts(source)
            var other = RandomTree(seed: seed + 100)
            try other.fill(source, directories: 2, items: 20)
            let second = try await fixture.backUp(tree: source, parent: first.restorePoint)
            let after = try treeFacts(source)

            let target = try Fixture()
            let outcome = try await fixture.copy(to: target)

            #expect(outcome.copied.map(\.source) == [first.restorePoint, second.restorePoint])
            for (copied, facts) in zip(outcome.copied, [before, after]) {
                let back = place + "/" + copied.target.text.prefix(8)
                let restored = try await target.restore(copied.target, to: .tree(path: back))
                #expect(restored.warnings == [])
                #expect(try differences(facts, treeFacts(back)) == [])
            }
            #expect(try target.repository.check(readData: true).isClean)
            #expect(
                outcome.readBytes < first.readBytes + second.readBytes + 1 << 20,
                "what both states share is read once")
            let again = try await fixture.copy(to: target)
            #expect(again.copied.isEmpty && again.presentCount == 2 && again.readBytes == 0)
        }
    }

    @Test("of images, with their holes")
    func images() async throws {
        try await withTemporaryDirectory { place in
            let image = place + "/image"
            var random = SeededGenerator(seed: 3)
            try write(random.bytes(3 << 20), to: image)
            let handle = try FileHandle(forWritingTo: URL(filePath: image))
            try handle.truncate(atOffset: 40 << 20)
            let fixture = try Fixture()
            let first = try await fixture.backUp(image: image)
            try handle.seek(toOffset: 20 << 20)
            try handle.write(contentsOf: Data(random.bytes(100_001)))
            try handle.close()
            let second = try await fixture.backUp(image: image, parent: first.restorePoint)
            let bytes = try read(image)

            let target = try Fixture()
            let one = try await fixture.copy(to: target, [first.restorePoint])
            let two = try await fixture.copy(to: target)

            #expect(one.copied.count == 1 && two.copied.count == 1 && two.presentCount == 1)
            #expect(two.readBytes <= 4 * 64 << 10, "only what changed was read: \(two.readBytes)")
            let copied = try #require(two.copied.first)
            #expect(copied.source == second.restorePoint)
            try await target.restore(copied.target, to: .image(path: place + "/back"))
            #expect(try read(place + "/back") == bytes)
            let status = try FileManager.default.attributesOfItem(atPath: place + "/back")
            #expect(status[.size] as? Int == 40 << 20)
            #expect(try target.repository.check(readData: true).isClean)
        }
    }

    @Test("keep what is known of them, and are known again by whatever way they come")
    func origins() async throws {
        try await withTemporaryDirectory { place in
            try write([1, 2, 3], to: place + "/image")
            let (one, two, three) = (try Fixture(), try Fixture(), try Fixture())
            let request = BackupRequest(
                source: .image(path: place + "/image"), domain: "project", labels: ["vault_name": "nightly"])
            let made = try await Transfer.backUp(request, into: one.repository, seams: one.seams, progress: { _ in })
            let original = try one.repository.restorePoint(made.restorePoint).description
            _ = try await one.copy(to: two)
            _ = try await two.copy(to: three)
            let copy = try #require(try three.repository.restorePoints().first?.description)
            #expect(copy.createdAt == original.createdAt && copy.source == original.source)
            #expect(copy.domain == "project" && copy.labels["vault_name"] == "nightly")
            #expect(copy.labels["origin_repository"] == one.repository.id)
            #expect(copy.labels["origin_restore_point"] == made.restorePoint.text)
            #expect(try await one.copy(to: three).copied.isEmpty, "it came by way of the second already")
            #expect(try await three.copy(to: one).copied.isEmpty, "it was made there")
            try one.repository.forget(made.restorePoint)
            #expect(try await three.copy(to: one).copied.count == 1, "it is lost where it was made")
            await #expect(throws: TransferError.self) { try await one.copy(to: one) }
        }
    }

    /// Goal: a copy that was cut off at any call is continued, and nothing half is visible. Method: crash at each call to
    /// the target's store in turn, look, and copy again.
    @Test("go on where they were cut off")
    func cutOff() async throws {
        try await withTemporaryDirectory { place in
            let fixture = try Fixture()
            var images: [[UInt8]] = []
            for seed in 1...3 {
                var random = SeededGenerator(seed: UInt64(seed))
                images.append(random.bytes(200_000))
                try write(images[seed - 1], to: place + "/image")
                _ = try await fixture.backUp(image: place + "/image")
            }
            var failures = 0
            var isDone = false
            while !isDone {
                let store = MemoryObjectStore()
                let setUp = try Fixture(store: store)
                let probe = FaultyObjectStore(store, .crash, atCall: .max)
                _ = try Fixture(opening: probe, of: setUp)
                let faulty = FaultyObjectStore(store, .crash, atCall: probe.callCount + failures + 1)
                let target = try Fixture(opening: faulty, of: setUp)
                do {
                    _ = try await fixture.copy(to: target)
                    isDone = true
                } catch let error as TransferError {
                    failures += 1
                    #expect(error.code == .repository)
                }
                let again = try await fixture.copy(to: setUp)
                #expect(again.copied.count + again.presentCount == 3 && again.failed.isEmpty)
                for (point, image) in zip(try setUp.repository.restorePoints().reversed(), images) {
                    #expect(try Self.contents(point, setUp.repository) == Data(image))
                }
                #expect(try setUp.repository.check(readData: true).isClean)
            }
            #expect(failures > 6, "each restore point is several writes")
        }
    }

    /// Goal: a copy relies on nothing that a pending prune of the target is about to remove. Method: a running session keeps
    /// a prune of the target waiting while a first state is copied that the prune does not know, and then a second; when the
    /// prune goes on, both are whole.
    @Test("beside a prune of the target stay whole", arguments: [UInt64](1...4))
    func besidePrune(seed: UInt64) async throws {
        try await withTemporaryDirectory { place in
            let source = place + "/source"
            try FileManager.default.createDirectory(atPath: source, withIntermediateDirectories: false)
            var tree = RandomTree(seed: seed)
            try tree.fill(source, directories: 3, items: 30)
            let fixture = try Fixture()
            let first = try await fixture.backUp(tree: source)
            try write([UInt8](repeating: 7, count: 5000), to: source + "/added")
            _ = try await fixture.backUp(tree: source, parent: first.restorePoint)
            let facts = try treeFacts(source)

            let store = MemoryObjectStore()
            let target = try Fixture(store: store)
            let early = try #require(try await fixture.copy(to: target, [first.restorePoint]).copied.first)
            let running = try target.repository.beginBackup(domain: "local")
            try target.repository.forget(early.target)
            #expect(try target.repository.prune(PruneOptions(maxUnused: 0)).waitingFor == 1)
            let other = try Fixture(opening: store, of: target)
            // What the prune is about to remove is there, but not to be relied on: it is stored again.
            let again = try await fixture.copy(to: other, [first.restorePoint])
            #expect(again.readBytes > 0 && again.storedBytes > 0)
            let last = try #require(try await fixture.copy(to: other).copied.first)
            running.abandon()
            #expect(try target.repository.prune(PruneOptions(maxUnused: 0)).waitingFor == 0)
            #expect(try target.repository.check(readData: true).isClean)
            let restored = try await target.restore(last.target, to: .tree(path: place + "/back"))
            #expect(restored.warnings == [])
            #expect(try differences(facts, treeFacts(place + "/back")) == [])
        }
    }

    @Test("of a damaged restore point are not made, and the others are")
    func damage() async throws {
        try await withTemporaryDirectory { place in
            let store = MemoryObjectStore()
            let fixture = try Fixture(store: store)
            var random = SeededGenerator(seed: 5)
            try write(random.bytes(100_000), to: place + "/image")
            let hit = try await fixture.backUp(image: place + "/image")
            var objects = store.contents
            for key in objects.keys where key.text.hasPrefix("packs/") { objects[key]?[4000] ^= 1 }
            let damaged = MemoryObjectStore(objects)
            let source = try Fixture(opening: damaged, of: fixture)
            try write(random.bytes(100_000), to: place + "/other")
            let whole = try await source.backUp(image: place + "/other")
            let target = try Fixture()
            let outcome = try await source.copy(to: target)
            #expect(outcome.failed.map(\.source) == [hit.restorePoint])
            #expect(outcome.copied.map(\.source) == [whole.restorePoint])
            #expect(try target.repository.check(readData: true).isClean)
        }
    }
}

extension Fixture {
    func copy(to target: Fixture, _ points: [RestorePointID] = []) async throws -> CopyOutcome {
        try await copyRestorePoints(
            CopyRequest(restorePoints: points), from: repository, to: target.repository, seams: seams,
            progress: { _ in })
    }
}
