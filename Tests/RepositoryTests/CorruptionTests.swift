import Foundation
import HoldfastCore
import ObjectStorage
import TestSupport
import Testing

@testable import Repository

/// Goal: no byte of any object can change unseen, unnamed or for good. Method: flip one byte, at every place of every kind of
/// object (in `make test` at every boundary and every 29th place, in `make nightly` at all), and look with eyes of our own:
/// which files of which restore points can still be read.
@Suite("One changed byte anywhere")
struct CorruptionTests {
    /// A repository with one of everything: trees and an image that share chunks, two keys, two epochs of them, and objects of a prune that waits
    /// for a backup.
    private struct Victim: Sendable {
        let objects: [ObjectKey: [UInt8]]
        let trees: [RestorePointID: SmallTree]
        let image: (id: RestorePointID, extents: [[UInt8]])

        init() throws {
            let store = MemoryObjectStore()
            let repository = try Repository.create(
                in: store, unlockedBy: .keyFile(Fixture.key), seams: Fixture.seams(seed: 5))
            let other = KeyFile(randomBytes: { Data(repeating: 8, count: $0) })
            _ = try repository.addKey(.keyFile(other))
            var trees: [RestorePointID: SmallTree] = [:]
            var contents = SmallTree(files: [
                "d0/f0": [1, 2, 3, 4, 5, 6, 0, 7], "d0/f1": [8], "d0/f2": [1], "d0/f3": [9, 10], "d1/f0": [11, 12],
                "d1/f1": [], "d1/f2": [3, 13],
            ])
            trees[try contents.backUp(to: repository).id] = contents
            _ = try repository.rotateKeys()
            contents.files["d0/f1"] = [14, 3]
            contents.files["d1/f2"] = nil
            trees[try contents.backUp(to: repository).id] = contents
            let old = try SmallTree(files: ["d0/f0": [20, 21]]).backUp(to: repository)
            let extents = [Fixture.bytes(4096, seed: 1), Fixture.bytes(4096, seed: 2)]
            image = (try Fixture.backUp(extents, to: repository).id, extents)
            // A pending commit, a running backup, a plan that waits for it.
            let running = try repository.beginBackup(domain: "local")
            try repository.forget(old.id)
            _ = try repository.prune()
            let record = try #require(try store.list(ObjectKey("points")).first)
            let marker = try #require(try store.list(ObjectKey("sessions")).first)
            try store.put(store.get(record.key, range: nil), at: StoredKeys.pending(marker.key.name))
            try store.put(SessionMarker(seams: .live).ended.encoded(), at: StoredKeys.pruner())
            objects = store.contents
            self.trees = trees
            running.abandon()
        }
    }

    private static func places(_ bytes: [UInt8], seed: Int) -> [Int] {
        if Nightly.factor > 1 { return Array(bytes.indices) }
        return bytes.indices.filter { $0 < 48 || $0 >= bytes.count - 16 || $0 % 29 == seed % 29 }
    }

    @Test(
        "is found; check names what it hits and nothing else; repair saves the rest; backups heal it",
        arguments: ["config", "keys/", "epochs/", "packs/", "index/", "points/", "sessions/", "pending/", "prune/"])
    func flips(folder: String) async throws {
        let victim = try Victim()
        let keys = victim.objects.keys.filter { $0.text.hasPrefix(folder) }.sorted()
        #expect(!keys.isEmpty)
        var lost = 0
        for (number, key) in keys.enumerated() {
            let bytes = try #require(victim.objects[key])
            for place in Self.places(bytes, seed: number) {
                var objects = victim.objects
                objects[key]?[place] ^= 1 << UInt8(place % 8)
                do { lost += try await Heavy.run { [objects] in try Self.judge(objects, key, victim) } } catch {
                    Issue.record("\(key) at \(place) of \(bytes.count): \(error)")
                }
            }
        }
        #expect((lost > 0) == ["packs/", "index/", "points/"].contains(folder), "what is hit, and what is not")
    }

    private struct Wrong: Error { let what: String }

    private static func require(_ condition: Bool, _ what: @autoclosure () -> String) throws {
        if !condition { throw Wrong(what: what()) }
    }

