import CHoldfast
import Foundation
import Synchronization

/// The same work on many things, on named threads.
enum Parallel {
    private struct State<Value: Sendable>: Sendable {
        var next = 0
        var values: [Value?]
        var done = 0
        var running: Int
        var error: RepositoryError?
    }

    /// - Parameters:
    ///   - threads: with one, the caller's thread does all of it.
    ///   - body: gets numbers from 0 on, in order.
    ///   - progress: called on the caller's thread, with how many are done.
    /// - Returns: what the body returned, in order.
    /// - Throws: the first error; what was begun is ended, the rest is not begun.
    static func map<Value: Sendable>(
        _ count: Int, threads: Int, name: String, _ body: @escaping @Sendable (Int) throws(RepositoryError) -> Value,
        progress: (_ done: Int) -> Void
    ) throws(RepositoryError) -> [Value] {
        let threads = min(threads, count)
        guard threads > 1 else {
            var values: [Value] = []
            for number in 0..<count {
                values.append(try body(number))
                progress(values.count)
            }
            return values
        }
        let work = Work<Value>(count: count, threads: threads)
        for index in 0..<threads {
            let thread = Thread {
                holdfast_name_thread("\(name)-\(index)")
                work.run(body)
            }
            thread.stackSize = 2 << 20
            thread.start()
        }
        return try work.wait(progress)
    }

    private final class Work<Value: Sendable>: Sendable {
        private let count: Int
        private let condition = NSCondition()
        private nonisolated(unsafe) var state: State<Value>  // only touched with `condition` locked

        init(count: Int, threads: Int) {
            self.count = count
            state = State(values: Array(repeating: nil, count: count), running: threads)
        }

        func run(_ body: (Int) throws(RepositoryError) -> Value) {
            while let number = take() {
                let result = Result { () throws(RepositoryError) in try body(number) }
                condition.withLock {
                    switch result {
                    case .success(let value):
                        state.values[number] = value
                        state.done += 1
                    case .failure(let error): state.error = state.error ?? error
                    }
                    condition.signal()
                }
            }
            condition.withLock {
                state.running -= 1
                condition.signal()
            }
        }

        private func take() -> Int? {
            condition.withLock {
                guard state.error == nil, state.next < count else { return nil }
                defer { state.next += 1 }
                return state.next
            }
        }

        func wait(_ progress: (Int) -> Void) throws(RepositoryError) -> [Value] {
            var shown = 0
            while true {
                condition.lock()
                while state.done == shown, state.running > 0 { condition.wait() }
                let (done, isOver) = (state.done, state.running == 0)
                condition.unlock()
                if done > shown { progress(done) }
                shown = done
                if isOver { break }
            }
            let (values, error) = condition.withLock { (state.values, state.error) }
            if let error { throw error }
            return values.compactMap { $0 }
        }
    }
}
