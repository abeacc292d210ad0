import Endpoints
import Foundation
import HoldfastCore
import ObjectStorage
import TestSupport
import Testing
import Transfer

@testable import Repository

@Suite("What restore points take is known to the byte")
struct AccountTests {
    private static func bytes(_ store: MemoryObjectStore) -> Int64 {
        store.contents.values.reduce(0) { $0 + Int64($1.count) }
    }

    /// Goal: the account of a set is what its chunks are, and what the store gives back. Method: trees and images that
    /// change a little from restore point to restore point; a random set; a model that walks every manifest by itself.
    @Test("for any set of restore points of trees and images", arguments: [UInt64](1...10))
    func anySet(seed: UInt64) async throws {
        try await withTemporaryDirectory { place in
            var random = SeededGenerator(seed: seed)
            let store = MemoryObjectStore()
            let fixture = try Fixture(store: store)
            let points = try await Self.makePoints(place, fixture, &random)
            let repository = fixture.repository
            // Something that no restore point needs already.
            let gone = try #require(points.randomElement(using: &random))
            if Bool.random(using: &random) { try repository.forget(gone) }
            let left = try repository.restorePoints()
            let chosen = left.filter { _ in Bool.random(using: &random) }

            let account = try repository.account(for: Set(chosen.map(\.id)))

            // An id that is not there counts nothing.
            let set = Set(chosen.map(\.id))
            let nobody = RestorePointID(String(repeating: "0", count: 64))
            #expect(
                try repository.neededBytes(of: [set, [], set.union([nobody])])
                    == [account.uniqueBytes + account.sharedBytes, 0, account.uniqueBytes + account.sharedBytes])
            let own = try Self.chunks(chosen, in: repository)
            let others = try Self.chunks(left.filter { !chosen.contains($0) }, in: repository)
            #expect(account.restorePoints == chosen.count)
            #expect(account.logicalBytes == chosen.reduce(0) { $0 + $1.description.logicalBytes })
            #expect(account.uniqueBytes == Self.storedBytes(own.subtracting(others), repository))
            #expect(account.sharedBytes == Self.storedBytes(own.intersection(others), repository))
            let dry = try repository.prune(PruneOptions(maxUnused: 0, isDryRun: true))
            #expect(account.unneededBytes == dry.freedBytes)

            let before = Self.bytes(store)
            for point in chosen { try repository.forget(point.id) }
            _ = try repository.prune(PruneOptions(maxUnused: 0))
            #expect(before - Self.bytes(store) == account.freedBytes)
            #expect(try repository.check(readData: true).isClean)
            #expect(try repository.account(for: Set(chosen.map(\.id))).freedBytes == 0, "nothing is left of them")
        }
    }

    private static func makePoints(
        _ place: String, _ fixture: Fixture, _ random: inout SeededGenerator
    ) async throws -> [RestorePointID] {
        var points: [RestorePointID] = []
        let source = place + "/tree"
        try FileManager.default.createDirectory(atPath: source, withIntermediateDirectories: false)
        var image = random.bytes(1 << 20)
        for _ in 0..<3 {
            var tree = RandomTree(seed: random.next())
            try tree.fill(source, directories: 2, items: 8)
            points.append(try await fixture.backUp(tree: source).restorePoint)
            let start = Int.random(in: 0..<image.count - 5000, using: &random)
            image.replaceSubrange(start..<start + 5000, with: random.bytes(5000))
            try write(image, to: place + "/image")
            points.append(try await fixture.backUp(image: place + "/image").restorePoint)
        }
        return points
    }

    private static func chunks(_ points: [RestorePoint], in repository: Repository) throws -> Set<ChunkID> {
        let reader = repository.reader()
        var found: Set<ChunkID> = []
        let walker = ManifestWalker(fetch: { try reader.read($0) })
        for point in points {
            let visit: (ManifestWalker.Visit) throws -> Void = { found.insert($0.chunk) }
            switch point.description.kind {
            case .tree: try walker.walkTree(point.description.root, visit: visit, damaged: { throw $1 })
            case .image: try walker.walkImage(point.description.root, visit: visit, damaged: { throw $0 })
            }
        }
        return found
    }

    private static func storedBytes(_ chunks: Set<ChunkID>, _ repository: Repository) -> Int64 {
        chunks.reduce(0) { $0 + Int64(repository.index.find($1)?.entry.storedBytes ?? 0) }
    }
}
