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
                if try save(pack, reader: reader, &rewriter, &report) { gone.insert(pack.record.id) }
            }
        }
        try rewriter.finish()
        report.savedChunks = rewriter.chunks
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

    /// Looks at one pack, and moves what is whole in it if not all of it is.
    ///
    /// - Returns: true when the pack is damaged.
    private func save(
        _ pack: IndexSegment.Pack, reader: ChunkReader, _ rewriter: inout PackRewriter, _ report: inout RepairReport
    ) throws -> Bool {
        let key = try StoredKeys.pack(pack.record.id)
        let bytes: [UInt8]
        do throws(ObjectStoreError) { bytes = try store.get(key, range: nil) } catch {
            guard error.code == .missing else { throw RepositoryError.store(error) }
            report.lostChunks += pack.entries.count
            return true
        }
        if try Digest.sha256(bytes) == pack.record.id.bytes { return false }
        let (cipher, naming) = try reader.keys(of: pack.record)
        for entry in pack.entries {
            // Another pack may hold the copy that is read.
            guard index.find(entry.id)?.pack.id == pack.record.id else { continue }
            do throws(RepositoryError) {
                _ = try PackLayout.open(entry, inPack: bytes, cipher: cipher, naming: naming, name: key.text)
            } catch {
                guard error.code == .objectCorrupt else { throw error }
                report.lostChunks += 1
                continue
            }
            try rewriter.add(entry, of: pack.record, in: bytes, cipher)
        }
        return true
    }
}
