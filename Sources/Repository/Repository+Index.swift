import HoldfastCore
import ObjectStorage

extension Repository {
    /// Reads the index segments that are not loaded yet, in any order.
    ///
    /// - Parameter toleratingDamage: a damaged segment is passed over: its chunks are then missing, which `check` reports.
    /// - Returns: segments that could not be read.
    @discardableResult
    func loadNewSegments(toleratingDamage: Bool) throws(RepositoryError) -> [RepositoryError] {
        var damaged: [RepositoryError] = []
        let folder = try StoredKeys.segments()
        for object in try store.wrapping({ store throws(ObjectStoreError) in try store.list(folder) })
        where !index.knowsSegment(object.key.name) {
            do throws(RepositoryError) {
                let record = try store.wholeObject(object, sizeBytesMax: IndexSegment.sizeBytesMax)
                guard Hex.encode(try Digest.sha256(record)) == object.key.name else {
                    throw .corrupt(object.key.text, "its name is not its hash")
                }
                let body = try SealedRecord.segment.open(record, keys: keys, name: object.key.text)
                index.add(try IndexSegment(decoding: body, name: object.key.text), name: object.key.name)
            } catch {
                guard toleratingDamage, error.code == .objectCorrupt || error.code == .objectMissing else {
                    throw error
                }
                damaged.append(error)
            }
        }
        return damaged
    }

    /// Makes the packs' chunks known, durably, and then to the other sessions and readers.
    func addSegment(_ packs: [IndexSegment.Pack]) throws(RepositoryError) {
        let segment = IndexSegment(generation: index.nextGeneration, packs: packs)
        let record = try SealedRecord.segment.seal(
            segment.encoded(), keys: keys, salt: [UInt8](seams.randomBytes(Cipher.saltBytes)))
        let name = Hex.encode(try Digest.sha256(record))
        let key = try StoredKeys.segment(name)
        try store.wrapping { store throws(ObjectStoreError) in try store.put(record, at: key) }
        index.add(segment, name: name)
    }

    /// Looks again at the store before it says that a chunk is missing: another process may have added it.
    func location(of id: ChunkID) throws(RepositoryError) -> ChunkLocation? {
        if let location = index.find(id) { return location }
        try loadNewSegments(toleratingDamage: true)
        return index.find(id)
    }
}
