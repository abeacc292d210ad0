import Synchronization

/// Collects warnings from all threads: keeps the first ones, counts all.
final class WarningLog: Sendable {
    private struct State {
        var kept: [ItemWarning] = []
        var count = 0
    }

    private let state = Mutex(State())

    var kept: [ItemWarning] { state.withLock { $0.kept } }
    var count: Int { state.withLock { $0.count } }

    func add(_ warning: ItemWarning) {
        state.withLock { state in
            state.count += 1
            if state.kept.count < ItemWarning.keptMax { state.kept.append(warning) }
        }
    }
}
