import Foundation
import Synchronization

/// A pack being filled by several threads at once.
///
/// A thread reserves room under the lock and seals straight into it without; only the bookkeeping is serial. The
/// memory is one buffer of `bufferBytes`, allocated once.
final class OpenPack: Sendable {
    static let bufferBytes = PackLayout.chunkBytesTarget + Chunk.storedBytesMax + PackLayout.headBytes

    struct Room: Sendable {
        let offset: Int
        let storedBytes: Int
    }

    private struct State {
        var usedBytes = PackLayout.headBytes
        var entries: [PackEntry] = []
        /// Threads that have room but have not finished sealing.
        var writers = 0
        var isClosed = false
    }

    let salt: [UInt8]
    private let cipher: Cipher
    private let state = Mutex(State())
    // Written by threads in rooms that do not overlap, handed out under `state`'s lock; read whole only when the pack is
    // closed and its last writer is gone.
    private nonisolated(unsafe) let buffer: UnsafeMutableRawBufferPointer

    init(salt: [UInt8], keys: KeyTree) throws(RepositoryError) {
        self.salt = salt
        cipher = try keys.packCipher(salt: salt)
        buffer = .allocate(byteCount: Self.bufferBytes, alignment: 64)
        buffer.copyBytes(from: PackLayout.magic + salt)
    }

    deinit { buffer.deallocate() }

    /// - Returns: nil when the pack is closed. Closes it when this room reaches the target.
    func reserve(payloadBytes: Int) -> (room: Room, isNowClosed: Bool)? {
        state.withLock { state in
            guard !state.isClosed else { return nil }
            let room = Room(offset: state.usedBytes, storedBytes: payloadBytes + Cipher.tagBytes)
            state.usedBytes += room.storedBytes
            state.writers += 1
            if state.usedBytes - PackLayout.headBytes >= PackLayout.chunkBytesTarget { state.isClosed = true }
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

    /// The bytes to store: head, chunks, sealed table, tail. Only after the last writer is gone.
    func finish() throws(RepositoryError) -> [UInt8] {
        let (entries, usedBytes) = state.withLock { ($0.entries, $0.usedBytes) }
        var writer = ByteWriter()
        for entry in entries { entry.write(to: &writer) }
        let table = writer.bytes
        let tableBytes = table.count + Cipher.tagBytes
        var tail = ByteWriter()
        tail.integer(UInt32(tableBytes))
        tail.raw(PackLayout.endMagic)
        var problem: RepositoryError?
        let total = usedBytes + tableBytes + PackLayout.tailBytes
        let pack = [UInt8](unsafeUninitializedCapacity: total) { bytes, count in
            let raw = UnsafeMutableRawBufferPointer(bytes)
            raw.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<usedBytes]))
            let target = UnsafeMutableRawBufferPointer(rebasing: raw[usedBytes..<usedBytes + tableBytes])
            do throws(RepositoryError) {
                let result = table.withUnsafeBytes { table in
                    Result { () throws(RepositoryError) in
                        try cipher.seal(
                            table, position: UInt64(usedBytes), associated: PackLayout.magic, into: target)
                    }
                }
                try result.get()
            } catch { problem = error }
            UnsafeMutableRawBufferPointer(rebasing: raw[(usedBytes + tableBytes)...]).copyBytes(from: tail.bytes)
            count = total
        }
        if let problem { throw problem }
        return pack
    }
}
