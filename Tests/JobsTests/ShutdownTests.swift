import Catalog
import ControlPlane
import Foundation
import HoldfastCore
import Jobs
import Logging
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing
import Transfer

@Suite("A shutdown puts work back")
struct ShutdownTests {
    @Test("running operations are cancelled and queued, and the next start goes on with them")
    func graceful() async throws {
        let gate = Gate()
        let engine = FakeDataPlane(duringBackup: { _, _ in try await gate.pass() })
        try await Bench.with(engine: engine) { bench in
            _ = try await bench.checkpoint(try await bench.makeVault(resources: 5))
            let worker = bench.worker()
            let services = ServiceGroup(services: [worker], logger: .silent)
            let running = Task { try await services.run() }
            try await eventually("two transfers run") { gate.arrived == 2 }

            await services.triggerGracefulShutdown()
            try await running.value

            #expect(try await bench.operations().allSatisfy { $0.state == .queued })
            #expect(bench.engine.seen.running.isEmpty)
            gate.open()
            try await bench.withWorker { try await bench.untilIdle() }
            #expect(try await bench.backups().map(\.status) == Array(repeating: .available, count: 5))
            #expect(bench.engine.seen.points.count == 5)
        }
    }

    @Test("a transfer that hangs is left behind when its time is over")
    func hanging() async throws {
        let gate = Gate()
        // Deaf to cancellation, as a call that hangs in the kernel is.
        let engine = FakeDataPlane(duringBackup: { _, _ in await Task { try? await gate.pass() }.value })
        try await Bench.with(engine: engine) { bench in
            _ = try await bench.checkpoint(try await bench.makeVault())
            let ended = Mutex(false)
            let worker = bench.worker()
            let running = Task {
                await worker.run()
                ended.withLock { $0 = true }
            }
            try await eventually("the transfer runs") { gate.arrived == 1 }
            running.cancel()
            let grace = WorkerLimits().shutdownGrace
            try await eventually("the grace is running") { bench.clock.wakeTimes.contains(grace) }
            #expect(ended.withLock { $0 } == false)
            bench.clock.advance(by: grace)
            await running.value
            #expect(try await bench.operations().map(\.state) == [.queued])
            gate.open()
        }
    }

    @Test("what ended well during the shutdown counts")
    func endsMeanwhile() async throws {
        let gate = Gate()
        let engine = FakeDataPlane(duringBackup: { _, _ in await Task { try? await gate.pass() }.value })
        try await Bench.with(engine: engine) { bench in
            _ = try await bench.checkpoint(try await bench.makeVault())
            let worker = bench.worker()
            let running = Task { await worker.run() }
            try await eventually("the transfer runs") { gate.arrived == 1 }
            running.cancel()
            gate.open()
            await running.value
            #expect(try await bench.backups().map(\.status) == [.available])
        }
    }
}
