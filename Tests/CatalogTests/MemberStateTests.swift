import HoldfastCore
import Testing

@testable import Catalog

@Suite("A member's answer moves only where an event has a meaning")
struct MemberStateTests {
    private static let (own, other) = (VaultID("own"), VaultID("other"))
    private static let states: [MemberState] = [.pending, .accepted(into: own), .rejected]

    /// Goal: every pair of state and event. Method: a table of the states that follow; nil where the event is refused.
    @Test(
        "every pair of state and event",
        arguments: [
            (.accept(into: own), [.accepted(into: own), .accepted(into: own), .accepted(into: own)]),
            (.accept(into: other), [.accepted(into: other), .accepted(into: other), .accepted(into: other)]),
            (.reject, [.rejected, .rejected, .rejected]),
            (.postpone, [.pending, .pending, .pending]),
            (.loseVault(own), [nil, .pending, nil]),
            (.loseVault(other), [nil, nil, nil]),
        ] as [(MemberState.Event, [MemberState?])])
    func pairs(event: MemberState.Event, wanted: [MemberState?]) throws {
        for (state, next) in zip(Self.states, wanted) {
            var moved = state
            if let next {
                let action = try moved.apply(event)
                #expect(moved == next && action == (next == state ? .nothing : .store))
            } else {
                #expect(throws: MemberState.Refused(state: state, event: event)) { try moved.apply(event) }
                #expect(moved == state)
            }
        }
    }

    @Test("a vault is known exactly while the backup is accepted")
    func vault() {
        #expect(Self.states.map(\.vault) == [nil, Self.own, nil])
        #expect(Self.states.map(\.status) == MemberStatus.allCases)
    }
}
