import Foundation
import Repository

/// Something that another thread is finding out.
final class Pending<Value: Sendable>: Sendable {
    private let board: ChunkBoard
    private nonisolated(unsafe) var value: Value?  // only touched with the board's condition locked

    init(on board: ChunkBoard) { self.board = board }

    /// Waits until it is known. Throws what stopped the transfer.
    func wait() throws -> Value { try board.wait { value } }

    func resolve(_ value: Value) { board.resolve { self.value = value } }
}

/// A chunk on its way into the repository.
typealias PendingChunk = Pending<ChunkID>

/// Where threads wait for chunks to be stored.
final class ChunkBoard: Sendable {
    private let control: TransferControl
    private let condition = NSCondition()

    init(control: TransferControl) {
        self.control = control
        control.onStop { [weak self] in
            self?.condition.withLock { self?.condition.broadcast() }
        }
    }

    fileprivate func wait<Value>(for value: () -> Value?) throws -> Value {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let value = value() { return value }
            try control.check()
            condition.wait()
        }
    }

    fileprivate func resolve(_ set: () -> Void) {
        condition.withLock {
            set()
            condition.broadcast()
        }
    }
}

/// Some chunks in one buffer, to be named, compressed, sealed and stored.
struct StoreJob: Sendable {
    let buffer: PooledBuffer
    let chunks: [(range: Range<Int>, pending: PendingChunk)]
}
