import CHoldfast
import Foundation
import Synchronization

/// Threads with a name, for calls that block: disk, SQLite, compression. Swift's cooperative threads stay free.
///
/// Work starts in the order in which it was handed in. At most `queueMax` pieces wait; beyond that `run` refuses, so a
/// slow disk cannot fill the memory with waiting work.
public final class NamedThreadPool: Sendable {
    /// The pool's queue is full: the caller asks for work faster than it can be done.
    public struct Overloaded: Error, Sendable {
        public let pool: String
        public let queueMax: Int
    }

    fileprivate typealias Work = @Sendable () -> Void

    private struct State {
        var waiting: [Work] = []
        var isClosed = false
    }

    private let name: String
    private let queueMax: Int
    // Guards `state`. A condition, because threads sleep until there is work.
    private let condition = NSCondition()
    private nonisolated(unsafe) var state = State()  // only touched with `condition` locked

    public init(name: String, threads: Int, queueMax: Int = 4096) {
        precondition(threads > 0 && queueMax > 0)
        self.name = name
        self.queueMax = queueMax
        for index in 0..<threads {
            // The thread keeps the pool alive until `close`; pools live as long as the process or their owner says.
            let thread = Thread { [self] in
                holdfast_name_thread("\(name)-\(index)")
                holdfast_set_current_pool(identity)
                serve()
            }
            thread.stackSize = 2 << 20
            thread.start()
        }
    }

    /// Runs `body` on one of the pool's threads and returns what it returns.
    ///
    /// - Throws: what `body` throws, or ``Overloaded``.
    public func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let accepted = submit { continuation.resume(with: Result { try body() }) }
            if !accepted { continuation.resume(throwing: Overloaded(pool: name, queueMax: queueMax)) }
        }
    }

    /// Whether the caller runs on one of the pool's threads, and so may block.
    public var isCurrent: Bool { holdfast_current_pool() == identity }

    private var identity: UnsafeRawPointer { UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque()) }

    /// Lets the threads end once the waiting work is done. Work handed in later is refused.
    public func close() {
        condition.withLock {
            state.isClosed = true
            condition.broadcast()
        }
    }

    /// - Parameter isBounded: false for work that its maker bounds.
    fileprivate func submit(isBounded: Bool = true, _ work: @escaping Work) -> Bool {
        condition.withLock {
            guard !state.isClosed, !isBounded || state.waiting.count < queueMax else { return false }
            state.waiting.append(work)
            condition.signal()
            return true
        }
    }

    private func serve() {
        while let work = next() { work() }
    }

    private func next() -> Work? {
        condition.withLock {
            while state.waiting.isEmpty {
                if state.isClosed { return nil }
                condition.wait()
            }
            return state.waiting.removeFirst()
        }
    }
}

/// Tasks that prefer the pool run on its threads from one suspension to the next, and may block there.
///
/// Such a piece can't be refused: whoever starts tasks with this preference bounds how many there are. On a closed pool they run
/// on the system's threads, as a task that never ran on would never end.
extension NamedThreadPool: TaskExecutor {
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let work: Work = { [self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
        if !submit(isBounded: false, work) { DispatchQueue.global().async(execute: work) }
    }
}
