import Foundation
import Synchronization
import TestSupport

/// Lets one of several threads run at a time; a seed chooses which one goes on.
///
/// Each actor runs on a thread of its own and calls ``step(_:)`` where others may come in between: before, and sometimes
/// after, each call to the store. Between two steps nobody else runs, so a seed gives the same run every time. An actor
/// may have a second thread (the uploader of a session) as long as the first waits for it.
final class Scheduler: Sendable {
    /// How the next actor is chosen.
    enum Policy: Sendable, CaseIterable {
        /// Each with the same chance at each step.
        case even
        /// Whoever runs goes on nine times of ten.
        case bursts
        /// The one of the highest rank runs, and at a few steps loses its rank: few changes, far apart (Burckhardt et al.,
        /// "A randomized scheduler with probabilistic guarantees of finding bugs", ASPLOS 2010).
        case ranks
    }

    private struct State {
        var random: SeededGenerator
        var ready: Set<Int>
        var ranks: [Int]
        var last: Int?
    }

    private let policy: Policy
    private let state: Mutex<State>
    private let turns: [DispatchSemaphore]
    private let isOver = DispatchSemaphore(value: 0)

    init(actors: Int, policy: Policy, seed: UInt64) {
        self.policy = policy
        var random = SeededGenerator(seed: seed)
        let ranks = (0..<actors).shuffled(using: &random)
        state = Mutex(State(random: random, ready: Set(0..<actors), ranks: ranks))
        turns = (0..<actors).map { _ in DispatchSemaphore(value: 0) }
    }

    /// Runs all bodies to their ends, each on a thread of its own. Blocks.
    func run(_ bodies: [@Sendable () -> Void]) {
        for (actor, body) in bodies.enumerated() {
            let thread = Thread { [self] in
                turns[actor].wait()
                body()
                end(actor)
            }
            thread.stackSize = 4 << 20
            thread.start()
        }
        if let first = choose() { turns[first].signal() }
        isOver.wait()
    }

    /// Others may run now; returns when it is this actor's turn again.
    func step(_ actor: Int) {
        guard let next = choose(), next != actor else { return }
        turns[next].signal()
        turns[actor].wait()
    }

    private func end(_ actor: Int) {
        state.withLock { state in _ = state.ready.remove(actor) }
        if let next = choose() { turns[next].signal() } else { isOver.signal() }
    }

    private func choose() -> Int? {
        state.withLock { state in
            let ready = state.ready.sorted()
            guard var next = ready.randomElement(using: &state.random) else { return nil }
            let roll = Int.random(in: 0..<100, using: &state.random)
            switch policy {
            case .even: break
            case .bursts: if roll < 90, let last = state.last, state.ready.contains(last) { next = last }
            case .ranks:
                let ranks = state.ranks
                next = ready.min { ranks[$0] < ranks[$1] } ?? next
                if roll < 4 { state.ranks[next] = (ranks.max() ?? 0) + 1 }
            }
            state.last = next
            return next
        }
    }
}
