public import Foundation
public import HoldfastCore
import Synchronization

/// Time that passes only when a test says so.
public final class ManualClock: Sendable {
    private struct Sleeper {
        let ends: Duration
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var elapsed: Duration = .zero
        var wallOffset: Duration = .zero
        var isStopped = false
        var nextID = 0
        var sleepers: [Int: Sleeper] = [:]
        var cancelled: Set<Int> = []
        var random: SeededGenerator
    }

    private let start: Date
    private let state: Mutex<State>

    public init(start: Date = Date(timeIntervalSince1970: 1_750_000_000), seed: UInt64 = 1) {
        self.start = start
        state = Mutex(State(random: SeededGenerator(seed: seed)))
    }

    /// Seams on this clock, with random bytes from its seed.
    public var seams: Seams {
        Seams(
            now: { self.start.addingTimeInterval(self.wall / .seconds(1)) },
            uptime: { self.elapsed },
            randomBytes: { count in
                self.state.withLock { state in
                    Data((0..<count).map { _ in UInt8.random(in: .min ... .max, using: &state.random) })
                }
            },
            sleep: { try await self.sleep($0) })
    }

    public var elapsed: Duration { state.withLock { $0.elapsed } }

    private var wall: Duration { state.withLock { $0.elapsed + $0.wallOffset } }

    /// How far the wall clock is ahead of where it would be if nobody had moved it.
    public var wallOffset: Duration { state.withLock { $0.wallOffset } }

    /// Moves the wall clock alone.
    public func jump(by duration: Duration) { state.withLock { $0.wallOffset += duration } }

    /// How many sleep now.
    public var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    /// When those who sleep now will wake.
    public var wakeTimes: [Duration] { state.withLock { $0.sleepers.values.map(\.ends) } }

    /// Lets time pass, and wakes whoever's time has come.
    public func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.elapsed += duration
            let due = state.sleepers.filter { $0.value.ends <= state.elapsed }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.sorted { $0.ends < $1.ends }
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    /// Ends every sleep, now and later, as if its task were cancelled.
    public func stop() {
        let all = state.withLock { state in
            state.isStopped = true
            defer { state.sleepers = [:] }
            return Array(state.sleepers.values)
        }
        for sleeper in all { sleeper.continuation.resume(throwing: CancellationError()) }
    }

    private func sleep(_ duration: Duration) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.isStopped || state.cancelled.remove(id) != nil { return true }
                    state.sleepers[id] = Sleeper(ends: state.elapsed + duration, continuation: continuation)
                    return false
                }
                if isOver { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                guard let found = state.sleepers.removeValue(forKey: id) else {
                    state.cancelled.insert(id)
                    return nil as Sleeper?
                }
                return found
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }
}
