import HoldfastCore
import ObjectStorage

/// What a repair did.
public struct RepairReport: Sendable, Equatable {
    /// Segments of the index that could not be read, and are gone.
    public internal(set) var removedSegments = 0
    /// Packs that no segment named, and now one does.
    public internal(set) var indexedPacks = 0
    /// Packs that are gone: missing, or with chunks that could not be read.
    public internal(set) var removedPacks = 0
    /// Whole chunks of those packs: they are in new packs.
    public internal(set) var savedChunks = 0
    public internal(set) var lostChunks = 0
    /// Objects that can't list what is in them; they are left where they are.
    public internal(set) var unreadable: [CheckReport.Fault] = []
}

extension Repository {
    /// Takes what is damaged out of the repository, and saves all that is whole.
    ///
    /// What is lost is then not taken for stored any more: the next backups store it again where the source still has
    /// it, and restore points that need it are whole again after that. Records of restore points are not touched. May be
    /// repeated, and interrupted at any point; backups may run meanwhile.
    ///
    /// - Throws: ``RepositoryError`` with `.pruneRunning` when a prune or another repair runs, or as the store fails.
    public func repair() throws -> RepairReport {
        let claim = try claimPrune()
        defer { release(claim) }
        var report = RepairReport()
        let isLost = try hasObject(StoredKeys.lost())
        try repairWork(claim)
        if isLost { try noteLoss() }
        // First the index: what is in damaged segments is asked of the packs.
        let rebuilt = try rebuildIndex()
        report.indexedPacks = rebuilt.packs
        report.unreadable = rebuilt.damaged
        let (segments, broken) = try readSegments()
        for object in broken {
            try store.wrapping { store throws(ObjectStoreError) in try store.delete(object.key) }
            report.removedSegments += 1
        }
        var rewriter = PackRewriter(self, marker: claim.marker)
        var gone: Set<PackID> = []
        let reader = reader()
        for summary in segments {
            for pack in try segment(summary.object).packs where !gone.contains(pack.record.id) {
                if try !isWhole(pack.record.id) { gone.insert(pack.record.id) }
            }
        }
        // From here on the index finds copies in whole packs only.
        try leaveOut(gone)
        var rescue = Rescue()
        var visited: Set<PackID> = []
        for summary in segments {
            for pack in try segment(summary.object).packs
            where gone.contains(pack.record.id) && visited.insert(pack.record.id).inserted {
                try save(pack, reader: reader, &rewriter, &rescue)
            }
        }
        try rewriter.finish()
        report.savedChunks = rewriter.chunks
        report.lostChunks = rescue.lost.subtracting(rescue.saved).count
        report.removedPacks = gone.count
        // Before the index forgets them: a backup that does not find the note still finds the chunks, or that packs are gone.
        if report.lostChunks > 0 { try noteLoss() }
        _ = try removeFromIndex(gone, segments: segments, claim: claim)
        for pack in gone.sorted(by: { $0.bytes.lexicographicallyPrecedes($1.bytes) }) {
            let key = try StoredKeys.pack(pack)
            try remove(key)
        }
        // What was written anew takes the place of packs that the store protected.
        try enforceLocks()
        return report
    }

    /// Makes backups look whether the restore point that they build on is whole, until a prune finds that all are.
    private func noteLoss() throws {
        let note = try HashedText.encoded(Array("chunks were lost\n".utf8))
        let key = try StoredKeys.lost()
        do throws(ObjectStoreError) { try store.put(note, at: key) } catch {
            guard error.code == .keyTaken else { throw RepositoryError.store(error) }
        }
    }

    private func readSegments() throws -> (
        whole: [IndexSegment.Summary], broken: [ObjectEntry]
    ) {
        var whole: [IndexSegment.Summary] = []
        var broken: [ObjectEntry] = []
        let folder = try StoredKeys.segments()
        for object in try store.wrapping({ store throws(ObjectStoreError) in try store.list(folder) }) {
            do throws(RepositoryError) { whole.append(.init(try segment(object), object)) } catch {
                guard error.code == .objectCorrupt else { throw error }
                broken.append(object)
            }
        }
        return (whole, broken)
    }

    private func isWhole(_ pack: PackID) throws -> Bool {
        let key = try StoredKeys.pack(pack)
        let bytes: [UInt8]
        do throws(ObjectStoreError) { bytes = try store.get(key, range: nil) } catch {
            guard error.code == .missing else { throw RepositoryError.store(error) }
            return false
        }
        return try Digest.sha256(bytes) == pack.bytes
    }

    /// Chunks that no whole pack holds.
    private struct Rescue {
        var saved: Set<ChunkID> = []
        /// Not whole in one of the packs that hold them.
        var lost: Set<ChunkID> = []
    }

    /// Moves what is whole in a pack that goes, and is in no whole one.
    private func save(
        _ pack: IndexSegment.Pack, reader: ChunkReader, _ rewriter: inout PackRewriter, _ rescue: inout Rescue
    ) throws {
        let key = try StoredKeys.pack(pack.record.id)
        let wanted = pack.entries.filter { index.find($0.id) == nil && !rescue.saved.contains($0.id) }
        let bytes: [UInt8]
        do throws(ObjectStoreError) { bytes = try store.get(key, range: nil) } catch {
            guard error.code == .missing else { throw RepositoryError.store(error) }
            rescue.lost.formUnion(wanted.map(\.id))
            return
        }
        let (cipher, naming) = try reader.keys(of: pack.record)
        for entry in wanted {
            do throws(RepositoryError) {
                _ = try PackLayout.open(entry, inPack: bytes, cipher: cipher, naming: naming, name: key.text)
            } catch {
                guard error.code == .objectCorrupt else { throw error }
                rescue.lost.insert(entry.id)
                continue
            }
            try rewriter.add(entry, of: pack.record, in: bytes, cipher)
            rescue.saved.insert(entry.id)
        }
    }
}
