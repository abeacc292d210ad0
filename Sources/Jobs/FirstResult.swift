import HoldfastCore
import Synchronization

/// The first of several results; later ones are dropped. Guards what must be resumed exactly once.
final class FirstResult<Value: Sendable>: Sendable {
    private enum State {
        case empty
        case waiting(CheckedContinuation<Value, any Error>)
        case filled(Result<Value, any Error>)
        case taken
    }

    private let state = Mutex(State.empty)

    /// - Returns: the first result offered, as soon as there is one. May be called once.
    func value() async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let ready: Result<Value, any Error>? = state.withLock { state in
                switch state {
                case .filled(let result):
                    state = .taken
                    return result
                case .empty:
                    state = .waiting(continuation)
                    return nil
                case .waiting, .taken:
                    preconditionFailure("a first result is awaited once")
                }
            }
            if let ready { continuation.resume(with: ready) }
        }
    }

    func offer(_ result: Result<Value, any Error>) {
        let waiter: CheckedContinuation<Value, any Error>? = state.withLock { state in
            switch state {
            case .empty:
                state = .filled(result)
                return nil
            case .waiting(let continuation):
                state = .taken
                return continuation
            case .filled, .taken:
                return nil
            }
        }
        waiter?.resume(with: result)
    }
}
