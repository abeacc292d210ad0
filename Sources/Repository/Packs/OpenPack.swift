import Foundation
import Synchronization

/// A pack being filled by several threads at once.
///
/// A thread reserves room under the lock and seals straight into it without; only the bookkeeping is serial. The
/// memory is one buffer, allocated once, from which the pack is also stored: at most ``PackLayout/sizeBytesMax``, of
/// which the system gives only what is written to.
final class OpenPack: Sendable {
    struct Room: Sendable {
        let offset: Int
        let storedBytes: Int
    }

    private struct State {
        var usedBytes = PackLayout.headBytes
        /// Chunks that have room.
        var chunks = 0
        var entries: [PackEntry] = []
        /// Threads that have room but have not finished sealing.
        var writers = 0
        var isClosed = false
    }

    let salt: [UInt8]
    let domain: DomainTag
    private let cipher: Cipher
    private let state = Mutex(State())
    // Written by threads in rooms that do not overlap, handed out under `state`'s lock; read whole only when the pack is
    // closed and its last writer is gone.
    private nonisolated(unsafe) let buffer: UnsafeMutableRawBufferPointer
    /// One being filled, the others being stored.
    private static let buffers = PackBuffers(countMax: 1 + PackUploader.storesMax)

    init(salt: [UInt8], domain: DomainTag, keys: KeyTree) throws(RepositoryError) {
        self.salt = salt
        self.domain = domain
        cipher = try keys.packCipher(salt: salt)
        buffer = Self.buffers.take()
        buffer.copyBytes(from: PackLayout.magic + salt)
    }

    deinit { Self.buffers.giveBack(buffer) }

    /// - Returns: nil when the pack is closed. Closes it when this room reaches a limit.
    func reserve(payloadBytes: Int) -> (room: Room, isNowClosed: Bool)? {
        state.withLock { state in
            guard !state.isClosed else { return nil }
            let room = Room(offset: state.usedBytes, storedBytes: payloadBytes + Cipher.tagBytes)
            state.usedBytes += room.storedBytes
            state.writers += 1
            state.chunks += 1
            state.isClosed =
                state.usedBytes - PackLayout.headBytes >= PackLayout.chunkBytesTarget
                || state.chunks >= PackLayout.chunksMax
            return (room, state.isClosed)
        }
    }

    /// Seals into the room and lists the entry.
    ///
    /// - Returns: true when the pack is closed and this was its last writer: the caller hands it on.
    func fill(_ room: Room, with payload: UnsafeRawBufferPointer, entry: PackEntry) throws(RepositoryError) -> Bool {
        let target = UnsafeMutableRawBufferPointer(rebasing: buffer[room.offset..<room.offset + room.storedBytes])
        try cipher.seal(payload, position: UInt64(room.offset), associated: entry.associated, into: target)
        return state.withLock { state in
            state.entries.append(entry)
            state.writers -= 1
            return state.isClosed && state.writers == 0
        }
    }

    /// Takes no more chunks.
    ///
    /// - Returns: true when nobody writes any more and there is something in it: the caller hands it on.
    func close() -> Bool {
        state.withLock { state in
            let wasClosed = state.isClosed
            state.isClosed = true
            return !wasClosed && state.writers == 0 && !state.entries.isEmpty
        }
    }

    /// The entries so far.
    var entries: [PackEntry] { state.withLock { $0.entries } }

    /// Adds the sealed table and the tail behind the chunks. Only once, after the last writer is gone.
    ///
    /// - Returns: the bytes to store: they live as long as the pack.
    func finish() throws(RepositoryError) -> UnsafeRawBufferPointer {
        let (entries, usedBytes) = state.withLock { ($0.entries, $0.usedBytes) }
        var writer = ByteWriter()
        writer.raw(domain.bytes)
        for entry in entries { entry.write(to: &writer) }
        let table = writer.bytes
        let tableBytes = table.count + Cipher.tagBytes
        let target = UnsafeMutableRawBufferPointer(rebasing: buffer[usedBytes..<usedBytes + tableBytes])
        let result = table.withUnsafeBytes { table in
            Result { () throws(RepositoryError) in
                try cipher.seal(table, position: UInt64(usedBytes), associated: PackLayout.magic, into: target)
            }
        }
        try result.get()
        var tail = ByteWriter()
        tail.integer(UInt32(tableBytes))
        tail.raw(PackLayout.endMagic)
        let sizeBytes = usedBytes + tableBytes + PackLayout.tailBytes
        UnsafeMutableRawBufferPointer(rebasing: buffer[(usedBytes + tableBytes)..<sizeBytes]).copyBytes(
            from: tail.bytes)
        return UnsafeRawBufferPointer(rebasing: buffer[..<sizeBytes])
    }
}
