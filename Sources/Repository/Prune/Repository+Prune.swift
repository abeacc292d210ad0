import Foundation
import HoldfastCore
import ObjectStorage

/// Removing packs that nothing needs, beside running backups, which never wait for it.
///
/// A backup relies on chunks that it finds in the index, also on those that no restore point needs at the moment. So
/// packs go in two steps. First they are *condemned*: what is still needed of them is written anew, and a plan that
/// names them is stored. Backups that begin after that see the plan and do not rely on those packs. Then, when all
/// backups have ended that may not have seen it, what restore points need is looked at once more; packs that one of
/// those backups came to need are kept, the others are removed.
///
/// Who may not have seen the plan is known without clocks: a backup stores its marker before it looks for plans, and the
/// prune looks for markers after it has stored its plan. A backup whose marker was removed, because it was taken for
/// dead, finds out before it says that it is done. Every step can be repeated; one prune at a time runs in a repository.
extension Repository {
    /// A backup that takes longer is taken for dead by a prune that can't look at its process.
    public static let sessionAgeMax = Duration.seconds(7 * 86_400)

    /// Removes what no restore point needs.
    ///
    /// - Parameter progress: called on the caller's thread.
    /// - Throws: ``RepositoryError``: with `.pruneRunning` when another runs; with `.chunkMissing` or `.objectCorrupt` when
    ///   it is not known what a restore point needs: then nothing is removed.
    public func prune(
        _ options: PruneOptions = PruneOptions(), progress: (PruneProgress) -> Void = { _ in }
    ) throws -> PruneReport {
        if options.isDryRun {
            var report = PruneReport()
            let marked = try markAll(without: options.without, claim: nil, progress)
            _ = try choose(marked.live, options, covered: marked.covered, &report)
            return report
        }
        let claim = try claimPrune()
        defer { release(claim) }
        var report = PruneReport()
        if options.reseals { try refreshEpoch() }
        // What an earlier prune left; while it waits for a backup, nothing else is chosen.
        for (name, plan) in try pendingPlans() {
            guard try finish(plan, name: name, claim, &report) else { return report }
        }
        try removeOutlivedNotes()
        let present = try presentPacks()
        do { try removeChosen(options, claim, &report, progress) } catch let error as RepositoryError {
            guard error.code == .storeFull, try removeWithoutRoom(claim, present: present, &report) else { throw error }
            try removeChosen(options, claim, &report, progress)
        }
        return report
    }

    private func removeChosen(
        _ options: PruneOptions, _ claim: PruneClaim, _ report: inout PruneReport, _ progress: (PruneProgress) -> Void
    ) throws {
        let (live, points, covered) = try markAll(without: [], claim: claim, progress)
        // Whatever was lost once, nothing that is there now lacks it.
        if try hasObject(StoredKeys.lost()) {
            let note = try StoredKeys.lost()
            try store.wrapping { store throws(ObjectStoreError) in try store.delete(note) }
        }
        let before = report.freedBytes
        let selection = try choose(live, options, covered: covered, &report)
        report.freedBytes = before
        guard !selection.packs.isEmpty || !selection.orphans.isEmpty else { return }
        // Counted from here on as it happens; what was predicted is what a dry run says.
        report.freedBytes -= try rewrite(selection.chosen, live, claim, progress)
        let plan = PrunePlan(packs: selection.packs.union(selection.orphans), points: points)
        let name = try put(plan)
        _ = try finish(plan, name: name, claim, &report)
    }

    /// Where the store is full, what can go without anything being written anew goes first.
    ///
    /// - Parameter present: the packs there were before anything was written anew: what came since is not counted as freed.
    /// - Returns: whether anything went.
    private func removeWithoutRoom(
        _ claim: PruneClaim, present: Set<PackID>, _ report: inout PruneReport
    ) throws -> Bool {
        let (live, points, covered) = try markAll(without: [], claim: claim)
        var ignored = PruneReport()
        let selection = try choose(live, PruneOptions(), covered: covered, &ignored)
        let packs = Set(selection.chosen.removed.map(\.id)).union(selection.orphans)
        guard !packs.isEmpty else { return false }
        let before = report.freedBytes
        let plan = PrunePlan(packs: packs, points: points)
        let name = try put(plan)
        let sizes = try packSizes(selection.orphans.subtracting(present))
        guard try finish(plan, name: name, claim, &report) else { return false }
        report.freedBytes -= sizes
        return report.freedBytes > before
    }

    private func packSizes(_ packs: Set<PackID>) throws -> Int64 {
        let folder = try StoredKeys.packs()
        return try store.wrapping { store throws(ObjectStoreError) in try store.list(folder) }
            .filter { object in PackID(hex: object.key.name).map { packs.contains($0) } ?? false }
            .reduce(0) { $0 + Int64($1.sizeBytes) }
    }

