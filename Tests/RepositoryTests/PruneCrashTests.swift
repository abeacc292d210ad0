import HoldfastCore
import ObjectStorage
import Testing

@testable import Repository

@Suite("A prune may end at any moment")
struct PruneCrashTests {
    /// Goal: nothing that was acknowledged is lost, and the next prune frees the rest. Method: a small history with a
    /// prune that removes, rewrites and waits, with each fault at each call to the store.
    @Test("with a fault at every call to the store", arguments: FaultyObjectStore.Fault.allCases)
    func everyCall(fault: FaultyObjectStore.Fault) throws {
        let start = MemoryObjectStore()
        var points: [(point: RestorePoint, image: [[UInt8]])] = []
        let repository = try Fixture.create(start)
        for seeds in [[1, 2], [2, 3], [4], [5, 1]] as [[UInt64]] {
            points.append((try Fixture.backUp(Fixture.image(seeds), to: repository), Fixture.image(seeds)))
        }
        for index in [0, 2] { try repository.forget(points[index].point.id) }
        let kept = [points[1], points[3]]

        let reference = MemoryObjectStore(start.contents)
        let probe = FaultyObjectStore(reference, .fail, atCall: .max)
        _ = Self.history(probe)
        let calls = probe.callCount
        #expect(calls > 30)
        for call in 1...calls {
            let left = MemoryObjectStore(start.contents)
            let acknowledged = Self.history(FaultyObjectStore(left, fault, atCall: call))
            let opened = try Fixture.open(left)
            for (point, image) in kept + acknowledged {
                #expect(try Fixture.read(point, from: opened) == image, "\(fault) at call \(call)")
            }
            // Leftovers of whoever died are in nobody's way: here the process still lives, so they are removed by hand.
            for folder in ["sessions", "prune/running"] {
                for key in left.contents.keys where key.text.hasPrefix(folder) { try left.delete(key) }
            }
            _ = try opened.prune(PruneOptions(maxUnused: 0))
            let again = try Fixture.open(left)
            for (point, image) in kept + acknowledged {
                #expect(try Fixture.read(point, from: again) == image, "\(fault) at call \(call), after another prune")
            }
            #expect(try again.check(readData: true).isClean, "\(fault) at call \(call)")
            #expect(try again.prune(PruneOptions(maxUnused: 0)).freedBytes == 0, "\(fault) at call \(call)")
        }
    }

    /// A prune during a backup, a backup after it, and the prune that finishes.
    private static func history(_ store: any ObjectStore) -> [(point: RestorePoint, image: [[UInt8]])] {
        guard let repository = try? Fixture.open(store) else { return [] }
        var acknowledged: [(point: RestorePoint, image: [[UInt8]])] = []
        let running = try? repository.beginBackup(domain: "local")
        _ = try? repository.prune(PruneOptions(maxUnused: 0))
        if let running, let point = try? Fixture.finish(running, Fixture.image([4, 6])) {
            acknowledged.append((point, Fixture.image([4, 6])))
        }
        if let point = try? Fixture.backUp(Fixture.image([4, 7]), to: repository) {
            acknowledged.append((point, Fixture.image([4, 7])))
        }
        _ = try? repository.prune(PruneOptions(maxUnused: 0))
        return acknowledged
    }
}
