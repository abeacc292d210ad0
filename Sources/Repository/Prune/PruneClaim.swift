import HoldfastCore
import ObjectStorage

/// The right to prune or to repair: one at a time has it in a repository.
///
/// Where clocks differ by a week, one may take over from another that is still at work. So nothing relies on there being
/// only one: who holds it also has a marker as a backup has, for the packs it adds; and it looks whether it still holds
/// the claim where two of them could undo each other's work.
struct PruneClaim {
    /// Its marker among the sessions.
    let marker: ObjectKey
    fileprivate let bytes: [UInt8]
}

extension Repository {
    /// - Throws: ``RepositoryError`` with `.pruneRunning`.
    func claimPrune() throws(RepositoryError) -> PruneClaim {
        let marker = try putMarker()
        do throws(RepositoryError) {
            let key = try StoredKeys.pruner()
            let bytes = try SessionMarker(seams: seams, session: marker.name).encoded()
            for isSecond in [false, true] {
                do throws(ObjectStoreError) {
                    try store.put(bytes, at: key)
                    return PruneClaim(marker: marker, bytes: bytes)
                } catch { guard error.code == .keyTaken else { throw .store(error) } }
                let old = try judge(ObjectEntry(key: key, sizeBytes: 0), ageMax: Self.sessionAgeMax)
                guard !isSecond, old != .live else { break }
                try store.wrapping { store throws(ObjectStoreError) in try store.delete(key) }
            }
            throw RepositoryError(.pruneRunning, "another prune is running in this repository")
        } catch {
            try? store.delete(marker)
            throw error
        }
    }

    /// Whether nobody has taken over.
    func holds(_ claim: PruneClaim) throws(RepositoryError) -> Bool {
        let key = try StoredKeys.pruner()
        do throws(ObjectStoreError) { return try store.get(key, range: nil) == claim.bytes } catch {
            guard error.code == .missing else { throw .store(error) }
            return false
        }
    }

    /// What could not be removed is taken for dead when its process has ended.
    func release(_ claim: PruneClaim) {
        if let isHeld = try? holds(claim), isHeld { try? store.delete(StoredKeys.pruner()) }
        try? store.delete(claim.marker)
    }
}
