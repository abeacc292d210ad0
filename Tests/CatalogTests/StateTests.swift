import Testing

@testable import Catalog

@Suite("States move only where an event has a meaning")
struct StateTests {
    @Test("of backups: every pair of state and event")
    func backups() {
        let moves: [BackupState: [BackupState.Event: BackupState]] = [
            .protecting: [.protected: .available, .protectionFailed: .error],
            .available: [.delete: .deleting],
            .error: [.delete: .deleting],
            .deleting: [.deletionFailed: .error, .deletionRefused: .available],
        ]
        for state in BackupState.allCases {
            for event in BackupState.Event.allCases {
                var moved = state
                if let wanted = moves[state]?[event] {
                    #expect(throws: Never.self) { try moved.apply(event) }
                    #expect(moved == wanted && state.takes(event))
                } else {
                    #expect(throws: BackupState.Refused(state: state, event: event)) { try moved.apply(event) }
                    #expect(moved == state && !state.takes(event))
                }
            }
        }
    }

    @Test("of operations: every pair of state and event")
    func operations() {
        let now = Instant(microseconds: 1_000)
        let failure = OperationFailure(code: .repositoryFull, message: "full")
        let held = Lease(worker: "a", endsAt: Instant(microseconds: 2_000))
        let ended = Lease(worker: "a", endsAt: now)
        let next = Lease(worker: "b", endsAt: Instant(microseconds: 9_000))
        let until = Instant(microseconds: 5_000)
        let states: [OperationState] = [.queued, .running(held), .running(ended), .succeeded, .failed(failure)]
        let events: [OperationState.Event] = [
            .lease(next), .extend(until: until), .release, .succeed, .fail(failure),
        ]
        func wanted(_ state: OperationState, _ event: OperationState.Event) -> OperationState? {
            switch (state, event) {
            case (.queued, .lease): .running(next)
            case (.running(ended), .lease): .running(next)
            case (.running, .extend): .running(Lease(worker: "a", endsAt: until))
            case (.running, .release): .queued
            case (.running, .succeed): .succeeded
            case (.running, .fail): .failed(failure)
            default: nil
            }
        }
        for state in states {
            for event in events {
                var moved = state
                if let wanted = wanted(state, event) {
                    #expect(throws: Never.self) { try moved.apply(event, now: now) }
                    #expect(moved == wanted)
                } else {
                    #expect(throws: OperationState.Refused(state: state, event: event)) {
                        try moved.apply(event, now: now)
                    }
                    #expect(moved == state)
                }
            }
        }
    }

    @Test("an extension never shortens a lease")
    func neverShorter() throws {
        var state = OperationState.running(Lease(worker: "a", endsAt: Instant(microseconds: 9)))
        try state.apply(.extend(until: Instant(microseconds: 5)), now: Instant(microseconds: 1))
        #expect(state == .running(Lease(worker: "a", endsAt: Instant(microseconds: 9))))
    }
}
