/// What comes from another server, and is not trusted: looked at before a restore point is made of it.
extension Repository {
    /// Whether a chunk is in the index, and of the domain.
    public func has(_ id: ChunkID, inDomain domain: String) throws -> Bool {
        let tag = try DomainTag(domain: domain)
        return index.isReliable(id) && index.find(id)?.pack.domain == tag
    }

    /// Reads the whole manifest and makes sure that it makes sense, and that every chunk it names is there and of the domain.
    ///
    /// Contents are not read: their names were computed anew when they came.
    ///
    /// - Throws: ``RepositoryError`` with `.chunkMissing`, or ``MalformedManifest``.
    public func checkManifest(_ root: ChunkID, kind: RestorePointDescription.Kind, domain: String) throws {
        let tag = try DomainTag(domain: domain)
        let reader = reader()
        let walker = ManifestWalker(fetch: { try reader.read($0) })
        let visit: (ManifestWalker.Visit) throws -> Void = { [index] in
            guard index.isReliable($0.chunk), index.find($0.chunk)?.pack.domain == tag else {
                throw RepositoryError.missing($0.chunk)
            }
        }
        switch kind {
        case .tree: try walker.walkTree(root, visit: visit, damaged: { throw $1 })
        case .image: try walker.walkImage(root, visit: visit, damaged: { throw $0 })
        }
    }
}
