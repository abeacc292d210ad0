import Foundation
import HoldfastCore
import ObjectStorage
import Synchronization

extension Repository {
    /// Reads the index segments that are not loaded yet, in any order.
    ///
    /// - Parameter toleratingDamage: a damaged segment is passed over: its chunks are then missing, which `check` reports.
    /// - Returns: segments that could not be read.
    @discardableResult
    func loadNewSegments(toleratingDamage: Bool) throws(RepositoryError) -> [RepositoryError] {
        segmentsLock.lock()
        defer { segmentsLock.unlock() }
        // Where a prune replaces segments under way, some of the list are gone and others came in their place.
        for _ in 0..<Self.loadTriesMax {
            let damaged = try loadListedSegments(toleratingDamage: toleratingDamage)
            if damaged.allSatisfy({ $0.code != .objectMissing }) { return damaged }
        }
        return try loadListedSegments(toleratingDamage: toleratingDamage)
    }

    private static let loadTriesMax = 16

    private func loadListedSegments(toleratingDamage: Bool) throws(RepositoryError) -> [RepositoryError] {
        var damaged: [RepositoryError] = []
        let folder = try StoredKeys.segments()
        let objects = try store.wrapping { store throws(ObjectStoreError) in try store.list(folder) }
        // A prune replaces segments that name packs which are gone.
        let isOutdated = !index.segments.isSubset(of: objects.map(\.key.name))
        let target = isOutdated ? ChunkIndex(scratch: scratch) : index
        let unknown = objects.filter { !target.knowsSegment($0.key.name) }
        target.collect(unknown.reduce(0) { $0 + $1.sizeBytes } / PackEntry.sizeBytes)
        for object in unknown {
            do throws(RepositoryError) {
                target.add(try segment(object).without(absentPacks.withLock { $0 }), name: object.key.name)
            } catch {
                guard toleratingDamage, error.code == .objectCorrupt || error.code == .objectMissing else {
                    throw error
                }
                damaged.append(error)
            }
        }
        // Half an index takes nobody's place: the chunks of a segment that was replaced under way would not be found.
        if isOutdated, damaged.allSatisfy({ $0.code != .objectMissing }) { index.takeOver(target) }
        return damaged
    }

    /// Takes packs that are gone out of the index in memory, so that other copies of their chunks are found.
    func leaveOut(_ packs: Set<PackID>) throws(RepositoryError) {
        segmentsLock.lock()
        defer { segmentsLock.unlock() }
        let known = absentPacks.withLock { $0 }
        guard !packs.isSubset(of: known) else { return }
        let absent = known.union(packs)
        for _ in 0..<Self.loadTriesMax {
            guard let target = try wholeIndex(without: absent) else { continue }
            index.takeOver(target)
            absentPacks.withLock { $0 = absent }
            return
        }
    }

    /// An index of all segments that can be read; nil when some were replaced under way.
    private func wholeIndex(without absent: Set<PackID>) throws(RepositoryError) -> ChunkIndex? {
        let target = ChunkIndex(scratch: scratch)
        let folder = try StoredKeys.segments()
        let objects = try store.wrapping { store throws(ObjectStoreError) in try store.list(folder) }
        target.collect(objects.reduce(0) { $0 + $1.sizeBytes } / PackEntry.sizeBytes)
        for object in objects {
            do throws(RepositoryError) { target.add(try segment(object).without(absent), name: object.key.name) } catch
            {
                if error.code == .objectMissing { return nil }
                guard error.code == .objectCorrupt else { throw error }
            }
        }
        return target
    }

    /// Reads a segment.
    ///
    /// - Throws: ``RepositoryError`` with `.objectCorrupt` or `.objectMissing`, or as the store fails.
    func segment(_ object: ObjectEntry) throws(RepositoryError) -> IndexSegment {
        let record = try store.wholeObject(object, sizeBytesMax: IndexSegment.sizeBytesMax)
        guard Hex.encode(try Digest.sha256(record)) == object.key.name else {
            throw .corrupt(object.key.text, "its name is not its hash")
        }
        let body = try SealedRecord.segment.open(record, keys: keys, name: object.key.text)
        return try IndexSegment(decoding: body, name: object.key.text)
    }

    /// Makes the packs' chunks known, durably, and then to the other sessions and readers.
    ///
    /// - Parameter marker: of whoever stored the packs. Looked for when the segment is durable: while it is there, a prune
    ///   that removes any of these packs has a plan which every backup that may rely on them has seen, or waits for it.
    /// - Throws: ``RepositoryError`` with `.sessionOver` when the marker is gone: then the packs may be, too.
    func addSegment(_ packs: [IndexSegment.Pack], by marker: ObjectKey?) throws(RepositoryError) {
        segmentsLock.lock()
        defer { segmentsLock.unlock() }
        let segment = IndexSegment(generation: index.nextGeneration, packs: packs)
        let name = try put(segment)
        // The segment stays: others may have found what it names by now. Before they rely on a pack they look that it is there.
        if let marker { guard try hasObject(marker) else { throw .takenForDead } }
        index.add(segment, name: name)
        if marker != nil { index.trust(Set(packs.map(\.record.id))) }
    }

    /// - Returns: the name of the stored segment.
    func put(_ segment: IndexSegment) throws(RepositoryError) -> String {
        let record = try SealedRecord.segment.seal(
            segment.encoded(), keys: keys, salt: keys.salt(seams.randomBytes))
        let name = Hex.encode(try Digest.sha256(record))
        let key = try StoredKeys.segment(name)
        try store.wrapping { store throws(ObjectStoreError) in try store.put(record, at: key) }
        return name
    }

    /// Looks again at the store before it says that a chunk is missing: another process may have added it.
    func location(of id: ChunkID) throws(RepositoryError) -> ChunkLocation? {
        if let location = index.find(id) { return location }
        try loadNewSegments(toleratingDamage: true)
        return index.find(id)
    }
}
