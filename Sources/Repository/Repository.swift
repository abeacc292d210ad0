import Foundation
public import HoldfastCore
public import ObjectStorage
import Synchronization

/// Where bytes rest: packs of sealed chunks, an index over them, and a record for each restore point.
///
/// May be used by many threads, and by several processes on the same store: objects are written once, and nothing
/// relies on what is not yet durable. All calls block.
public final class Repository: Sendable {
    let store: any ObjectStore
    let keys: KeyTree
    let seams: Seams
    let index = ChunkIndex()
    /// Held while segments are loaded or added, so that an index that is filled anew misses none.
    let segmentsLock = NSRecursiveLock()
    /// Packs that segments name and that are gone. What only they hold is lost; what others hold too must not be hidden.
    let absentPacks = Mutex<Set<PackID>>([])
    /// Names this repository among others; not secret.
    public let id: String
    /// The wrapping that opened it.
    let openedBy: String

    private init(store: any ObjectStore, keys: KeyTree, id: String, openedBy: String, seams: Seams) {
        self.store = store
        self.openedBy = openedBy
        self.keys = keys
        self.id = id
        self.seams = seams
    }

    /// Makes a repository with a new random master key, wrapped by `material`.
    ///
    /// - Throws: ``RepositoryError`` with `.alreadyExists`, or as the store fails.
    public static func create(
        in store: any ObjectStore, unlockedBy material: KeyMaterial, seams: Seams
    ) throws -> Repository {
        let master = SecretBytes(seams.randomBytes(32))
        let config = Config(
            format: Config.formatNumber, id: Hex.encode(seams.randomBytes(16)), features: [],
            createdAt: Int64(seams.now().timeIntervalSince1970 * 1_000_000))
        do throws(RepositoryError) {
            let old = try Config.read(from: store)
            throw .exists(old.config.id)
        } catch { guard error.code == .notARepository else { throw error } }
        let keys = KeyTree(master: master)
        // The key first: a config without a key would be a repository that nobody can open. A crash in between leaves a
        // wrapping that belongs to no repository and opens nothing.
        let wrapping = try KeyWrapping(
            master, under: material, repositoryID: config.id, salt: [UInt8](seams.randomBytes(32))
        )
        .put(in: store)
        let encoded = try config.encoded(keys: keys)
        let key = try StoredKeys.config()
        do throws(ObjectStoreError) { try store.put(encoded, at: key) } catch {
            throw error.code == .keyTaken ? RepositoryError.exists(nil) : .store(error)
        }
        return Repository(store: store, keys: keys, id: config.id, openedBy: wrapping, seams: seams)
    }

    /// Opens a repository and loads its index.
    ///
    /// - Throws: ``RepositoryError`` with `.notARepository`, `.wrongKey`, `.formatUnsupported`, `.objectCorrupt`, or as the
    ///   store fails.
    public static func open(
        _ store: any ObjectStore, unlockedBy material: KeyMaterial, seams: Seams
    ) throws -> Repository {
        let stored = try Config.read(from: store)
        let folder = try StoredKeys.wrappings()
        let names = try store.wrapping { store throws(ObjectStoreError) in try store.list(folder) }
        for name in names {
            guard let wrapping = try KeyWrapping.read(name, from: store),
                let master = try wrapping.unwrap(with: material, repositoryID: stored.config.id)
            else { continue }
            let keys = KeyTree(master: master)
            try stored.prove(with: keys)
            let repository = Repository(
                store: store, keys: keys, id: stored.config.id, openedBy: name.key.name, seams: seams)
            try repository.loadNewSegments(toleratingDamage: true)
            return repository
        }
        throw RepositoryError(.wrongKey, "the key does not open this repository")
    }

    /// Starts a backup. It finds what other processes have added until now.
    ///
    /// - Parameter domain: whose chunk names; equal bytes are stored once in a domain.
    public func beginBackup(domain: String) throws -> BackupSession {
        // In this order: a prune that does not see the marker has stored its plan before, and then it is seen here.
        let marker = try putMarker()
        do {
            let plans = try pendingPlans().map(\.plan)
            let condemned = plans.reduce(into: Set<PackID>()) { $0.formUnion($1.packs) }
            index.condemn(condemned)
            try loadNewSegments(toleratingDamage: true)
            // A segment may name packs that are gone: of a backup that was taken for dead while it stored them.
            index.settle(present: try presentPacks(), condemned: condemned)
            return try BackupSession(
                repository: self, domain: domain, marker: marker,
                reliablePoints: plans.dropFirst().reduce(plans.first?.points) { $0?.intersection($1.points) })
        } catch {
            try? store.delete(marker)
            throw error
        }
    }

    /// The packs that the store lists.
    func presentPacks() throws(RepositoryError) -> Set<PackID> {
        let folder = try StoredKeys.packs()
        let objects = try store.wrapping { store throws(ObjectStoreError) in try store.list(folder) }
        return Set(objects.compactMap { PackID(hex: $0.key.name) })
    }

    public func reader() -> ChunkReader { ChunkReader(repository: self) }

    /// True while the store answers.
    public func checkStore() throws { _ = try Config.read(from: store) }
}
