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
    let index: ChunkIndex
    /// For what is too large for memory; nil: there is none.
    let scratch: ScratchSpace?
    /// Held while segments are loaded or added, so that an index that is filled anew misses none.
    let segmentsLock = NSRecursiveLock()
    /// Sessions begin one after the other: what one has found out is not put in the place of what a later one has.
    let beginnings = Turnstile()
    /// Packs that segments name and that are gone. What only they hold is lost; what others hold too must not be hidden.
    let absentPacks = Mutex<Set<PackID>>([])
    /// Names this repository among others; not secret.
    public let id: String
    /// The wrapping that opened it, or that took its place since.
    let openedBy: Mutex<String>

    private init(
        store: any ObjectStore, keys: KeyTree, id: String, openedBy: String, material: KeyMaterial,
        scratch: ScratchSpace?,
        seams: Seams
    ) {
        self.scratch = scratch
        index = ChunkIndex(scratch: scratch)
        self.store = store
        self.openedBy = Mutex(openedBy)
        self.keys = keys
        self.id = id
        self.seams = seams
        // Only what is captured is needed: a repository that its keys held would never go.
        keys.refill { [store, id] () throws(RepositoryError) in
            try Self.unlock(store, with: material, repositoryID: id)?.masters
        }
    }

    /// Makes a repository with a new random master key, wrapped by `material`.
    ///
    /// - Throws: ``RepositoryError`` with `.alreadyExists`, or as the store fails.
    public static func create(
        in store: any ObjectStore, unlockedBy material: KeyMaterial, scratch: ScratchSpace? = nil, seams: Seams
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
        let recipient = try KeyRecipient(material, label: "first", salt: [UInt8](seams.randomBytes(32)))
        let wrapping = try KeyWrapping(
            keys.masters, for: recipient, repositoryID: config.id, randomBytes: seams.randomBytes
        )
        .put(in: store)
        let encoded = try config.encoded(keys: keys)
        let key = try StoredKeys.config()
        do throws(ObjectStoreError) { try store.put(encoded, at: key) } catch {
            throw error.code == .keyTaken ? RepositoryError.exists(nil) : .store(error)
        }
        return Repository(
            store: store, keys: keys, id: config.id, openedBy: wrapping, material: material,
            scratch: scratch, seams: seams)
    }

    /// Opens a repository and loads its index.
    ///
    /// - Parameter scratch: where an index of millions of chunks may lie while it is open. Nil: it is kept in memory, some 44
    ///   bytes a chunk.
    /// - Throws: ``RepositoryError`` with `.notARepository`, `.wrongKey`, `.formatUnsupported`, `.objectCorrupt`, or as the
    ///   store fails.
    public static func open(
        _ store: any ObjectStore, unlockedBy material: KeyMaterial, scratch: ScratchSpace? = nil, seams: Seams
    ) throws -> Repository {
        let stored = try Config.read(from: store)
        guard let (masters, wrapping) = try unlock(store, with: material, repositoryID: stored.config.id) else {
            throw RepositoryError(.wrongKey, "the key does not open this repository")
        }
        let keys = KeyTree(masters: masters)
        try stored.prove(with: keys)
        let repository = Repository(
            store: store, keys: keys, id: stored.config.id, openedBy: wrapping, material: material,
            scratch: scratch, seams: seams)
        try repository.loadNewSegments(toleratingDamage: true)
        return repository
    }

    /// Finds a wrapping that the material opens, with the master keys of all epochs that have begun.
    ///
    /// - Returns: nil when none does.
    /// - Throws: ``RepositoryError`` with `.wrongKey` when the key opens earlier epochs alone.
    private static func unlock(
        _ store: any ObjectStore, with material: KeyMaterial, repositoryID: String
    ) throws(RepositoryError) -> (masters: [SecretBytes], wrapping: String)? {
        let epoch = try KeyEpoch.newest(in: store)
        let folder = try StoredKeys.wrappings()
        let objects = try store.wrapping { store throws(ObjectStoreError) in try store.list(folder) }
        var isOutdated = false
        // One that also holds an epoch that was never begun: somebody was interrupted.
        var ahead: ([SecretBytes], String)?
        for object in objects {
            guard let wrapping = try KeyWrapping.read(object, from: store),
                let masters = try wrapping.unwrap(with: material, repositoryID: repositoryID), let first = masters.first
            else { continue }
            let begun = if let epoch { try epoch.begun(masters, repositoryID: repositoryID) } else { [first] }
            guard let begun else {
                isOutdated = true
                continue
            }
            if begun.count == masters.count { return (begun, object.key.name) }
            ahead = (begun, object.key.name)
        }
        if let ahead { return ahead }
        guard !isOutdated else {
            throw RepositoryError(
                .wrongKey,
                "the key opens only what was stored before it was revoked; open the repository with another one")
        }
        return nil
    }

    /// Takes in a key epoch that another process has begun, so that what is stored from now on is sealed under it.
    func refreshEpoch() throws(RepositoryError) {
        guard let epoch = try KeyEpoch.newest(in: store), epoch.number >= keys.masters.count else { return }
        // An epoch that the key in use does not open: it was revoked, and may store nothing more.
        guard let masters = try keys.refilled(), masters.count > epoch.number else {
            throw RepositoryError(.wrongKey, "the key that opened this repository was revoked")
        }
    }

    /// Starts a backup. It finds what other processes have added until now.
    ///
    /// - Parameters:
    ///   - domain: whose chunk names; equal bytes are stored once in a domain.
    ///   - kind: of what is to be stored most, which decides how it is compressed.
    public func beginBackup(domain: String, kind: RestorePointDescription.Kind = .tree) throws -> BackupSession {
        // In this order: a prune that does not see the marker has stored its plan before, and then it is seen here.
        let marker = try putMarker()
        do {
            return try beginnings.pass { try begin(domain: domain, kind: kind, marker: marker) }
        } catch {
            try? store.delete(marker)
            throw error
        }
    }

    private func begin(domain: String, kind: RestorePointDescription.Kind, marker: ObjectKey) throws -> BackupSession {
        try refreshEpoch()
        let plans = try pendingPlans().map(\.plan)
        let condemned = plans.reduce(into: Set<PackID>()) { $0.formUnion($1.packs) }
        index.condemn(condemned)
        try loadNewSegments(toleratingDamage: true)
        // A segment may name packs that are gone: of a backup that was taken for dead while it stored them.
        let areAllThere = try index.settle(condemned: condemned) { () throws(RepositoryError) in try presentPacks() }
        let wasSomethingLost = try hasObject(StoredKeys.lost())
        // A reader that met a missing pack has taken it out of the index: that all others are there says nothing.
        let isAnyAbsent = absentPacks.withLock { !$0.isEmpty }
        return try BackupSession(
            repository: self, domain: domain, kind: kind, marker: marker, condemned: condemned,
            looksAtParents: wasSomethingLost || isAnyAbsent || !areAllThere,
            reliablePoints: plans.dropFirst().reduce(plans.first?.points) { $0?.intersection($1.points) })
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
