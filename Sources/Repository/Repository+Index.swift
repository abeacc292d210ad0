import Foundation
import HoldfastCore
import ObjectStorage

extension Repository {
    /// Reads the index segments that are not loaded yet, in any order.
    ///
    /// - Parameter toleratingDamage: a damaged segment is passed over: its chunks are then missing, which `check` reports.
    /// - Returns: segments that could not be read.
    @discardableResult
    func loadNewSegments(toleratingDamage: Bool) throws(RepositoryError) -> [RepositoryError] {
        segmentsLock.lock()
        defer { segmentsLock.unlock() }
        var damaged: [RepositoryError] = []
        let folder = try StoredKeys.segments()
        let objects = try store.wrapping { store throws(ObjectStoreError) in try store.list(folder) }
        // A prune replaces segments that name packs which are gone.
        let isOutdated = !index.segments.isSubset(of: objects.map(\.key.name))
        let target = isOutdated ? ChunkIndex() : index
        for object in objects where !target.knowsSegment(object.key.name) {
            do throws(RepositoryError) {
                target.add(try segment(object), name: object.key.name)
            } catch {
                guard toleratingDamage, error.code == .objectCorrupt || error.code == .objectMissing else {
                    throw error
                }
                damaged.append(error)
            }
        }
        if isOutdated { index.takeOver(target) }
        return damaged
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
    func addSegment(_ packs: [IndexSegment.Pack]) throws(RepositoryError) {
        segmentsLock.lock()
        defer { segmentsLock.unlock() }
        let segment = IndexSegment(generation: index.nextGeneration, packs: packs)
        index.add(segment, name: try put(segment))
    }

    /// - Returns: the name of the stored segment.
    func put(_ segment: IndexSegment) throws(RepositoryError) -> String {
        let record = try SealedRecord.segment.seal(
            segment.encoded(), keys: keys, salt: [UInt8](seams.randomBytes(Cipher.saltBytes)))
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
