import CBRClient
import Foundation
import HoldfastCore
import Repository
import Transfer

/// Names chunks as the other server does, asks which it lacks, and sends those, many at a time.
///
/// Memory: ``sendsMax`` + 1 batches, of ``batchBytesMax`` and one chunk each at most, twice while they are on their way, and
/// some 10 MB of names that were sent lately.
final class RemoteSink: ReplicaSink {
    static let batchBytesMax = 4 << 20
    static let batchChunksMax = 1024
    static let sendsMax = 2
    static let knownMax = 65_536

    fileprivate struct Batch {
        var ids: [ChunkID] = []
        var ranges: [Range<Int>] = []
        var bytes = Data()
    }

    fileprivate struct State {
        var batch = Batch()
        var sending = 0
        var young: Set<ChunkID> = []
        var old: Set<ChunkID> = []
        var sentChunks = 0
        var sentBytes: Int64 = 0
        var failure: (any Error)?
    }

    private let client: ServiceClient
    private let session: String
    private let naming: ChunkNaming
    private let limit: BandwidthLimit
    private let waiting = Waiting()
    private let condition = NSCondition()
    private nonisolated(unsafe) var state = State()  // only touched with `condition` locked

    init(client: ServiceClient, session: String, naming: ChunkNaming, limit: BandwidthLimit) {
        self.client = client
        self.session = session
        self.naming = naming
        self.limit = limit
    }

    /// What went over the line.
    var sent: (chunks: Int, bytes: Int64) { condition.withLock { (state.sentChunks, state.sentBytes) } }

    func name(of plain: UnsafeRawBufferPointer) throws -> ChunkID { try naming.name(of: plain) }

    func store(_ plain: UnsafeRawBufferPointer) throws -> ChunkID {
        let id = try naming.name(of: plain)
        condition.lock()
        defer { condition.unlock() }
        while state.isFull, state.sending >= Self.sendsMax, state.failure == nil { condition.wait() }
        try checkLocked()
        guard state.note(id) else { return id }
        let start = state.batch.bytes.count
        state.batch.bytes.append(contentsOf: plain)
        state.batch.ids.append(id)
        state.batch.ranges.append(start..<state.batch.bytes.count)
        if state.isFull, state.sending < Self.sendsMax { try sendLocked() }
        return id
    }

    func flush() throws {
        condition.lock()
        defer { condition.unlock() }
        if !state.batch.ids.isEmpty { try sendLocked() }
        while state.sending > 0, state.failure == nil { condition.wait() }
        try checkLocked()
    }

    func fetch(_ id: ChunkID) throws -> [UInt8] {
        let bytes = try waiting.wait { [client, session] in
            [UInt8](try await client.replicaChunk(id.description, session: session))
        }
        guard try bytes.withUnsafeBytes({ try naming.name(of: $0) }) == id else {
            throw ClientError(.answerUnreadable, "the other region gave a chunk that is not the one asked for")
        }
        return bytes
    }

    func cancel() {
        waiting.cancel()
        condition.withLock {
            state.failure = state.failure ?? CancellationError()
            condition.broadcast()
        }
    }

    /// Sends the batch on the calling thread, with the lock open meanwhile.
    private func sendLocked() throws {
        let batch = state.batch
        state.batch = Batch()
        state.sending += 1
        condition.unlock()
        let result = Result { try send(batch) }
        condition.lock()
        state.sending -= 1
        switch result {
        case .success(let (chunks, bytes)):
            state.sentChunks += chunks
            state.sentBytes += Int64(bytes)
        case .failure(let error): state.failure = state.failure ?? error
        }
        condition.broadcast()
        try checkLocked()
    }

    private func send(_ batch: Batch) throws -> (chunks: Int, bytes: Int) {
        let names = batch.ids.reduce(into: Data()) { $0.append(contentsOf: $1.bytes) }
        return try waiting.wait { [client, session, limit] in
            let missing = try await client.missingChunks(names, session: session)
            guard missing.count == batch.ids.count else {
                throw ClientError(.answerUnreadable, "the other region did not answer for each chunk")
            }
            var frames = Data()
            var chunks = 0
            for (index, flag) in missing.enumerated() where flag != 0 {
                let plain = batch.bytes[batch.ranges[index]]
                frames.append(contentsOf: batch.ids[index].bytes)
                withUnsafeBytes(of: UInt32(plain.count).littleEndian) { frames.append(contentsOf: $0) }
                frames.append(plain)
                chunks += 1
            }
            guard chunks > 0 else { return (0, 0) }
            try await limit.pass(frames.count)
            try await client.sendChunks(frames, session: session)
            return (chunks, frames.count)
        }
    }

    private func checkLocked() throws { if let failure = state.failure { throw failure } }
}

extension RemoteSink.State {
    fileprivate var isFull: Bool {
        batch.bytes.count >= RemoteSink.batchBytesMax || batch.ids.count >= RemoteSink.batchChunksMax
    }

    /// - Returns: false when the chunk was taken lately.
    fileprivate mutating func note(_ id: ChunkID) -> Bool {
        guard !young.contains(id), !old.contains(id) else { return false }
        if young.count == RemoteSink.knownMax {
            old = young
            young = []
        }
        young.insert(id)
        return true
    }
}
