import Foundation

/// A fixed number of large buffers that are used over and over.
///
/// Memory: `countMax` × `sizeBytes`, from the first use of each on, until the pool goes.
final class BufferPool: Sendable {
    let sizeBytes: Int

    private struct State {
        var free: [UnsafeMutableRawBufferPointer] = []
        var made = 0
    }

    private let countMax: Int
    private let control: TransferControl
    private let condition = NSCondition()
    private nonisolated(unsafe) var state = State()  // only touched with `condition` locked

    init(countMax: Int, sizeBytes: Int, control: TransferControl) {
        self.countMax = countMax
        self.sizeBytes = sizeBytes
        self.control = control
        control.onStop { [weak self] in self?.wake() }
    }

    deinit {
        // Every buffer keeps the pool alive, so all are back by now.
        for memory in state.free { memory.deallocate() }
    }

    /// Waits until a buffer is free. Throws what stopped the transfer.
    func take() throws -> PooledBuffer {
        condition.lock()
        defer { condition.unlock() }
        while true {
            try control.check()
            if let memory = state.free.popLast() { return PooledBuffer(memory, pool: self) }
            if state.made < countMax {
                state.made += 1
                return PooledBuffer(.allocate(byteCount: sizeBytes, alignment: 4096), pool: self)
            }
            control.times.waiting { condition.wait() }
        }
    }

    fileprivate func giveBack(_ memory: UnsafeMutableRawBufferPointer) {
        condition.withLock {
            state.free.append(memory)
            condition.signal()
        }
    }

    private func wake() { condition.withLock { condition.broadcast() } }
}

/// Memory from a pool; it goes back when nobody holds this any more.
///
/// One thread fills it, then hands it on through a queue and does not write to it again: the queue's lock orders the
/// two, which is what `@unchecked` relies on.
final class PooledBuffer: @unchecked Sendable {
    let memory: UnsafeMutableRawBufferPointer
    private let pool: BufferPool

    fileprivate init(_ memory: UnsafeMutableRawBufferPointer, pool: BufferPool) {
        self.memory = memory
        self.pool = pool
    }

    deinit { pool.giveBack(memory) }

    func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[range]) }
}
