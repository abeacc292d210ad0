import Synchronization

/// Lets one transfer at a time work on a place; others wait their turn.
///
/// The catalog already sees to it that a resource has one running backup. This holds what the catalog can't see: a
/// transfer whose lease was lost, and which has not ended yet, is not joined by its successor.
final class PlaceGate: Sendable {
    private struct Waiter {
        let id: Int
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var nextID = 0
        var taken: Set<String> = []
        var waiters: [String: [Waiter]] = [:]
        /// Cancelled before they could wait.
        var cancelled: Set<Int> = []
    }

    private let state = Mutex(State())

    /// Runs `body` while nobody else is at `place`.
    ///
    /// - Throws: `CancellationError` when the task is cancelled while it waits; else what `body` throws.
    func at<Value: Sendable>(_ place: String, _ body: () async throws -> Value) async throws -> Value {
        try await enter(place)
        defer { leave(place) }
        return try await body()
    }

    private func enter(_ place: String) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<Void, any Error>? = state.withLock { state in
                    if state.cancelled.remove(id) != nil { return .failure(CancellationError()) }
                    if state.taken.insert(place).inserted { return .success(()) }
                    state.waiters[place, default: []].append(Waiter(id: id, continuation: continuation))
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            cancel(id, at: place)
        }
        state.withLock { _ = $0.cancelled.remove(id) }
    }

    private func cancel(_ id: Int, at place: String) {
        let waiter: Waiter? = state.withLock { state in
            guard let index = state.waiters[place]?.firstIndex(where: { $0.id == id }) else {
                state.cancelled.insert(id)
                return nil
            }
            return state.waiters[place]?.remove(at: index)
        }
        waiter?.continuation.resume(throwing: CancellationError())
    }

    private func leave(_ place: String) {
        let next: Waiter? = state.withLock { state in
            guard var waiting = state.waiters[place], !waiting.isEmpty else {
                state.waiters[place] = nil
                state.taken.remove(place)
                return nil
            }
            let next = waiting.removeFirst()
            state.waiters[place] = waiting
            return next
        }
        next?.continuation.resume()
    }
}
