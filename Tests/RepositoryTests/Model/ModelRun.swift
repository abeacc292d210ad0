import HoldfastCore
import ObjectStorage
import TestSupport

@testable import Repository

/// The real repository and the reference, side by side.
struct ModelRun {
    private var store = MemoryObjectStore()
    private let seams = Fixture.seams(seed: 1)
    private var repository: Repository
    private var reference = ReferenceRepository()
    private var trees: [RestorePointID: SmallTree] = [:]

    private init() throws {
        repository = try Repository.create(in: store, unlockedBy: .keyFile(Fixture.key), seams: seams)
    }

    /// - Returns: where the two differ first; nil when they never do.
    static func violation(of operations: [Operation]) -> String? {
        do {
            var run = try ModelRun()
            for (number, operation) in operations.enumerated() {
                if let what = try run.apply(operation) { return "step \(number), \(operation): \(what)" }
            }
            return try run.compareAll()
        } catch { return "\(error)" }
    }

    private mutating func apply(_ operation: Operation) throws -> String? {
        switch operation {
        case .backUpTree(let tree, let parent):
            let old = parent.flatMap { reference.point($0) }.flatMap { id in trees[id].map { (id: id, tree: $0) } }
            let point = try tree.backUp(
                to: repository, parent: old.map { reference.damaged.contains($0.id) ? nil : $0 } ?? nil)
            trees[point.id] = tree
            reference.backUp(point.id, .tree(tree.contents))
        case .backUpImage(let seeds):
            let image = Fixture.image(seeds)
            reference.backUp(try Fixture.backUp(image, to: repository).id, .image(image))
        case .remove(let number):
            guard let id = reference.point(number) else { return nil }
            try repository.forget(id)
            reference.remove(id)
        case .prune(let maxUnused):
            let options = PruneOptions(maxUnused: maxUnused)
            do {
                let report = try repository.prune(options)
                if report.waitingFor > 0 { return "a prune waits for nobody" }
                if try repository.prune(options).freedBytes != 0 { return "a second prune finds more" }
            } catch let error as RepositoryError where !reference.damaged.isEmpty {
                // What a hit restore point needs is not known: then nothing is removed.
                if error.code != .chunkMissing { return "\(error)" }
            }
        case .check:
            let report = try repository.check(readData: true)
            if !report.faults.isEmpty { return "check finds \(report.faults)" }
            return try compareHits(report)
        case .damage(let object, let place): return try damage(object, place)
        case .loseIndex:
            for entry in try store.list(ObjectKey("index")) { try store.delete(entry.key) }
            try reopen()
            _ = try repository.rebuildIndex()
        case .rebuildIndex: _ = try repository.rebuildIndex()
        case .reopen: try reopen()
        case .restore(let number): return reference.point(number).flatMap { compare($0) }
        }
        return nil
    }

    private mutating func reopen() throws {
        repository = try Repository.open(store, unlockedBy: .keyFile(Fixture.key), seams: seams)
    }

    private mutating func damage(_ object: Int, _ place: Int) throws -> String? {
        var objects = store.contents
        let keys = objects.keys.filter { $0.text.hasPrefix("packs/") || $0.text.hasPrefix("index/") }.sorted()
        guard !keys.isEmpty else { return nil }
        let key = keys[object % keys.count]
        if let count = objects[key]?.count { objects[key]?[place % count] ^= 1 }
        store = MemoryObjectStore(objects)
        try reopen()
        let repair = try repository.repair()
        if repair.lostChunks > 1 { return "one byte, and \(repair.lostChunks) chunks are lost" }
        let report = try repository.check(readData: true)
        if !report.faults.isEmpty { return "after a repair, check finds \(report.faults)" }
        let hits = Set(report.hits.map(\.restorePoint))
        // Backups since may have healed what was hit before.
        if repair.lostChunks == 0, !hits.isSubset(of: reference.damaged) {
            return "nothing was lost, and \(hits) are hit"
        }
        reference.damage(hits)
        return nil
    }

    /// A backup may have healed what was hit; what is hit now was hit before.
    private mutating func compareHits(_ report: CheckReport) throws -> String? {
        let hits = Set(report.hits.map(\.restorePoint))
        if !hits.isSubset(of: reference.damaged) { return "check names \(hits), which nothing has hit" }
        reference.damage(hits)
        return nil
    }

    private func compare(_ id: RestorePointID) -> String? {
        let found: ReferenceRepository.Contents?
        do {
            let point = try repository.restorePoint(id)
            found =
                switch point.description.kind {
                case .tree: .tree(try SmallTree.read(point, from: repository))
                case .image: .image(try Fixture.read(point, from: repository))
                }
        } catch { found = nil }
        return reference.accepts(found, for: id)
            ? nil : "\(id.text.prefix(8)) gives \(found == nil ? "nothing" : "other bytes")"
    }

    private mutating func compareAll() throws -> String? {
        try reopen()
        let listed = Set(try repository.restorePoints().map(\.id))
        if listed != Set(reference.points.keys) { return "listed: \(listed.count), wanted: \(reference.points.count)" }
        if let what = try compareHits(repository.check(readData: true)) { return what }
        for id in reference.points.keys.sorted() { if let what = compare(id) { return "at the end: \(what)" } }
        return nil
    }
}
