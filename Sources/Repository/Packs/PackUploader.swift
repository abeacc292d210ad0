import CHoldfast
import Foundation
import HoldfastCore
import ObjectStorage
import Synchronization

/// Stores the packs of one session on a thread of its own, so that reading and compressing go on meanwhile.
///
/// One pack is being stored and one may wait; whoever hands in a third waits. So the memory is bounded by three packs.
final class PackUploader: Sendable {
    private struct State {
        var waiting: OpenPack?
        var isBusy = false
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

    /// Waits while another pack waits.
    func submit(_ pack: OpenPack) throws(RepositoryError) {
        condition.lock()
        defer { condition.unlock() }
        while state.waiting != nil, state.error == nil, !state.isClosed {
            let start = uptime()
            condition.wait()
            state.waits += uptime() - start
        }
        try checkLocked()
        state.waiting = pack
        if !state.isBusy {
            state.isBusy = true
            Thread { [self] in
                holdfast_name_thread("pack-upload")
                serve()
            }.start()
        }
    }

    /// Packs that have become durable since the last call.
    func takeFinished() -> [IndexSegment.Pack] {
        condition.withLock {
            defer { state.finished = [] }
            return state.finished
        }
    }

    /// Waits until everything that was handed in is durable.
    func finish() throws(RepositoryError) {
        condition.lock()
        defer { condition.unlock() }
        while state.isBusy, state.error == nil, !state.isClosed { condition.wait() }
        try checkLocked()
    }

    /// Forgets what waits; what is being stored is stored.
    func abandon() {
        condition.withLock {
            state.isClosed = true
            state.waiting = nil
            condition.broadcast()
        }
    }

    private func checkLocked() throws(RepositoryError) {
        if let error = state.error { throw error }
        if state.isClosed { throw RepositoryError(.sessionOver, "the backup session is over") }
    }

    /// Stores packs until none waits, then lets the thread end: an idle session costs no thread.
    private func serve() {
        while let pack = next() {
            let outcome = Result { () throws(RepositoryError) in try Self.upload(pack, to: store) }
            condition.withLock {
                switch outcome {
                case .success(let stored):
                    state.finished.append(stored)
                    state.storedBytes += Int64(stored.record.sizeBytes)
                case .failure(let error): state.error = error
                }
                condition.broadcast()
            }
        }
    }

    private func next() -> OpenPack? {
        condition.withLock {
            guard let pack = state.waiting, state.error == nil else {
                state.isBusy = false
                condition.broadcast()
                return nil
            }
            state.waiting = nil
            condition.broadcast()
            return pack
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
