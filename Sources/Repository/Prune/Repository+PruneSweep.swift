import Foundation
import HoldfastCore
import ObjectStorage

/// The second step of a prune: waiting for nobody, and removing.
extension Repository {
    /// Removes a plan's packs if all backups have ended that may not have seen it.
    ///
    /// - Returns: false when such backups are still running.
    func finish(_ plan: PrunePlan, name: String, _ report: inout PruneReport) throws -> Bool {
        let waiting = try stillRunning(plan: name)
        report.waitingFor = waiting.count
        guard waiting.isEmpty else { return false }
        let live = try LiveChunks(self)
        let reader = reader()
        let (points, damaged) = try restorePointList()
        if let error = damaged.first { throw error }
        for point in points { try live.mark(point, reader: reader) }
        let needed = Set(live.places().keys)
        let gone = plan.packs.subtracting(needed)
        report.keptPacks += plan.packs.count - gone.count
        // Segments first: whoever loads the index from now on does not learn of packs that go.
        report.freedBytes += try removeFromIndex(gone, segments: live.segments)
        let folder = try StoredKeys.packs()
        let objects = try store.wrapping { store throws(ObjectStoreError) in try store.list(folder) }
        let sizes = Dictionary(objects.map { ($0.key.name, $0.sizeBytes) }, uniquingKeysWith: { first, _ in first })
        for pack in gone {
            let key = try StoredKeys.pack(pack)
            report.freedBytes += Int64(sizes[pack.description] ?? 0)
            try store.wrapping { store throws(ObjectStoreError) in try store.delete(key) }
        }
        for key in [try StoredKeys.wait(name), try StoredKeys.plan(name)] {
            try store.wrapping { store throws(ObjectStoreError) in try store.delete(key) }
        }
        index.condemn(Set(try pendingPlans().flatMap(\.plan.packs)))
        return true
    }

    /// Markers of backups that were running when the plan was stored, and still are.
    private func stillRunning(plan: String) throws(RepositoryError) -> Set<String> {
        let running = try liveMarkers(ageMax: Self.sessionAgeMax)
        let key = try StoredKeys.wait(plan)
        do throws(ObjectStoreError) {
            let noted = String(decoding: try store.get(key, range: nil), as: UTF8.self)
            return running.intersection(noted.split(separator: "\n").map(String.init))
        } catch { guard error.code == .missing else { throw .store(error) } }
        guard !running.isEmpty else { return [] }
        // Noted, so that backups that begin later are not waited for by the next prune.
        let note = Array(running.sorted().joined(separator: "\n").utf8)
        try store.wrapping { store throws(ObjectStoreError) in try store.put(note, at: key) }
        return running
    }

    /// Writes anew what is needed of packs that go: opened and sealed again, but not compressed again.
    ///
    /// - Returns: bytes of all objects that were added.
    func rewrite(_ selection: PruneSelection, _ live: LiveChunks) throws -> Int64 {
        let records = Dictionary(live.index.packs.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let places = live.places()
        var rewriter = PackRewriter(self)
        for pack in selection.rewritten {
            guard let record = records[pack.id] else { continue }
            let key = try StoredKeys.pack(record.id)
            let bytes = try store.wrapping { store throws(ObjectStoreError) in try store.get(key, range: nil) }
            let wanted = Set((places[record.id] ?? []).map(\.offset))
            let cipher = try keys.packCipher(salt: record.salt)
            let entries = try PackLayout.table(of: bytes, name: key.text, keys: keys).entries
            for entry in entries.sorted(by: { $0.offset < $1.offset }) where wanted.contains(entry.offset) {
                try rewriter.add(entry, of: record, in: bytes, cipher)
            }
        }
        try rewriter.finish()
        return rewriter.writtenBytes
    }
}
