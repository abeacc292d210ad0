import HoldfastCore
import Synchronization
import TestSupport

@testable import Repository

/// What a history has promised so far, apart from the repository: its word against the engine's.
final class Ledger: Sendable {
    struct Attempt: Sendable {
        let tree: SmallTree
        var isAcknowledged = false
    }

    private struct State {
        /// By label: every backup that was begun.
        var attempts: [String: Attempt] = [:]
        var acknowledged: [RestorePointID: SmallTree] = [:]
        /// Forgetting was at least begun.
        var removed: Set<RestorePointID> = []
        /// Said to be locked for ever.
        var locked: Set<RestorePointID> = []
        var violations: [String] = []
        var done: [String: Int] = [:]
    }

    private let state = Mutex(State())

    var attempts: [String: Attempt] { state.withLock { $0.attempts } }
    /// Acknowledged restore points that nobody has begun to remove.
    var standing: [RestorePointID: SmallTree] {
        state.withLock { state in state.acknowledged.filter { !state.removed.contains($0.key) } }
    }
    var removed: Set<RestorePointID> { state.withLock { $0.removed } }
    var locked: Set<RestorePointID> { state.withLock { $0.locked } }
    var violations: [String] { state.withLock { $0.violations } }
    /// How often each kind of step came to its end: so that a test can tell that histories are about something.
    var done: [String: Int] { state.withLock { $0.done } }

    func begin(_ label: String, _ tree: SmallTree) { state.withLock { $0.attempts[label] = Attempt(tree: tree) } }

    func acknowledge(_ label: String, _ id: RestorePointID) {
        state.withLock { state in
            state.attempts[label]?.isAcknowledged = true
            state.acknowledged[id] = state.attempts[label]?.tree
        }
    }

    func remove(_ id: RestorePointID) { state.withLock { _ = $0.removed.insert(id) } }

    func lock(_ id: RestorePointID) { state.withLock { _ = $0.locked.insert(id) } }

    func violate(_ what: String) { state.withLock { $0.violations.append(what) } }

    func count(_ what: String) { state.withLock { $0.done[what, default: 0] += 1 } }

    /// One of the standing restore points; nil when there is none.
    func any(_ random: inout SeededGenerator) -> (id: RestorePointID, tree: SmallTree)? {
        standing.sorted { $0.key < $1.key }.randomElement(using: &random).map { ($0.key, $0.value) }
    }
}
