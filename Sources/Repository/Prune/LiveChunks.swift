import HoldfastCore
import ObjectStorage

/// Which stored chunks restore points need: a bit for each chunk, and one for each page whose contents were seen.
///
/// Works on an index of its own: what others add meanwhile is younger than the choice of what is to go.
final class LiveChunks {
    let index = ChunkIndex()
    /// The segments in the index: what they are called, and how many chunks each of their packs has.
    private(set) var segments: [(object: ObjectEntry, segment: IndexSegment)] = []
    /// Packs that segments name and that are gone: left by somebody who was taken for dead. Not in the index, lest such an
    /// entry hide a copy that is there.
    private(set) var absent: Set<PackID> = []
    private var needed: [UInt64] = []
    private var walked: [UInt64] = []

    /// - Throws: ``RepositoryError``, also for a damaged segment: what only that names would look unneeded.
    init(_ repository: Repository) throws(RepositoryError) {
        let folder = try StoredKeys.segments()
        let store = repository.store
        for object in try store.wrapping({ store throws(ObjectStoreError) in try store.list(folder) }) {
            segments.append((object, try repository.segment(object)))
        }
        // Listed after the segments were read: what they name was there before them.
        let present = try repository.presentPacks()
        for (object, segment) in segments {
            let packs = segment.packs.filter { present.contains($0.record.id) }
            if packs.count < segment.packs.count {
                absent.formUnion(segment.packs.map(\.record.id).filter { !present.contains($0) })
            }
            index.add(IndexSegment(generation: segment.generation, packs: packs), name: object.key.name)
        }
        let words = index.withTable { table, _ in table.slotCount / 64 + 1 }
        needed = [UInt64](repeating: 0, count: words)
        walked = needed
    }

    /// Marks all that a restore point needs. What it shares with one that was marked before is not read again.
    ///
    /// - Throws: ``RepositoryError`` when anything of it is missing: then nobody knows what it needs.
    func mark(_ point: RestorePoint, reader: ChunkReader) throws {
        let root = point.description.root
        guard try isFirst(&walked, root) else { return }
        let walker = ManifestWalker(
            fetch: { try reader.read($0) }, descend: { [self] in try isFirst(&walked, $0) })
        let visit: (ManifestWalker.Visit) throws -> Void = { [self] in _ = try isFirst(&needed, $0.chunk) }
        switch point.description.kind {
        case .tree: try walker.walkTree(root, visit: visit, damaged: { throw $1 })
        case .image: try walker.walkImage(root, visit: visit, damaged: { throw $0 })
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
    var neededBytes: Int64 {
        index.withTable { table, _ in
            (0..<table.slotCount).reduce(into: 0) { sum, slot in
                guard needed[slot / 64] & (1 << UInt64(slot % 64)) != 0 else { return }
                sum += Int64(table.place(inSlot: slot).storedBytes)
            }
        }
    }

    private func isFirst(_ bits: inout [UInt64], _ chunk: ChunkID) throws -> Bool {
        guard let slot = index.withTable({ table, _ in table.slot(of: chunk) }) else {
            throw RepositoryError.missing(chunk)
        }
        let isSet = bits[slot / 64] & (1 << UInt64(slot % 64)) != 0
        bits[slot / 64] |= 1 << UInt64(slot % 64)
        return !isSet
    }

    /// The needed chunks of each pack, in the pack's order: offset and stored length.
    func places() -> [PackID: [(offset: UInt32, storedBytes: UInt32)]] {
        index.withTable { table, packs in
            var found = [[(offset: UInt32, storedBytes: UInt32)]](repeating: [], count: packs.count)
            for slot in 0..<table.slotCount where needed[slot / 64] & (1 << UInt64(slot % 64)) != 0 {
                let place = table.place(inSlot: slot)
                found[Int(place.pack)].append((place.offset, place.storedBytes))
            }
            var named: [PackID: [(offset: UInt32, storedBytes: UInt32)]] = [:]
            for (number, places) in found.enumerated() where !places.isEmpty {
                named[packs[number].id, default: []] += places
            }
            return named.mapValues { $0.sorted { $0.offset < $1.offset } }
        }
    }
}
