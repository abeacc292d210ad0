import Foundation
import HoldfastCore
import ObjectStorage
import Synchronization
import TestSupport

@testable import Repository

/// What all processes of a history share: the objects, what goes wrong, and a record of every call.
final class SimulatedWorld: Sendable {
    enum Fault: String { case fail, loseAnswer, crashBefore, crashAfter }

    private struct State {
        var random: SeededGenerator
        var calls = 0
        var trace: [String] = []
    }

    let objects: MemoryObjectStore
    let scheduler: Scheduler
    let faults: Faults
    private let state: Mutex<State>

    init(objects: MemoryObjectStore, scheduler: Scheduler, faults: Faults, seed: UInt64) {
        self.objects = objects
        self.scheduler = scheduler
        self.faults = faults
        state = Mutex(State(random: SeededGenerator(seed: seed ^ 0x5708E)))
    }

    /// Every call, in order, with its fault and its outcome.
    var trace: [String] { state.withLock { $0.trace } }
    var callCount: Int { state.withLock { $0.calls } }

    func note(_ line: String) { state.withLock { $0.trace.append(line) } }

    func roll(_ perThousand: Int) -> Bool {
        state.withLock { perThousand > 0 && Int.random(in: 0..<1000, using: &$0.random) < perThousand }
    }

    func random(_ range: Range<Int>) -> Int { state.withLock { Int.random(in: range, using: &$0.random) } }

    /// Counts a call, and says what goes wrong with it.
    func nextFault() -> Fault? {
        let number = state.withLock { state in
            state.calls += 1
            return state.calls
        }
        if let planned = faults.crashAtCall, planned.number == number {
            return planned.isAfter ? .crashAfter : .crashBefore
        }
        if roll(faults.crash) { return roll(500) ? .crashAfter : .crashBefore }
        if roll(faults.fail) { return .fail }
        if roll(faults.loseAnswer) { return .loseAnswer }
        return nil
    }

    /// What the others see of a process that is gone: its markers name a process that has ended. Of one on another
    /// machine they see nothing, and have only its marker's age.
    func bury(_ markers: [ObjectKey]) {
        guard faults.crashAtCall != nil || roll(600) else { return }
        for key in markers {
            guard let bytes = try? objects.get(key, range: nil), let marker = SessionMarker.decode(bytes),
                let ended = try? marker.ended.encoded(), (try? objects.delete(key)) != nil
            else { continue }
            try? objects.put(ended, at: key)
        }
    }
}

extension SessionMarker {
    /// The same marker of a process that can be seen to have ended.
    var ended: SessionMarker {
        var seams = Seams.live
        let createdAt = Date(timeIntervalSince1970: Double(createdAt) / 1_000_000)
        seams.now = { createdAt }
        return SessionMarker(
            seams: seams,
            process: ProcessIdentity(
                space: process.space, number: process.number, startTicks: (process.startTicks ?? 0) + 1))
    }
}