    /// - Returns: how many files can't be read.
    private static func judge(_ objects: [ObjectKey: [UInt8]], _ key: ObjectKey, _ victim: Victim) throws -> Int {
        let store = MemoryObjectStore(objects)
        guard let repository = try? Fixture.open(store) else {
            try require(
                ["config", "keys/", "epochs/"].contains { key.text.hasPrefix($0) }, "it can't be opened any more")
            return 0
        }
        let report = try repository.check(readData: true)
        try require(!report.isClean, "a check finds nothing")
        let lost = try unreadable(store, victim)
        try compare(report, lost, key)

        let repair = try repository.repair()
        try require(repair.lostChunks <= 1, "one byte, and \(repair.lostChunks) chunks are lost")
        let after = try repository.check(readData: true)
        let isHealable = !["config", "keys/", "epochs/", "points/"].contains { key.text.hasPrefix($0) }
        try require(!isHealable || after.faults.isEmpty, "after a repair: \(after.faults)")
        let still = try unreadable(store, victim)
        for (id, files) in still { try require(files.isSubset(of: lost[id] ?? []), "a repair has lost \(files)") }
        if repair.lostChunks == 0 {
            try require(still.keys.allSatisfy { key.text.hasSuffix($0.text) }, "repair saves not all")
        }

        for tree in victim.trees.values { try tree.backUp(to: repository) }
        try Fixture.backUp(victim.image.extents, to: repository)
        let healed = try unreadable(store, victim)
        try require(healed.keys.allSatisfy { key.text.hasSuffix($0.text) }, "backups have not healed \(healed)")
        try require(try repository.check(readData: true).hits.isEmpty, "backups have not healed it")
        return lost.values.reduce(0) { $0 + $1.count }
    }

    /// Which files can't be read, by restore point; the image is one file with an empty name. Never looks at a check.
    ///
    /// - Throws: when anything gives wrong bytes.
    private static func unreadable(
        _ store: MemoryObjectStore, _ victim: Victim
    ) throws -> [RestorePointID: Set<String>] {
        let repository = try Fixture.open(store)
        let reader = repository.reader()
        var lost: [RestorePointID: Set<String>] = [:]
        for (id, tree) in victim.trees {
            let wanted = tree.contents
            var found: Set<String> = []
            if let point = try? repository.restorePoint(id),
                let root = try? TreeRoot.read(point.description.root, fetch: { try reader.read($0) }),
                case .directory(let directories) = root.body
            {
                for directory in entries(directories, reader) {
                    guard case .directory(let files) = directory.body else { continue }
                    for file in entries(files, reader) {
                        let name = PrintablePath.text([directory.name, file.name])
                        guard case .file(_, let extents, _) = file.body else { continue }
                        var bytes: [UInt8] = []
                        var cursor = ContentsCursor(extents, fetch: { try reader.read($0) })
                        do { while let piece = try cursor.next() { bytes += piece } } catch { continue }
                        try require(bytes == wanted[name], "\(name) has wrong bytes")
                        found.insert(name)
                    }
                }
            }
            if found.count < wanted.count { lost[id] = Set(wanted.keys).subtracting(found) }
        }
        let image = victim.image
        if let point = try? repository.restorePoint(image.id), let read = try? Fixture.read(point, from: repository) {
            try require(read == image.extents, "the image has wrong bytes")
        } else {
            lost[image.id] = [""]
        }
        return lost
    }

    /// All entries that can be read: behind a page that can't, it goes on.
    private static func entries(_ list: PagedList, _ reader: ChunkReader) -> [TreeEntry] {
        var cursor = DirectoryCursor(list, fetch: { try reader.read($0) })
        var found: [TreeEntry] = []
        while true {
            do {
                guard let entry = try cursor.next() else { return found }
                found.append(entry)
            } catch { continue }
        }
    }

    /// Exactly the restore points, and of each exactly the files; where a page of a directory is hit, nobody knows the names
    /// that were on it, and the directory is named.
    private static func compare(_ report: CheckReport, _ lost: [RestorePointID: Set<String>], _ key: ObjectKey) throws {
        if key.text.hasPrefix("points/") {
            // The record itself: named as such, and nothing is known of what it held.
            try require(report.faults.map(\.place) == [key.text] && report.hits.isEmpty, "named: \(report.faults)")
            return
        }
        let named = Set(report.hits.map(\.restorePoint))
        try require(named == Set(lost.keys), "lost in \(lost.keys), named \(named)")
        for hit in report.hits {
            let files = lost[hit.restorePoint] ?? []
            for path in hit.paths {
                try require(
                    files.contains { $0 == path || $0.hasPrefix(path + "/") }, "\(path) is named and can be read")
            }
            for file in files where !hit.paths.isEmpty {
                try require(
                    hit.paths.contains { $0 == file || file.hasPrefix($0 + "/") }, "\(file) is lost and not named")
            }
        }
    }
}
