import ObjectStorage
import TestSupport
import Testing

@testable import Repository

@Suite("No backup waits for a prune")
struct FrozenPruneTests {
    /// Goal: a backup neither waits for a prune nor fails beside one, wherever that stands. Method: at each call of a prune
    /// that removes and rewrites, stop it, and let a whole backup run.
    @Test("not for one that stands still at any of its calls")
    func everyCall() throws {
        let start = MemoryObjectStore()
        let repository = try Fixture.create(start)
        let trees = [SmallTree(files: ["d0/f0": [1, 2, 3], "d0/f1": [4]]), SmallTree(files: ["d0/f0": [3, 5]])]
        let points = try trees.map { try $0.backUp(to: repository) }
        try repository.forget(points[0].id)
        let wanted = SmallTree(files: ["d0/f0": [1, 2, 3], "d1/f1": [5, 6]])
        let quiet = FaultyObjectStore(MemoryObjectStore(start.contents), .fail, atCall: .max)
        try wanted.backUp(to: Fixture.open(quiet))

        var calls = 0
        for call in 1...500 {
            let memory = MemoryObjectStore(start.contents)
            let made = Locked<[RestorePoint]>([])
            let store = HookedStore(memory, atCall: call) {
                let counted = FaultyObjectStore(memory, .fail, atCall: .max)
                let point = try wanted.backUp(to: Fixture.open(counted))
                made.with { $0.append(point) }
                // A plan to read and a few segments more.
                #expect(counted.callCount <= quiet.callCount + 6, "stopped at call \(call)")
            }
            _ = try Fixture.open(store).prune(PruneOptions(maxUnused: 0))
            if made.with({ $0.isEmpty }) { break }
            calls = call
            for _ in 0..<2 { _ = try Fixture.open(memory).prune(PruneOptions(maxUnused: 0)) }
            let opened = try Fixture.open(memory)
            for point in made.with({ $0 }) { #expect(try SmallTree.read(point, from: opened) == wanted.contents) }
            #expect(try SmallTree.read(points[1], from: opened) == trees[1].contents)
            #expect(try opened.check(readData: true).isClean, "stopped at call \(call)")
        }
        #expect(calls > 40)
    }
}