    /// Marks what all restore points need, those included that are just becoming visible.
    ///
    /// Restore points are listed before the index is loaded: a backup makes its segments durable first, so the index then
    /// knows all they need, whatever is committed meanwhile.
    ///
    /// - Parameter claim: of a prune that may change something: it settles what dead backups left pending. Nil: a dry run.
    /// - Returns: what was marked; the restore points that are visible; the packs that locked ones need.
    func markAll(
        without: Set<RestorePointID>, claim: PruneClaim?, _ progress: (PruneProgress) -> Void = { _ in }
    ) throws -> (live: LiveChunks, points: Set<RestorePointID>, covered: CoveredPacks) {
        // Before the restore points, lest one be missed that moves from here to there.
        let pending = try pendingPoints()
        let protections = try protections()
        let now = seams.now()
        let barred = protections.filter { $0.value.bar(now: now) != nil }
        let (listed, damaged) = try restorePointList()
        if let error = damaged.first { throw error }
        // What is locked for the longest is marked first: a pack stays covered until the last of its locks is over.
        let locked = listed.filter { barred[$0.id] != nil }.sorted { Self.isLonger(barred[$0.id], barred[$1.id]) }
        let points = locked + listed.filter { barred[$0.id] == nil }
        var covered = CoveredPacks()
        let live = try LiveChunks(self)
        let reader = reader()
        for (number, point) in points.enumerated() {
            progress(PruneProgress(phase: .marking, done: number, total: points.count))
            guard !without.contains(point.id) else { continue }
            guard let protection = barred[point.id] else {
                try live.mark(point, reader: reader)
                continue
            }
            let until = protection.storeUntil
            try live.mark(point, reader: reader) { covered.cover($0, until: until) }
        }
        progress(PruneProgress(phase: .marking, done: points.count, total: points.count))
        let visible = Set(points.map(\.id))
        for (session, point) in pending {
            var isWhole = true
            if !visible.contains(point.id) { isWhole = try live.markIfWhole(point, reader: reader) }
            let marker = try StoredKeys.session(session)
            // A whole one whose backup was taken for dead stays: that backup may live, be past its look for the marker, and
            // make the restore point visible at any time. It never does where a chunk is gone: then the marker was, too.
            guard claim != nil, visible.contains(point.id) || !isWhole, try !hasObject(marker) else { continue }
            let key = try StoredKeys.pending(session)
            try store.wrapping { store throws(ObjectStoreError) in try store.delete(key) }
        }
        if claim != nil {
            try removeOutlivedLocks(besides: visible.union(pending.map(\.point.id)), protections)
        }
        return (live, visible, covered)
    }

    struct Choice {
        var chosen: PruneSelection
        /// Packs of the index that go.
        var packs: Set<PackID>
        /// Packs that no segment names: left by a backup that did not end, or on their way to a segment.
        var orphans: Set<PackID>
    }

    /// What a prune would do, as a value; nothing is changed.
    ///
    /// - Parameter covered: packs that stay as they are, however little of them is needed: a lock covers them.
    func choose(
        _ live: LiveChunks, _ options: PruneOptions, covered: CoveredPacks, _ report: inout PruneReport
    ) throws -> Choice {
        let folder = try StoredKeys.packs()
        let objects = try store.wrapping { store throws(ObjectStoreError) in try store.list(folder) }
        let needs = try live.needs()
        let epoch = keys.epoch
        let known = Dictionary(live.index.packs.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let selection = PruneSelection(
            known.values.sorted { $0.id.bytes.lexicographicallyPrecedes($1.id.bytes) }.map { pack in
                let need = needs[pack.id] ?? LiveChunks.Need()
                return .init(
                    id: pack.id, domain: pack.domain, sizeBytes: Int64(pack.sizeBytes), liveChunks: need.chunks,
                    liveBytes: need.bytes,
                    isOutdated: options.reseals && KeyTree.epoch(ofSalt: pack.salt) < epoch,
                    isCovered: covered.packs[pack.id] != nil)
            }, maxUnused: options.maxUnused)
        var orphanBytes: Int64 = 0
        var orphans: Set<PackID> = []
        for object in objects {
            guard let id = PackID(hex: object.key.name), known[id] == nil else { continue }
            orphans.insert(id)
            orphanBytes += Int64(object.sizeBytes)
        }
        let gone = Set((selection.removed + selection.rewritten).map(\.id)).union(live.absent)
        let places = try live.places(in: Set(selection.rewritten.map(\.id)))
        let new = selection.newPacks { (places[$0] ?? []).map(\.storedBytes) }
        report.removedPacks = selection.removed.count + orphans.count
        report.rewrittenPacks = selection.rewritten.count
        report.newPacks = new.count
        report.unusedBytes = selection.unusedBytes
        report.lockedBytes = selection.coveredBytes
        report.freedBytes =
            orphanBytes + (selection.removed + selection.rewritten).reduce(0) { $0 + $1.sizeBytes }
            - new.reduce(0) { $0 + $1.sizeBytes } + Self.freedIndexBytes(live, gone: gone, new: new)
        return Choice(chosen: selection, packs: gone, orphans: orphans)
    }

    /// By how much the index gets smaller when the segments that name these packs are replaced.
    private static func freedIndexBytes(
        _ live: LiveChunks, gone: Set<PackID>, new: [(chunks: Int, sizeBytes: Int64)]
    ) -> Int64 {
        var freed: Int64 = 0
        for segment in live.segments where segment.packs.contains(where: { gone.contains($0.id) }) {
            let kept = segment.packs.filter { !gone.contains($0.id) }
            freed += Int64(segment.object.sizeBytes)
            guard !kept.isEmpty else { continue }
            freed -= IndexSegment.sizeBytes(packs: kept.count, chunks: kept.reduce(0) { $0 + $1.chunks })
        }
        for start in stride(from: 0, to: new.count, by: BackupSession.segmentPacks) {
            let group = new[start..<min(start + BackupSession.segmentPacks, new.count)]
            freed -= IndexSegment.sizeBytes(packs: group.count, chunks: group.reduce(0) { $0 + $1.chunks })
        }
        return freed
    }
}
