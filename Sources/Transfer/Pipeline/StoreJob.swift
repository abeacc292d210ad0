import Foundation
import Repository

/// A chunk on its way into the repository.
final class PendingChunk: Sendable {
    private let board: ChunkBoard
    fileprivate nonisolated(unsafe) var id: ChunkID?  // only touched with the board's condition locked

    init(on board: ChunkBoard) { self.board = board }

    /// Waits until the chunk is stored. Throws what stopped the transfer.
    func wait() throws -> ChunkID { try board.wait(for: self) }

    func resolve(_ id: ChunkID) { board.resolve(self, id) }
}

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

    fileprivate func wait(for chunk: PendingChunk) throws -> ChunkID {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let id = chunk.id { return id }
            try control.check()
            condition.wait()
        }
    }

    fileprivate func resolve(_ chunk: PendingChunk, _ id: ChunkID) {
        condition.withLock {
            chunk.id = id
            condition.broadcast()
        }
    }
}

/// Some chunks in one buffer, to be named, compressed, sealed and stored.
struct StoreJob: Sendable {
    let buffer: PooledBuffer
    let chunks: [(range: Range<Int>, pending: PendingChunk)]
}
