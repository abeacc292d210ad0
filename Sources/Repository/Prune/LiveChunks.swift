import HoldfastCore
import ObjectStorage

/// Which stored chunks restore points need: a bit for each chunk, and one for each page whose contents were seen.
///
/// Works on an index of its own: what others add meanwhile is younger than the choice of what is to go.
final class LiveChunks {
    private(set) var index: ChunkIndex

    private(set) var segments: [IndexSegment.Summary] = []
    /// Packs that segments name and that are gone: left by somebody who was taken for dead. Not in the index, lest such an
    /// entry hide a copy that is there.
    private(set) var absent: Set<PackID> = []
    private var needed: [UInt64] = []
    private var walked: [UInt64] = []

    /// - Throws: ``RepositoryError``, also for a damaged segment: what only that names would look unneeded.
    init(_ repository: Repository) throws(RepositoryError) {
        let folder = try StoredKeys.segments()
        let store = repository.store
        let objects = try store.wrapping { store throws(ObjectStoreError) in try store.list(folder) }
        index = ChunkIndex(scratch: repository.scratch)
        index.collect(objects.reduce(0) { $0 + $1.sizeBytes } / PackEntry.sizeBytes)
        for object in objects {
            let segment = try repository.segment(object)
            segments.append(IndexSegment.Summary(segment, object))
            index.add(segment, name: object.key.name)
        }
        // Listed after the segments were read: what they name was there before them.
        let present = try repository.presentPacks()
        for segment in segments { absent.formUnion(segment.packs.map(\.id).filter { !present.contains($0) }) }
        if !absent.isEmpty {
            // Rare, so it may cost a second reading.
            index = ChunkIndex(scratch: repository.scratch)
            index.collect(objects.reduce(0) { $0 + $1.sizeBytes } / PackEntry.sizeBytes)
            for object in objects {
                let segment = try repository.segment(object)
                let packs = segment.packs.filter { present.contains($0.record.id) }
                index.add(IndexSegment(generation: segment.generation, packs: packs), name: object.key.name)
            }
        }
        let words = index.withTable { table, _ in table.slotCount / 64 + 1 }
        needed = [UInt64](repeating: 0, count: words)
        walked = needed
    }

    /// Marks all that a restore point needs. What it shares with one that was marked before is not read again.
    ///
    /// - Parameter found: called for the pack of each chunk that was not marked before.
    /// - Throws: ``RepositoryError`` when anything of it is missing: then nobody knows what it needs.
    func mark(_ point: RestorePoint, reader: ChunkReader, found: ((PackID) -> Void)? = nil) throws {
        try walk(point, reader: reader, found: found, damaged: { throw $0 })
    }

    /// Marks what can be found of a restore point that may be damaged.
    ///
    /// - Returns: false when a part of it is missing or can't be read.
    /// - Throws: ``RepositoryError`` when the store does not answer.
    func markReadable(_ point: RestorePoint, reader: ChunkReader, found: @escaping (PackID) -> Void) throws -> Bool {
        var isWhole = true
        try walk(point, reader: reader, found: found) { error in
            if let error = error as? RepositoryError, error.isRetryable { throw error }
            isWhole = false
        }
        return isWhole
    }

    private func walk(
        _ point: RestorePoint, reader: ChunkReader, found: ((PackID) -> Void)?,
        damaged: @escaping (any Error) throws -> Void
    ) throws {
        let root = point.description.root
        do { guard try isFirst(&walked, root) else { return } } catch { return try damaged(error) }
        let walker = ManifestWalker(
            fetch: { try reader.read($0) },
            descend: { [self] chunk in
                // One that is missing is found so when it is read.
                do { return try isFirst(&walked, chunk) } catch {
                    try damaged(error)
                    return true
                }
            })
        let visit: (ManifestWalker.Visit) throws -> Void = { [self] visit in
            do {
                guard try isFirst(&needed, visit.chunk), let found else { return }
                if let pack = index.find(visit.chunk)?.pack.id { found(pack) }
            } catch { try damaged(error) }
        }
        switch point.description.kind {
        case .tree: try walker.walkTree(root, visit: visit, damaged: { try damaged($1) })
        case .image: try walker.walkImage(root, visit: visit, damaged: damaged)
        }
    }

