import Synchronization

/// Memory of packs, kept for the next one: asking the system for it again costs more than sealing a chunk into it.
///
/// Kept: `countMax` × ``PackLayout/sizeBytesMax``, of which the system gives only what was ever written to. More are made
/// when more are needed at once.
final class PackBuffers: Sendable {
    private let countMax: Int
    /// That of pages, so that a store may bypass the system's cache.
    private static let alignment = 4096

    private struct Free: @unchecked Sendable {  // memory that nobody else knows
        let memory: UnsafeMutableRawBufferPointer
    }

    private let free = Mutex<[Free]>([])

    init(countMax: Int) { self.countMax = countMax }

    deinit { free.withLock { free in for buffer in free { buffer.memory.deallocate() } } }

    /// - Returns: room for any pack, and for the rest of its last page.
    func take() -> UnsafeMutableRawBufferPointer {
        free.withLock { $0.popLast() }?.memory
            ?? .allocate(byteCount: PackLayout.sizeBytesMax + Self.alignment, alignment: Self.alignment)
    }

    func giveBack(_ memory: UnsafeMutableRawBufferPointer) {
        let isKept = free.withLock { free in
            guard free.count < countMax else { return false }
            free.append(Free(memory: memory))
            return true
        }
        if !isKept { memory.deallocate() }
    }
}
