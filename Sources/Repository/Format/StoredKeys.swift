import ObjectStorage

/// Where each kind of object is kept. Names that are hashes let a party without the key prove that bytes are intact.
enum StoredKeys {
    static func config() throws(RepositoryError) -> ObjectKey { try key("config") }
    static func wrappings() throws(RepositoryError) -> ObjectKey { try key("keys") }
    static func wrapping(_ name: String) throws(RepositoryError) -> ObjectKey { try key("keys/\(name)") }
    static func features() throws(RepositoryError) -> ObjectKey { try key("features") }
    static func epochs() throws(RepositoryError) -> ObjectKey { try key("epochs") }
    static func epoch(_ name: String) throws(RepositoryError) -> ObjectKey { try key("epochs/\(name)") }
    static func packs() throws(RepositoryError) -> ObjectKey { try key("packs") }
    static func segments() throws(RepositoryError) -> ObjectKey { try key("index") }
    static func segment(_ name: String) throws(RepositoryError) -> ObjectKey { try key("index/\(name)") }
    static func restorePoints() throws(RepositoryError) -> ObjectKey { try key("points") }
    static func restorePoint(_ name: String) throws(RepositoryError) -> ObjectKey { try key("points/\(name)") }

    static func feature(_ name: String) throws(RepositoryError) -> ObjectKey { try key("features/\(name)") }
    static func allLocks() throws(RepositoryError) -> ObjectKey { try key("locks") }
    static func locks(of point: String) throws(RepositoryError) -> ObjectKey { try key("locks/\(point)") }
    static func lock(_ name: String, of point: String) throws(RepositoryError) -> ObjectKey {
        try key("locks/\(point)/\(name)")
    }

    static func sessions() throws(RepositoryError) -> ObjectKey { try key("sessions") }
    static func session(_ name: String) throws(RepositoryError) -> ObjectKey { try key("sessions/\(name)") }
    /// Of the session of this name: the restore point that it is about to make visible.
    static func pending(_ session: String) throws(RepositoryError) -> ObjectKey { try key("pending/\(session)") }
    static func pendings() throws(RepositoryError) -> ObjectKey { try key("pending") }
    static func plans() throws(RepositoryError) -> ObjectKey { try key("prune/plans") }
    static func plan(_ name: String) throws(RepositoryError) -> ObjectKey { try key("prune/plans/\(name)") }
    static func waits() throws(RepositoryError) -> ObjectKey { try key("prune/waits") }
    static func wait(_ plan: String) throws(RepositoryError) -> ObjectKey { try key("prune/waits/\(plan)") }
    static func lost() throws(RepositoryError) -> ObjectKey { try key("prune/lost") }
    static func pruner() throws(RepositoryError) -> ObjectKey { try key("prune/running") }

    /// Packs are spread over 256 folders: some file systems slow down when a folder holds very many files.
    static func pack(_ id: PackID) throws(RepositoryError) -> ObjectKey {
        let name = id.description
        return try key("packs/\(name.prefix(2))/\(name)")
    }

    private static func key(_ text: String) throws(RepositoryError) -> ObjectKey {
        do { return try ObjectKey(text) } catch { throw .store(error) }
    }
}
