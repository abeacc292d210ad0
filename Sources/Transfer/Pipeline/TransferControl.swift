import HoldfastCore
import Synchronization

/// Ends a transfer from anywhere: the first failure wins, and everyone who waits wakes up.
final class TransferControl: Sendable {
    private struct State {
        var failure: (any Error)?
        var wakers: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())
    private let stopped = Atomic(false)

    let times: StageTimes

    init(uptime: @escaping @Sendable () -> Duration) { times = StageTimes(uptime: uptime) }

    var isStopped: Bool { stopped.load(ordering: .acquiring) }

    var failure: (any Error)? { state.withLock { $0.failure } }

    /// Throws what stopped the transfer.
    func check() throws {
        if isStopped, let failure { throw failure }
    }

    func stop(_ error: any Error) {
        let wakers = state.withLock { state -> [@Sendable () -> Void] in
            guard state.failure == nil else { return [] }
            state.failure = error
            // In here: whoever registers later is told at once, and then finds it stopped.
            stopped.store(true, ordering: .releasing)
            return state.wakers
        }
        for wake in wakers { wake() }
    }

    /// - Parameter wake: called when the transfer is stopped; it must not block.
    func onStop(_ wake: @escaping @Sendable () -> Void) {
        let isLate = state.withLock { state in
            state.wakers.append(wake)
            return state.failure != nil
        }
        if isLate { wake() }
    }
}
