import Foundation
import HoldfastCore
import ObjectStorage
import Synchronization

/// Reads chunks back. Every byte is authenticated, and the chunk's name recomputed, before anyone sees it.
///
/// May be used by many threads at once. Keeps up to ``cacheBytesMax`` of plain chunks: the pages of manifests and the
/// shared chunks of small files are asked for again and again.
public final class ChunkReader: Sendable {
    static let cacheBytesMax = 24 << 20
    /// What a chunk in the cache costs beside its bytes: so that many small ones count for what they take.
    private static let cacheEntryBytes = 256
    private static let keysMax = 256

    private struct State {
        var cache: [ChunkID: [UInt8]] = [:]
        /// In order of arrival, the oldest first; those before `oldest` are gone from the cache.
        var order: [ChunkID] = []
        var oldest = 0
        var cachedBytes = 0
        var storeTime = Duration.zero
        /// Small files that follow each other share a chunk.
        var announced: ChunkID?
        var ciphers: [PackID: Cipher] = [:]
        var namings: [DomainTag: KeyedHash] = [:]
    }

    private let repository: Repository
    private let state = Mutex(State())

    init(repository: Repository) { self.repository = repository }

    /// How long the store took to give what was read, by all threads together.
    public var storeTime: Duration { state.withLock { $0.storeTime } }

    /// The plain bytes of a chunk.
    ///
    /// - Throws: ``RepositoryError`` with `.chunkMissing`, `.objectMissing`, `.objectCorrupt` or `.storeUnavailable`.
    public func read(_ id: ChunkID) throws -> [UInt8] {
        if let kept = state.withLock({ $0.cache[id] }) { return kept }
        let plain = try fetch(id)
        state.withLock { keep(plain, id, &$0) }
        return plain
    }

    /// Says that a chunk will be read soon: where reading takes time, it begins now.
    public func willRead(_ id: ChunkID) {
        let isKnown = state.withLock { state in
            defer { state.announced = id }
            return state.announced == id || state.cache[id] != nil
        }
        guard !isKnown, let location = repository.index.find(id), let key = try? StoredKeys.pack(location.pack.id)
        else { return }
        let start = Int(location.entry.offset)
        repository.store.willRead(key, range: start..<start + Int(location.entry.storedBytes))
    }

    /// The contents of some blocks of an image, put together and, if it is known, compared with their name.
    ///
    /// The base is read past the cache: it is asked for once, where what patches it is asked for again and again.
    ///
    /// - Parameter sizeBytes: of the contents.
    /// - Throws: as ``read(_:)`` does, or ``MalformedManifest``.
    public func contents(of extent: ImageExtent, sizeBytes: Int) throws -> [UInt8] {
        let bytes = try extent.read(sizeBytes: sizeBytes, base: { try fetch($0) }, source: { try read($0) })
        guard !extent.patches.isEmpty, let name = extent.contents else { return bytes }
        guard let location = try repository.location(of: extent.base) else {
            throw RepositoryError.missing(extent.base)
        }
        let (_, naming) = try keys(of: location.pack)
        let found = try bytes.withUnsafeBytes { try naming.name(of: $0) }
        guard found == name else {
            throw RepositoryError.corrupt("\(name)", "patched contents are not those they were named after")
        }
        return bytes
    }

    /// As ``read(_:)``, past the cache: what the store holds now. For what will not be asked for again.
    public func fetch(_ id: ChunkID) throws(RepositoryError) -> [UInt8] {
        guard let location = try repository.location(of: id) else { throw .missing(id) }
        do throws(RepositoryError) { return try fetch(id, at: location) } catch {
            guard error.code == .objectMissing else { throw error }
            // A prune may have moved the chunk to another pack since the index was loaded.
            try repository.loadNewSegments(toleratingDamage: true)
            if repository.index.find(id)?.pack.id == location.pack.id { try repository.leaveOut([location.pack.id]) }
            guard let moved = repository.index.find(id), moved.pack.id != location.pack.id else { throw error }
            return try fetch(id, at: moved)
        }
    }

    private func fetch(_ id: ChunkID, at location: ChunkLocation) throws(RepositoryError) -> [UInt8] {
        let key = try StoredKeys.pack(location.pack.id)
        let start = Int(location.entry.offset)
        let range = start..<start + Int(location.entry.storedBytes)
        let asked = repository.seams.uptime()
        let sealed = try repository.store.wrapping { store throws(ObjectStoreError) in
            try store.get(key, range: range)
        }
        let took = repository.seams.uptime() - asked
        state.withLock { $0.storeTime += took }
        let (cipher, naming) = try keys(of: location.pack)
        let result = sealed.withUnsafeBytes { bytes in
            Result { () throws(RepositoryError) in
                try PackLayout.open(
                    location.entry, sealed: bytes, cipher: cipher, naming: naming, name: key.text)
            }
        }
        return try result.get()
    }

    /// Whether a chunk that the index names can be read and is what it says.
    func isWhole(_ id: ChunkID) throws(RepositoryError) -> Bool {
        do {
            _ = try fetch(id)
            return true
        } catch {
            switch error.code {
            case .objectCorrupt, .objectMissing, .chunkMissing: return false
            default: throw error
            }
        }
    }

    /// The pack's cipher, and what names the chunks of its domain: derived once, since a restore asks for each pack often.
    func keys(of pack: PackRecord) throws(RepositoryError) -> (Cipher, KeyedHash) {
        let kept = state.withLock { ($0.ciphers[pack.id], $0.namings[pack.domain]) }
        let cipher = if let kept = kept.0 { kept } else { try repository.keys.packCipher(salt: pack.salt) }
        let naming = if let kept = kept.1 { kept } else { try repository.keys.naming(pack.domain) }
        state.withLock { state in
            if state.ciphers.count >= Self.keysMax { state.ciphers.removeAll() }
            if state.namings.count >= Self.keysMax { state.namings.removeAll() }
            state.ciphers[pack.id] = cipher
            state.namings[pack.domain] = naming
        }
        return (cipher, naming)
    }

    private func keep(_ plain: [UInt8], _ id: ChunkID, _ state: inout State) {
        guard state.cache.updateValue(plain, forKey: id) == nil else { return }
        state.order.append(id)
        state.cachedBytes += plain.count + Self.cacheEntryBytes
        while state.cachedBytes > Self.cacheBytesMax, state.oldest < state.order.count - 1 {
            if let old = state.cache.removeValue(forKey: state.order[state.oldest]) {
                state.cachedBytes -= old.count + Self.cacheEntryBytes
            }
            state.oldest += 1
        }
        // Moving the rest down only when half is gone keeps the cost of each call small.
        if state.oldest > state.order.count / 2 {
            state.order.removeFirst(state.oldest)
            state.oldest = 0
        }
    }
}
