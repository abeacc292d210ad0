import Foundation
import Synchronization

/// Lets threads that are not Swift's wait for what is asynchronous, until somebody cancels all of it.
final class Waiting: Sendable {
    private struct State {
        var isCancelled = false
        var running: [Int: Task<Void, Never>] = [:]
        var last = 0
    }

    private final class Answer<Value: Sendable>: Sendable {
        private let condition = NSCondition()
        private nonisolated(unsafe) var result: Result<Value, any Error>?  // only touched with `condition` locked

        func give(_ value: Result<Value, any Error>) {
            condition.withLock {
                result = value
                condition.broadcast()
            }
        }

        func take() throws -> Value {
            condition.lock()
            defer { condition.unlock() }
            while true {
                if let result { return try result.get() }
                condition.wait()
            }
        }
    }

    private let state = Mutex(State())

    /// Must not be called on a cooperative thread: it blocks.
    ///
    /// - Throws: what `body` throws, or `CancellationError`.
    func wait<Value: Sendable>(for body: @escaping @Sendable () async throws -> Value) throws -> Value {
        let answer = Answer<Value>()
        let number = state.withLock { state -> Int? in
            guard !state.isCancelled else { return nil }
            state.last += 1
            // Unstructured, because the thread that waits is no task; it is joined below in any case.
            state.running[state.last] = Task {
                do { answer.give(.success(try await body())) } catch { answer.give(.failure(error)) }
            }
            return state.last
        }
        guard let number else { throw CancellationError() }
        defer { state.withLock { $0.running[number] = nil } }
        return try answer.take()
    }

    func cancel() {
        let running = state.withLock { state in
            state.isCancelled = true
            return Array(state.running.values)
        }
        for task in running { task.cancel() }
    }
}
