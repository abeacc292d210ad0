/// What comes from another server, and is not trusted: looked at before a restore point is made of it.
extension BackupSession {
    /// Whether a restore point of this session may name a chunk: it is durable, and of the session's domain.
    ///
    /// - Throws: ``RepositoryError``, as the store fails.
    public func has(_ id: ChunkID) throws -> Bool { try Reliance(self).covers(id) }

    /// Reads the whole manifest and makes sure that it makes sense, and that every chunk it names is there and of the domain.
    ///
    /// Contents are not read: their names were computed anew when they came.
    ///
    /// - Throws: ``RepositoryError`` with `.chunkMissing`, or ``MalformedManifest``.
    public func checkManifest(_ root: ChunkID, kind: RestorePointDescription.Kind) throws {
        let reader = repository.reader()
        let walker = ManifestWalker(fetch: { try reader.read($0) })
        let reliance = Reliance(self)
        let visit: (ManifestWalker.Visit) throws -> Void = {
            guard try reliance.covers($0.chunk) else { throw RepositoryError.missing($0.chunk) }
        }
        switch kind {
        case .tree: try walker.walkTree(root, visit: visit, damaged: { throw $1 })
        case .image: try walker.walkImage(root, visit: visit, damaged: { throw $0 })
        }
    }
}

/// What a session may rely on, also where the shared index is more careful since: a session that began later knows of prunes that
/// wait for this one, and of packs that came from other processes nobody has seen yet. Of those it is looked whether they are there.
private final class Reliance {
    private let session: BackupSession
    private var found: [PackID: Bool] = [:]

    init(_ session: BackupSession) { self.session = session }

    func covers(_ id: ChunkID) throws(RepositoryError) -> Bool {
        let index = session.repository.index
        guard let pack = index.find(id)?.pack, pack.domain == session.domain, !session.condemned.contains(pack.id)
        else {
            return false
        }
        if index.isReliable(id) { return true }
        if let known = found[pack.id] { return known }
        let isThere = try session.repository.hasObject(StoredKeys.pack(pack.id))
        found[pack.id] = isThere
        return isThere
    }
}
