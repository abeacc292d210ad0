import HoldfastCore
import ObjectStorage

/// Objects of those who are at work: markers, waits, plans, and restore points that are not visible yet.
extension Repository {
    /// Those that are not as they were written.
    ///
    /// - Throws: ``RepositoryError`` when the store does not answer.
    func damagedWork() throws(RepositoryError) -> [ObjectEntry] {
        var found: [ObjectEntry] = []
        let folders = [
            try StoredKeys.sessions(), try StoredKeys.waits(), try StoredKeys.plans(), try StoredKeys.pendings(),
        ]
        var objects: [ObjectEntry] = []
        for folder in folders {
            objects += try store.wrapping { store throws(ObjectStoreError) in try store.list(folder) }
        }
        objects.append(ObjectEntry(key: try StoredKeys.pruner(), sizeBytes: 0))
        objects.append(ObjectEntry(key: try StoredKeys.lost(), sizeBytes: 0))
        for object in objects {
            do throws(RepositoryError) {
                let bytes = try store.wholeObject(object, sizeBytesMax: PrunePlan.sizeBytesMax)
                if !isSound(bytes, at: object.key) { found.append(object) }
            } catch { guard error.code == .objectMissing else { throw error } }
        }
        return found
    }

    private func isSound(_ bytes: [UInt8], at key: ObjectKey) -> Bool {
        let name = key.text
        if name.hasPrefix("prune/plans/") {
            return (try? SealedRecord.plan.open(bytes, keys: keys, name: name)).map {
                (try? PrunePlan(decoding: $0, name: name)) != nil
            } ?? false
        }
        if name.hasPrefix("pending/") {
            return (try? SealedRecord.restorePoint.open(bytes, keys: keys, name: name)).map {
                (try? RestorePointDescription(decoding: $0, name: name)) != nil
            } ?? false
        }
        return HashedText.decode(bytes) != nil
    }

    /// Removes what is damaged of it. A backup whose marker goes fails at its end, and says so; without its plan, packs stay
    /// that a prune would have removed. Also removes whole restore points that nobody is left to make visible.
    func repairWork(_ claim: PruneClaim) throws {
        for object in try damagedWork() {
            try store.wrapping { store throws(ObjectStoreError) in try store.delete(object.key) }
        }
        for (session, _) in try pendingPoints() where try !hasObject(StoredKeys.session(session)) {
            let key = try StoredKeys.pending(session)
            try store.wrapping { store throws(ObjectStoreError) in try store.delete(key) }
        }
    }
}
