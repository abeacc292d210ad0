import Foundation
import HoldfastCore
import Synchronization

/// Measures where the time of one transfer goes.
///
/// A thread that never waits for another costs two looks at the clock in its life; one that waits, two for each wait, which
/// takes a thousand times as long as they do. Fetching is measured for each chunk.
final class StageTimes: Sendable {
    enum Stage: Sendable {
        /// Reads a source.
        case source
        /// Names, compresses, seals; or fetches, writes, verifies.
        case worker
        case other
    }

    struct Sum {
        var threads = 0
        /// From beginning to end, of all threads together.
        var lives = Duration.zero
        /// Of that, in which they waited for other threads.
        var waits = Duration.zero
    }

    struct State {
        var source = Sum()
        var workers = Sum()
        var firstStart: Duration?
        var lastEnd: Duration?
        /// In which workers fetched chunks, and of that, in which the store was at work.
        var fetches = Duration.zero
        var storeReads = Duration.zero
        /// In which the store gave whoever walks the manifest its pages.
        var manifestReads = Duration.zero
    }

    let uptime: @Sendable () -> Duration
    let started: Duration
    private let state = Mutex(State())

    init(uptime: @escaping @Sendable () -> Duration) {
        self.uptime = uptime
        started = uptime()
    }

    var sums: State { state.withLock { $0 } }

    /// Runs the life of a thread.
    func live(as stage: Stage, _ body: () throws -> Void) rethrows {
        let start = uptime()
        state.withLock { $0.firstStart = min($0.firstStart ?? start, start) }
        let waits = ThreadWaits()
        Thread.current.threadDictionary[ThreadWaits.key] = waits
        defer {
            Thread.current.threadDictionary.removeObject(forKey: ThreadWaits.key)
            let end = uptime()
            state.withLock { state in
                state.lastEnd = max(state.lastEnd ?? end, end)
                func add(_ sum: inout Sum) {
                    sum.threads += 1
                    sum.lives += end - start
                    sum.waits += waits.sum
                }
                switch stage {
                case .source: add(&state.source)
                case .worker: add(&state.workers)
                case .other: break
                }
            }
        }
        try body()
    }

    /// Counts what the body takes as a wait of this thread for others.
    func waiting(_ body: () -> Void) {
        guard let waits = Thread.current.threadDictionary[ThreadWaits.key] as? ThreadWaits else { return body() }
        let start = uptime()
        body()
        waits.sum += uptime() - start
    }

    /// Counts what the body takes as fetching.
    func fetching<Value>(_ body: () throws -> Value) rethrows -> Value {
        let start = uptime()
        defer { state.withLock { $0.fetches += uptime() - start } }
        return try body()
    }

    func add(storeReads: Duration = .zero, manifestReads: Duration = .zero) {
        state.withLock {
            $0.storeReads += storeReads
            $0.manifestReads += manifestReads
        }
    }

    /// Belongs to one thread.
    private final class ThreadWaits {
        static let key = "holdfast.waits"
        var sum = Duration.zero
    }
}