    /// As ``mark(_:reader:)`` for a restore point that may never have become one.
    ///
    /// - Returns: false when a chunk of it is in no pack that is there.
    /// - Throws: ``RepositoryError`` when something can't be read: then nobody knows.
    func markIfWhole(_ point: RestorePoint, reader: ChunkReader) throws -> Bool {
        // What was seen on a walk that broke off was not seen to its end.
        let before = walked
        do {
            try mark(point, reader: reader)
            return true
        } catch let error as RepositoryError {
            walked = before
            guard error.code == .chunkMissing,
                let id = error.facts["chunk.id"].flatMap({ Hex.decode($0) }).flatMap({ ChunkID(bytes: $0) }),
                !index.contains(id)
            else { throw error }
            return false
        }
    }

    /// Nothing is marked any more.
    func startOver() {
        needed = [UInt64](repeating: 0, count: needed.count)
        walked = needed
    }

    /// Sealed lengths of all marked chunks, each counted once.
    func neededBytes() throws -> Int64 {
        var sum: Int64 = 0
        try forEachNeeded { _, _, storedBytes in sum += Int64(storedBytes) }
        return sum
    }

    private func isFirst(_ bits: inout [UInt64], _ chunk: ChunkID) throws -> Bool {
        guard let slot = index.withTable({ table, _ in table.slot(of: chunk) }) else {
            throw RepositoryError.missing(chunk)
        }
        let isSet = bits[slot / 64] & (1 << UInt64(slot % 64)) != 0
        bits[slot / 64] |= 1 << UInt64(slot % 64)
        return !isSet
    }

    /// What is needed of a pack.
    struct Need {
        var chunks = 0
        /// Of the sealed chunks.
        var bytes: Int64 = 0
    }

    /// Packs of which anything is needed.
    func needs() throws -> [PackID: Need] {
        let packs = index.packs
        var sums = [Need](repeating: Need(), count: packs.count)
        try forEachNeeded { pack, _, storedBytes in
            sums[Int(pack)].chunks += 1
            sums[Int(pack)].bytes += Int64(storedBytes)
        }
        var named: [PackID: Need] = [:]
        for (number, need) in sums.enumerated() where need.chunks > 0 {
            named[packs[number].id, default: Need()].chunks += need.chunks
            named[packs[number].id, default: Need()].bytes += need.bytes
        }
        return named
    }

    /// The needed chunks of some packs, in the packs' order: offset and stored length. Memory: 8 bytes for each.
    func places(in wanted: Set<PackID>) throws -> [PackID: [(offset: UInt32, storedBytes: UInt32)]] {
        guard !wanted.isEmpty else { return [:] }
        let packs = index.packs
        let isWanted = packs.map { wanted.contains($0.id) }
        var found: [UInt32: [(offset: UInt32, storedBytes: UInt32)]] = [:]
        try forEachNeeded { pack, offset, storedBytes in
            if isWanted[Int(pack)] { found[pack, default: []].append((offset, storedBytes)) }
        }
        var named: [PackID: [(offset: UInt32, storedBytes: UInt32)]] = [:]
        for (number, places) in found { named[packs[Int(number)].id, default: []] += places }
        return named.mapValues { $0.sorted { $0.offset < $1.offset } }
    }

    private func forEachNeeded(
        _ body: (_ pack: UInt32, _ offset: UInt32, _ storedBytes: UInt32) throws -> Void
    ) throws {
        try index.withTable { table, _ in
            try table.forEachPlace { slot, pack, offset, storedBytes in
                if needed[slot / 64] & (1 << UInt64(slot % 64)) != 0 { try body(pack, offset, storedBytes) }
            }
        }
    }
}
