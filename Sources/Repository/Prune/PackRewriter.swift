import HoldfastCore
import ObjectStorage

/// Puts chunks of old packs into new ones: opened and sealed again, but not compressed again. Packs of a domain are
/// filled one after the other, and named by a segment for every ``BackupSession/segmentPacks``.
struct PackRewriter {
    private let repository: Repository
    /// Says that somebody is at work on the new packs, until a segment names them.
    private let marker: ObjectKey
    private var open: OpenPack?
    private var made: [IndexSegment.Pack] = []
    private(set) var packs = 0
    private(set) var chunks = 0
    /// Of all objects that were added.
    private(set) var writtenBytes: Int64 = 0

    init(_ repository: Repository, marker: ObjectKey) {
        self.repository = repository
        self.marker = marker
    }

    /// - Parameter pack: the whole old pack.
    /// - Throws: ``RepositoryError`` with `.objectCorrupt` when the chunk's seal does not hold.
    mutating func add(_ entry: PackEntry, of record: PackRecord, in pack: [UInt8], _ cipher: Cipher) throws {
        let range = Int(entry.offset)..<Int(entry.offset) + Int(entry.storedBytes)
        let payload = try pack.withUnsafeBytes { bytes in
            try cipher.open(
                UnsafeRawBufferPointer(rebasing: bytes[range]), position: UInt64(entry.offset),
                associated: entry.associated)
        }
        guard let payload else {
            throw RepositoryError.corrupt("packs/\(record.id)", "the seal of the chunk \(entry.id) does not hold")
        }
        if open?.domain != record.domain { try close() }
        let target =
            try open
            ?? OpenPack(
                salt: repository.keys.salt(repository.seams.randomBytes), domain: record.domain,
                keys: repository.keys)
        open = target
        guard let (room, _) = target.reserve(payloadBytes: payload.count) else {
            throw RepositoryError(.sessionOver, "a pack was closed while it was filled")
        }
        let moved = PackEntry(
            id: entry.id, offset: UInt32(room.offset), storedBytes: UInt32(room.storedBytes),
            plainBytes: entry.plainBytes, form: entry.form)
        chunks += 1
        if try payload.withUnsafeBytes({ try target.fill(room, with: $0, entry: moved) }) {
            open = nil
            try keep(target)
        }
    }

    /// Makes everything durable and known.
    mutating func finish() throws {
        try close()
        try flush()
    }

    private mutating func close() throws {
        if let pack = open, pack.close() { try keep(pack) }
        open = nil
    }

    private mutating func keep(_ pack: OpenPack) throws {
        made.append(try PackUploader.upload(pack, to: repository.store))
        packs += 1
        if made.count == BackupSession.segmentPacks { try flush() }
    }

    private mutating func flush() throws {
        guard !made.isEmpty else { return }
        try repository.addSegment(made, by: marker)
        writtenBytes += made.reduce(0) { $0 + Int64($1.record.sizeBytes) }
        writtenBytes += IndexSegment.sizeBytes(packs: made.count, chunks: made.reduce(0) { $0 + $1.entries.count })
        made = []
    }
}

extension Repository {
    /// Replaces the segments that name any of these packs by ones that do not, of the same generation.
    ///
    /// - Returns: by how many bytes the index got smaller.
    func removeFromIndex(
        _ gone: Set<PackID>, segments: [IndexSegment.Summary], claim: PruneClaim
    ) throws -> Int64 {
        var freed: Int64 = 0
        for summary in segments where summary.packs.contains(where: { gone.contains($0.id) }) {
            let object = summary.object
            let segment: IndexSegment
            do throws(RepositoryError) { segment = try self.segment(object) } catch {
                // Another that took over has replaced it.
                guard error.code == .objectMissing else { throw error }
                continue
            }
            let kept = segment.packs.filter { !gone.contains($0.record.id) }
            freed += Int64(object.sizeBytes)
            if !kept.isEmpty {
                let replacement = try put(IndexSegment(generation: segment.generation, packs: kept))
                // Another that took over may have removed more packs of this segment since it was read.
                guard try holds(claim) else {
                    let key = try StoredKeys.segment(replacement)
                    try store.wrapping { store throws(ObjectStoreError) in try store.delete(key) }
                    throw RepositoryError.takenForDead
                }
                freed -= IndexSegment.sizeBytes(
                    packs: kept.count, chunks: kept.reduce(0) { $0 + $1.entries.count })
            }
            try store.wrapping { store throws(ObjectStoreError) in try store.delete(object.key) }
        }
        try loadNewSegments(toleratingDamage: true)
        return freed
    }
}
