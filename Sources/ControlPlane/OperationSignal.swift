import Synchronization

/// Tells workers of this process that there may be something to do, so that they need not poll.
///
/// A signal can be spurious, and several may arrive as one; it is never lost between two looks.
public final class OperationSignal: Sendable {
    private struct State {
        var nextID = 0
        var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
    }

    private let state = Mutex(State())

    public init() {}

    /// A listener of its own: an element for each burst of signals raised from now on. Ends with its task.
    public func listen() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let id = state.withLock { state in
            state.nextID += 1
            state.listeners[state.nextID] = continuation
            return state.nextID
        }
        continuation.onTermination = { [weak self] _ in self?.remove(id) }
        return stream
    }

    public func raise() {
        let listeners = state.withLock { Array($0.listeners.values) }
        for listener in listeners { listener.yield() }
    }

    private func remove(_ id: Int) { _ = state.withLock { $0.listeners.removeValue(forKey: id) } }
}
