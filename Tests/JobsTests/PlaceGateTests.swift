import Synchronization
import TestSupport
import Testing

@testable import Jobs

@Suite("One transfer at a time works on a place")
struct PlaceGateTests {
    @Test("others wait their turn, and each gets it")
    func turns() async throws {
        let gate = PlaceGate()
        let inside = Inside()
        let visits = (1...100).map { _ in
            Task {
                try await gate.at("disk") {
                    inside.enter()
                    await Task.yield()
                    inside.leave()
                }
            }
        }
        for visit in visits { try await visit.value }
        #expect(inside.most == 1 && inside.total == 100)
    }

    private final class Inside: Sendable {
        private let state = Mutex((now: 0, most: 0, total: 0))
        var most: Int { state.withLock { $0.most } }
        var total: Int { state.withLock { $0.total } }

        func enter() {
            state.withLock { state in
                state.now += 1
                state.total += 1
                state.most = max(state.most, state.now)
            }
        }

        func leave() { state.withLock { $0.now -= 1 } }
    }

    @Test("whoever is cancelled while waiting leaves the queue, and the rest goes on")
    func cancelled() async throws {
        let gate = PlaceGate()
        let door = Gate()
        let first = Task { try await gate.at("disk") { try await door.pass() } }
        try await eventually("the first is inside") { door.arrived == 1 }
        let second = Task { try await gate.at("disk") {} }
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        try await gate.at("another disk") {}
        door.open()
        try await first.value
        try await gate.at("disk") {}
    }
}
