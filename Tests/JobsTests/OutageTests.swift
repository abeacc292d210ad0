import Catalog
import ControlPlane
import HoldfastCore
import Jobs
import Synchronization
import TestSupport
import Testing
import Transfer

@Suite("A catalog that does not answer for a while loses nothing")
struct OutageTests {
    @Test("the end of a transfer is stored as soon as the catalog is back, without doing it again")
    func ends() async throws {
        let gate = Gate()
        let engine = FakeDataPlane(duringBackup: { _, _ in try await gate.pass() })
        try await Bench.with(engine: engine) { bench in
            _ = try await bench.checkpoint(try await bench.makeVault())
            let outage = Outage(base: bench.catalog)
            let worker = bench.worker(
                control: ControlPlane(database: outage, inspector: EverythingIsThere(), seams: bench.clock.seams))
            let running = Task { await worker.run() }
            try await eventually("the transfer runs") { gate.arrived == 1 }
            outage.isOn = true
            let asked = outage.refused
            gate.open()
            try await eventually("its end is refused") { outage.refused > asked }
            #expect(try await bench.backups().map(\.status) == [.protecting])
            outage.isOn = false
            try await eventually("its end is stored") {
                bench.clock.advance(by: .seconds(1))
                return try await bench.backups().map(\.status) == [.available]
            }
            running.cancel()
            await running.value
            #expect(bench.engine.seen.backups.count == 1)
        }
    }

    @Test("an outage longer than a lease gives the operation up, and it is taken up again afterwards")
    func long() async throws {
        let gate = Gate()
        let engine = FakeDataPlane(duringBackup: { _, _ in try await gate.pass() })
        try await Bench.with(engine: engine) { bench in
            _ = try await bench.checkpoint(try await bench.makeVault())
            let outage = Outage(base: bench.catalog)
            let worker = bench.worker(
                control: ControlPlane(database: outage, inspector: EverythingIsThere(), seams: bench.clock.seams))
            let running = Task { await worker.run() }
            try await eventually("the transfer runs") { gate.arrived == 1 }
            outage.isOn = true
            try await eventually("the transfer is cancelled") {
                bench.clock.advance(by: .seconds(1))
                return bench.engine.seen.running.isEmpty
            }
            #expect(bench.clock.elapsed >= WorkerLimits().leaseDuration)
            outage.isOn = false
            try await eventually("it runs again") {
                bench.clock.advance(by: .seconds(1))
                return gate.arrived == 2
            }
            gate.open()
            try await eventually("it has ended") {
                bench.clock.advance(by: .seconds(1))
                return try await bench.backups().map(\.status) == [.available]
            }
            running.cancel()
            await running.value
            #expect(bench.engine.seen.points.count == 1)
        }
    }

    @Test("a shutdown during an outage does not wait for a whole lease")
    func shutdown() async throws {
        let gate = Gate()
        let engine = FakeDataPlane(duringBackup: { _, _ in try await gate.pass() })
        try await Bench.with(engine: engine) { bench in
            _ = try await bench.checkpoint(try await bench.makeVault())
            let outage = Outage(base: bench.catalog)
            let worker = bench.worker(
                control: ControlPlane(database: outage, inspector: EverythingIsThere(), seams: bench.clock.seams))
            let ended = Mutex(false)
            let running = Task {
                await worker.run()
                ended.withLock { $0 = true }
            }
            try await eventually("the transfer runs") { gate.arrived == 1 }
            outage.isOn = true
            running.cancel()
            for _ in 1...10 where !ended.withLock({ $0 }) {
                let refused = outage.refused
                bench.clock.advance(by: .seconds(1))
                try await eventually("it tries again, or ends") {
                    outage.refused > refused || ended.withLock { $0 }
                }
            }
            #expect(ended.withLock { $0 })
            outage.isOn = false
            #expect(try await bench.control.recoverInterrupted() == 1)
        }
    }
}

/// A catalog that does not answer while it is told not to.
private final class Outage: CatalogDatabase {
    private let base: any CatalogDatabase
    private let state = Mutex((isOn: false, refused: 0))

    init(base: any CatalogDatabase) { self.base = base }

    var isOn: Bool {
        get { state.withLock { $0.isOn } }
        set { state.withLock { $0.isOn = newValue } }
    }

    /// How many calls were not answered.
    var refused: Int { state.withLock { $0.refused } }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws -> Value
    ) async throws -> Value {
        try check()
        return try await base.read(body)
    }

    func close() async throws { try await base.close() }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws -> Value
    ) async throws -> Value {
        try check()
        return try await base.write(body)
    }

    private func check() throws {
        let isOn = state.withLock { state in
            if state.isOn { state.refused += 1 }
            return state.isOn
        }
        if isOn { throw CatalogError(code: .unavailable, message: "the catalog does not answer") }
    }
}
