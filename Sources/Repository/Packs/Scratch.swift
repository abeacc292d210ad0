import Synchronization

/// Buffers for compressed chunks, reused: as many as threads ever compressed at once, each of a chunk's size.
enum Scratch {
    private final class Buffer: @unchecked Sendable {  // not shared: `idle`'s lock guards the hand-over
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: Chunk.plainBytesMax, alignment: 64)
        deinit { bytes.deallocate() }
    }

    private static let idle = Mutex<[Buffer]>([])

    /// - Parameter bytes: at most ``Chunk/plainBytesMax``.
    static func with<Value>(
        bytes: Int, _ body: (UnsafeMutableRawBufferPointer) throws(RepositoryError) -> Value
    ) throws(RepositoryError) -> Value {
        let buffer = idle.withLock { $0.popLast() } ?? Buffer()
        defer { idle.withLock { $0.append(buffer) } }
        return try body(UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[..<bytes]))
    }
}
