public import HoldfastCore
import ObjectStorage

/// What some restore points take, as they are stored.
public struct SpaceAccount: Sendable, Equatable, Codable {
    public internal(set) var restorePoints = 0
    /// The sum of what each restores.
    public internal(set) var logicalBytes: Int64 = 0
    /// Stored bytes of chunks that they need and no other restore point does.
    public internal(set) var uniqueBytes: Int64 = 0
    /// Stored bytes of chunks that they need and others too.
    public internal(set) var sharedBytes: Int64 = 0
    /// By how much all objects of the repository together get smaller, to the byte, when these restore points are
    /// forgotten and then everything is pruned that nothing needs.
    public internal(set) var freedBytes: Int64 = 0
    /// How much of that is freed without forgetting them: what no restore point needs already now.
    public internal(set) var unneededBytes: Int64 = 0
}

extension Repository {
    /// Accounts for a set of restore points. Reads the manifests of all, each shared part once, and no contents.
    ///
    /// - Parameter set: ids that are not there are no error, and count nothing.
    /// - Throws: ``RepositoryError``; with `.chunkMissing` or `.objectCorrupt` when it is not known what a restore point needs.
    public func account(for set: Set<RestorePointID>) throws -> SpaceAccount {
        let (points, damaged) = try restorePointList()
        if let error = damaged.first { throw error }
        let live = try LiveChunks(self)
        let reader = reader()
        let own = points.filter { set.contains($0.id) }
        var account = SpaceAccount()
        account.restorePoints = own.count
        account.logicalBytes = own.reduce(0) { $0 + $1.description.logicalBytes }

        let covered = try coveredPacks(live, by: points.filter { !set.contains($0.id) }, reader: reader)
        for point in points where !set.contains(point.id) { try live.mark(point, reader: reader) }
        let others = try live.neededBytes()
        account.freedBytes = try freedBytes(live, covered) + recordBytes(of: Set(own.map(\.id.text)))
        for point in own { try live.mark(point, reader: reader) }
        account.uniqueBytes = try live.neededBytes() - others
        account.unneededBytes = try freedBytes(live, covered)
        live.startOver()
        for point in own { try live.mark(point, reader: reader) }
        account.sharedBytes = try live.neededBytes() - account.uniqueBytes
        return account
    }

    /// What each set of restore points needs: the stored bytes of chunks, each counted once in a set. The same as
    /// ``account(for:)``'s unique and shared bytes together, for less work: only the sets' own manifests are read.
    ///
    /// - Parameter sets: ids that are not there are no error, and count nothing.
    /// - Throws: ``RepositoryError``; with `.chunkMissing` or `.objectCorrupt` when it is not known what a restore point needs.
    public func neededBytes(of sets: [Set<RestorePointID>]) throws -> [Int64] {
        let live = try LiveChunks(self)
        let reader = reader()
        return try sets.map { set in
            live.startOver()
            for id in set {
                do {
                    try live.mark(restorePoint(id), reader: reader)
                } catch let error as RepositoryError where error.code == .restorePointMissing {
                    // Forgotten since the set was made.
                }
            }
            return try live.neededBytes()
        }
    }

    /// What a prune would free that leaves nothing unused, if only what is marked were needed.
    private func freedBytes(_ live: LiveChunks, _ covered: CoveredPacks) throws -> Int64 {
        var report = PruneReport()
        _ = try choose(
            live, PruneOptions(maxUnused: 0, isDryRun: true), covered: covered, &report)
        return report.freedBytes
    }

    /// The packs that a prune leaves as they are for those of some restore points that are locked. Nothing is marked after it.
    private func coveredPacks(
        _ live: LiveChunks, by points: [RestorePoint], reader: ChunkReader
    ) throws -> CoveredPacks {
        let now = seams.now()
        var covered = CoveredPacks()
        let protections = try protections()
        for point in points {
            guard let protection = protections[point.id], protection.bar(now: now) != nil else { continue }
            try live.mark(point, reader: reader) { covered.cover($0, until: nil) }
        }
        live.startOver()
        return covered
    }

    /// With those of their locks, which go with them.
    private func recordBytes(of names: Set<String>) throws -> Int64 {
        var sum: Int64 = 0
        for folder in [try StoredKeys.restorePoints(), try StoredKeys.allLocks()] {
            for object in try store.wrapping({ store throws(ObjectStoreError) in try store.list(folder) }) {
                let parts = object.key.text.split(separator: "/")
                if parts.count > 1, names.contains(String(parts[1])) { sum += Int64(object.sizeBytes) }
            }
        }
        return sum
    }
}
