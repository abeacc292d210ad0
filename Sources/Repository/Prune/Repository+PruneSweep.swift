import Foundation
import HoldfastCore
import ObjectStorage

/// The second step of a prune: waiting for nobody, and removing.
extension Repository {
    /// Removes a plan's packs if all backups have ended that may not have seen it.
    ///
    /// - Returns: false when such backups are still running.
    func finish(
        _ plan: PrunePlan, name: String, _ claim: PruneClaim, _ report: inout PruneReport
    ) throws -> Bool {
        let waiting = try stillRunning(plan: name, besides: claim)
        report.waitingFor = waiting.count
        guard waiting.isEmpty else { return false }
        let (live, _, covered) = try markAll(without: [], claim: claim)
        let needed = Set(try live.needs().keys)
        let gone = plan.packs.subtracting(needed)
        report.keptPacks += plan.packs.count - gone.count
        // Copies that took the place of protected ones, before those go.
        try protect(covered)
        // Segments first: whoever loads the index from now on does not learn of packs that go.
        report.freedBytes += try removeFromIndex(gone, segments: live.segments, claim: claim)
        let folder = try StoredKeys.packs()
        let objects = try store.wrapping { store throws(ObjectStoreError) in try store.list(folder) }
        let sizes = Dictionary(objects.map { ($0.key.name, $0.sizeBytes) }, uniquingKeysWith: { first, _ in first })
        // In an order that does not change from run to run: a simulated run can then be repeated.
        for pack in gone.sorted(by: { $0.bytes.lexicographicallyPrecedes($1.bytes) }) {
            let key = try StoredKeys.pack(pack)
            report.freedBytes += Int64(sizes[pack.description] ?? 0)
            try remove(key)
        }
        for key in [try StoredKeys.wait(name), try StoredKeys.plan(name)] {
            try store.wrapping { store throws(ObjectStoreError) in try store.delete(key) }
        }
        return true
    }

    /// Removes notes whose plans are gone: of a prune that was overtaken by another.
    func removeOutlivedNotes() throws {
        let folders = (waits: try StoredKeys.waits(), plans: try StoredKeys.plans())
        // In this order: a note is stored after its plan.
        let notes = try store.wrapping { store throws(ObjectStoreError) in try store.list(folders.waits) }
        if notes.isEmpty { return }
        let plans = try store.wrapping { store throws(ObjectStoreError) in try store.list(folders.plans) }
        let names = Set(plans.map(\.key.name))
        for note in notes where !names.contains(note.key.name) {
            try store.wrapping { store throws(ObjectStoreError) in try store.delete(note.key) }
        }
    }

    /// Markers of backups that were running when the plan was stored, and still are.
    private func stillRunning(plan: String, besides claim: PruneClaim) throws(RepositoryError) -> Set<String> {
        let running = try liveMarkers(ageMax: Self.sessionAgeMax, besides: claim.marker)
        let key = try StoredKeys.wait(plan)
        do throws(ObjectStoreError) {
            let note = try store.get(key, range: nil)
            // A note that is damaged says nothing: then all are waited for.
            guard let noted = WaitNote.names(in: note) else { return running }
            return running.intersection(noted)
        } catch { guard error.code == .missing else { throw .store(error) } }
        guard !running.isEmpty else { return [] }
        // Noted, so that backups that begin later are not waited for by the next prune.
        let note = try WaitNote.encoded(running)
        do throws(ObjectStoreError) { try store.put(note, at: key) } catch {
            // Another prune that took over has noted whom it waits for: all are waited for this time.
            guard error.code == .keyTaken else { throw .store(error) }
        }
        return running
    }

    /// Writes anew what is needed of packs that go: opened and sealed again, but not compressed again.
    ///
    /// - Returns: bytes of all objects that were added.
    func rewrite(
        _ selection: PruneSelection, _ live: LiveChunks, _ claim: PruneClaim, _ progress: (PruneProgress) -> Void
    ) throws -> Int64 {
        let records = Dictionary(live.index.packs.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let places = try live.places(in: Set(selection.rewritten.map(\.id)))
        var rewriter = PackRewriter(self, marker: claim.marker)
        for (number, pack) in selection.rewritten.enumerated() {
            progress(PruneProgress(phase: .rewriting, done: number, total: selection.rewritten.count))
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
        let count = selection.rewritten.count
        if count > 0 { progress(PruneProgress(phase: .rewriting, done: count, total: count)) }
        return rewriter.writtenBytes
    }
}
