import CHoldfast
import Foundation
import HoldfastCore
import ObjectStorage
import Synchronization

/// Stores the packs of one session on threads of their own, so that reading and compressing go on meanwhile.
///
/// At most ``storesMax`` are being stored; whoever hands in another waits. With the one being filled, that bounds the memory
/// by three packs. Two at once, because a disk writes one while the other is hashed and named.
final class PackUploader: Sendable {
    static let storesMax = 2

    private struct State {
        var running = 0
        var isClosed = false
        var finished: [IndexSegment.Pack] = []
        var storedBytes: Int64 = 0
        var waits = Duration.zero
        var error: RepositoryError?
    }

    private let store: any ObjectStore
    // Guards `state`; a condition, because both sides wait for each other.
    private let condition = NSCondition()
    private nonisolated(unsafe) var state = State()  // only touched with `condition` locked

    private let uptime: @Sendable () -> Duration

    init(store: any ObjectStore, uptime: @escaping @Sendable () -> Duration) {
        self.store = store
        self.uptime = uptime
    }

    /// How long threads waited to hand in a pack, all together.
    var waits: Duration { condition.withLock { state.waits } }

    var storedBytes: Int64 { condition.withLock { state.storedBytes } }

    /// Waits while ``storesMax`` packs are being stored. Idle, a session has no thread here.
    func submit(_ pack: OpenPack) throws(RepositoryError) {
        condition.lock()
        defer { condition.unlock() }
        while state.running == Self.storesMax, state.error == nil, !state.isClosed {
            let start = uptime()
            condition.wait()
            state.waits += uptime() - start
        }
        try checkLocked()
        state.running += 1
        Thread { [self] in
            holdfast_name_thread("pack-upload")
            serve(pack)
        }.start()
    }

    /// Packs that have become durable since the last call.
    func takeFinished() -> [IndexSegment.Pack] {
        condition.withLock {
            defer { state.finished = [] }
            return state.finished
        }
    }

    /// Waits until everything that was handed in is durable, or something failed and nothing is being stored any more.
    func finish() throws(RepositoryError) {
        condition.lock()
        defer { condition.unlock() }
        while state.running > 0, !state.isClosed { condition.wait() }
        try checkLocked()
    }

    /// Takes nothing more; what is being stored is stored.
    func abandon() {
        condition.withLock {
            state.isClosed = true
            condition.broadcast()
        }
    }

    private func checkLocked() throws(RepositoryError) {
        if let error = state.error { throw error }
        if state.isClosed { throw RepositoryError(.sessionOver, "the backup session is over") }
    }

    private func serve(_ pack: OpenPack) {
        let outcome = Result { () throws(RepositoryError) in try Self.upload(pack, to: store) }
        condition.withLock {
            state.running -= 1
            switch outcome {
            case .success(let stored):
                state.finished.append(stored)
                state.storedBytes += Int64(stored.record.sizeBytes)
            case .failure(let error): state.error = state.error ?? error
            }
            condition.broadcast()
        }
    }

    /// Finishes a pack and stores it.
    static func upload(_ pack: OpenPack, to store: any ObjectStore) throws(RepositoryError) -> IndexSegment.Pack {
        let bytes = try pack.finish()
        guard let id = PackID(bytes: try Digest.sha256(bytes)) else { throw .library("EVP_Digest") }
        let key = try StoredKeys.pack(id)
        try store.wrapping { store throws(ObjectStoreError) in try store.put(bytes, at: key) }
        let record = PackRecord(id: id, salt: pack.salt, domain: pack.domain, sizeBytes: UInt32(bytes.count))
        return IndexSegment.Pack(record: record, entries: pack.entries)
    }
}
