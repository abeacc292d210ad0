import Foundation
import ObjectStorage
import Synchronization

/// Reads chunks back. Every byte is authenticated, together with the chunk's name, before anyone sees it.
///
/// May be used by many threads at once. Keeps up to ``cacheBytesMax`` of plain chunks: the pages of manifests and the
/// shared chunks of small files are asked for again and again.
public final class ChunkReader: Sendable {
    static let cacheBytesMax = 24 << 20
    private static let ciphersMax = 256

    private struct State {
        var cache: [ChunkID: [UInt8]] = [:]
        /// In order of arrival; the oldest goes first.
        var order: [ChunkID] = []
        var cachedBytes = 0
        var ciphers: [PackID: Cipher] = [:]
    }

    private let repository: Repository
    private let state = Mutex(State())

    init(repository: Repository) { self.repository = repository }

    /// The plain bytes of a chunk.
    ///
    /// - Throws: ``RepositoryError`` with `.chunkMissing`, `.objectMissing`, `.objectCorrupt` or `.storeUnavailable`.
    public func read(_ id: ChunkID) throws -> [UInt8] {
        if let kept = state.withLock({ $0.cache[id] }) { return kept }
        let plain = try fetch(id)
        state.withLock { keep(plain, id, &$0) }
        return plain
    }

    /// As `read`, past the cache: what the store holds now.
    func fetch(_ id: ChunkID) throws(RepositoryError) -> [UInt8] {
        guard let location = try repository.location(of: id) else { throw .missing(id) }
        let key = try StoredKeys.pack(location.pack)
        let start = Int(location.entry.offset)
        let range = start..<start + Int(location.entry.storedBytes)
        let sealed = try repository.store.wrapping { store throws(ObjectStoreError) in
            try store.get(key, range: range)
        }
        let cipher = try cipher(of: location)
        let result = sealed.withUnsafeBytes { bytes in
            Result { () throws(RepositoryError) in
                try PackLayout.open(location.entry, sealed: bytes, cipher: cipher, name: key.text)
            }
        }
        return try result.get()
    }

    private func cipher(of location: ChunkLocation) throws(RepositoryError) -> Cipher {
        if let kept = state.withLock({ $0.ciphers[location.pack] }) { return kept }
        let cipher = try repository.keys.packCipher(salt: location.salt)
        state.withLock { state in
            if state.ciphers.count >= Self.ciphersMax { state.ciphers.removeAll() }
            state.ciphers[location.pack] = cipher
        }
        return cipher
    }

    private func keep(_ plain: [UInt8], _ id: ChunkID, _ state: inout State) {
        guard state.cache.updateValue(plain, forKey: id) == nil else { return }
        state.order.append(id)
        state.cachedBytes += plain.count
        var dropped = 0
        while state.cachedBytes > Self.cacheBytesMax, dropped < state.order.count - 1 {
            if let old = state.cache.removeValue(forKey: state.order[dropped]) { state.cachedBytes -= old.count }
            dropped += 1
        }
        state.order.removeFirst(dropped)
    }
}
