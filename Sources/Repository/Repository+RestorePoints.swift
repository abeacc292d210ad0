public import HoldfastCore
import ObjectStorage

extension Repository {
    /// All restore points, newest first. Records that can't be read are left out; see ``restorePointList()``.
    ///
    /// - Throws: ``RepositoryError`` when the store does not answer.
    public func restorePoints() throws -> [RestorePoint] { try readableRestorePoints().points }

    /// All restore points, newest first, and the records that can't be read.
    ///
    /// - Throws: ``RepositoryError`` when the store does not answer.
    public func restorePointList() throws -> (points: [RestorePoint], damaged: [RepositoryError]) {
        try readableRestorePoints()
    }

    /// - Throws: ``RepositoryError`` with `.restorePointMissing` or `.objectCorrupt`.
    public func restorePoint(_ id: RestorePointID) throws -> RestorePoint {
        guard Self.isWellFormed(id) else { throw RepositoryError.missing(id) }
        let key = try StoredKeys.restorePoint(id.text)
        do throws(RepositoryError) {
            let record = try store.wrapping { store throws(ObjectStoreError) in try store.get(key, range: nil) }
            return try decode(record, id: id, name: key.text)
        } catch {
            throw error.code == .objectMissing ? .missing(id) : error
        }
    }

    /// Removes a restore point. Its chunks stay until a prune. One that is not there is no error.
    ///
    /// - Throws: ``RepositoryError`` with `.restorePointLocked` until its time has come, and `.restorePointHeld` while it is
    ///   under a legal hold.
    public func forget(_ id: RestorePointID) throws {
        guard Self.isWellFormed(id) else { return }
        try mustBeRemovable(id)
        try remove(StoredKeys.restorePoint(id.text))
        try removeLocks(of: id)
    }

    func readableRestorePoints() throws(RepositoryError) -> (points: [RestorePoint], damaged: [RepositoryError]) {
        var points: [RestorePoint] = []
        var damaged: [RepositoryError] = []
        let folder = try StoredKeys.restorePoints()
        for object in try store.wrapping({ store throws(ObjectStoreError) in try store.list(folder) }) {
            do throws(RepositoryError) {
                let record = try store.wholeObject(object, sizeBytesMax: RestorePoint.recordBytesMax)
                points.append(
                    try decode(record, id: RestorePointID(object.key.name), name: object.key.text))
            } catch {
                switch error.code {
                case .objectCorrupt: damaged.append(error)
                // Forgotten since the list was made.
                case .objectMissing: continue
                default: throw error
                }
            }
        }
        points.sort { ($0.description.createdAt, $0.id) > ($1.description.createdAt, $1.id) }
        return (points, damaged)
    }

    /// Makes a restore point visible, in two steps: it is stored where only a prune looks; then, if the session's marker is
    /// still there, at its place.
    ///
    /// With the marker there after the first step, every prune that takes the session for dead later finds the restore
    /// point, and keeps what it needs. Without it nobody waited for the session, and what it relies on may be gone.
    ///
    /// - Throws: ``RepositoryError``; with `.sessionOver` when the marker is gone. Nothing half can then be seen.
    func addRestorePoint(
        _ description: RestorePointDescription, by marker: ObjectKey
    ) throws(RepositoryError) -> RestorePoint {
        guard description.isSound else {
            throw RepositoryError(.badDescription, "a restore point can't have such a time, length or count")
        }
        let body = try description.encoded()
        let record = try SealedRecord.restorePoint.seal(
            body, keys: keys, salt: keys.salt(seams.randomBytes))
        guard record.count <= RestorePoint.recordBytesMax else {
            throw RepositoryError(.badDescription, "the description of a restore point has \(body.count) bytes")
        }
        let id = RestorePointID(Hex.encode(try Digest.sha256(record)))
        let key = try StoredKeys.restorePoint(id.text)
        // As it will be read, an instant to the microsecond; what could not be read again is not stored.
        let point = RestorePoint(id: id, description: try RestorePointDescription(decoding: body, name: key.text))
        let pending = try StoredKeys.pending(marker.name)
        // Removed in any case: whether this works or not, nothing is made visible after it. One that stays is the prune's.
        defer { try? store.delete(pending) }
        try store.wrapping { store throws(ObjectStoreError) in try store.put(record, at: pending) }
        guard try hasObject(marker) else { throw .takenForDead }
        do throws(ObjectStoreError) { try store.put(record, at: key) } catch {
            // The name is the hash of bytes that only this session has: it was this very write that a store did twice.
            guard error.code == .keyTaken else { throw .store(error) }
        }
        return point
    }

    /// What stands in `pending/` for restore points that are not visible yet.
    ///
    /// - Returns: with the name of the session.
    func pendingPoints() throws(RepositoryError) -> [(session: String, point: RestorePoint)] {
        var found: [(session: String, point: RestorePoint)] = []
        let folder = try StoredKeys.pendings()
        for object in try store.wrapping({ store throws(ObjectStoreError) in try store.list(folder) }) {
            do throws(RepositoryError) {
                let record = try store.wholeObject(object, sizeBytesMax: RestorePoint.recordBytesMax)
                let id = RestorePointID(Hex.encode(try Digest.sha256(record)))
                found.append((object.key.name, try decode(record, id: id, name: object.key.text)))
            } catch { guard error.code == .objectMissing else { throw error } }
        }
        return found
    }

    private func decode(_ record: [UInt8], id: RestorePointID, name: String) throws(RepositoryError) -> RestorePoint {
        // The name is the hash: a record under another's name is not that restore point.
        guard Hex.encode(try Digest.sha256(record)) == id.text else { throw .corrupt(name, "its name is not its hash") }
        let body = try SealedRecord.restorePoint.open(record, keys: keys, name: name)
        return RestorePoint(id: id, description: try RestorePointDescription(decoding: body, name: name))
    }

    static func isWellFormed(_ id: RestorePointID) -> Bool {
        id.text.utf8.count == 64 && Hex.decode(id.text) != nil && id.text == id.text.lowercased()
    }
}
