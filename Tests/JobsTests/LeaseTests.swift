import Catalog
import ControlPlane
import Foundation
import HoldfastCore
import Jobs
import Synchronization
import TestSupport
import Testing
import Transfer

@Suite("A lease is a worker's right to an operation")
struct LeaseTests {
    @Test("it is extended while a transfer runs, whether or not that moves")
    func heartbeat() async throws {
        let gate = Gate()
        let engine = FakeDataPlane(duringBackup: { _, _ in try await gate.pass() })
        try await Bench.with(engine: engine) { bench in
            _ = try await bench.checkpoint(try await bench.makeVault())
            try await bench.withWorker {
                try await eventually("the transfer runs") { gate.arrived == 1 }
                // Far longer than one lease, in steps as the ticker sees them.
                for _ in 1...180 {
                    try await bench.tick()
                    try await eventually("the lease holds for two thirds of its time") {
                        guard case .running(let lease) = try await bench.operations().first?.state else { return false }
                        return lease.endsAt >= Instant(bench.clock.seams.now()).adding(.seconds(40))
                    }
                }
                #expect(try await bench.operations().map(\.fence) == [1])
                #expect(gate.arrived == 1, "nobody took it up a second time")
                gate.open()
                try await bench.untilIdle()
            }
            #expect(try await bench.operations().map(\.attempt) == [1])
        }
    }

    @Test("a worker whose operation was taken over stops its transfer and stores nothing")
    func fenced() async throws {
        let gate = Gate()
        let cancelled = Mutex(0)
        let engine = FakeDataPlane(duringBackup: { _, _ in
            do { try await gate.pass() } catch {
                cancelled.withLock { $0 += 1 }
                throw error
            }
        })
        try await Bench.with(engine: engine) { bench in
            _ = try await bench.checkpoint(try await bench.makeVault())
            try await bench.withWorker {
                try await eventually("the first transfer runs") { gate.arrived == 1 }
                // Another start of the service believes this one is dead.
                #expect(try await bench.control.recoverInterrupted() == 1)
                for _ in 1...30 where cancelled.withLock({ $0 }) == 0 {
                    // With the transfer its ticker ends, and nobody sleeps in its place.
                    try await bench.tick { cancelled.withLock { $0 } == 1 }
                }
                try await eventually("the transfer is cancelled") { cancelled.withLock { $0 } == 1 }
                try await eventually("its successor runs") { gate.arrived == 2 }
                gate.open()
                try await bench.untilIdle()
            }
            let operation = try #require(try await bench.operations().first)
            #expect(operation.state == .succeeded && operation.attempt == 2)
            #expect(bench.engine.seen.points.count == 1)
            #expect(bench.engine.seen.runningMost == 1, "one resource, one transfer, also across leases")
        }
    }

    @Test("calls with a stale fence are refused and change nothing")
    func staleFence() async throws {
        try await Bench.with { bench in
            let control = bench.control
            _ = try await bench.checkpoint(try await bench.makeVault())
            let lease = Duration.seconds(60)
            let stale = try #require(try await control.leaseOperation(worker: "first", for: lease))
            #expect(try await control.leaseOperation(worker: "second", for: lease) == nil)
            bench.clock.advance(by: lease)
            let fresh = try #require(try await control.leaseOperation(worker: "second", for: lease))
            #expect(fresh.id == stale.id && fresh.fence == stale.fence + 1 && fresh.attempt == 2)
            let before = try await bench.operations()
            let result = BackupResult(
                restorePoint: RestorePointID("x"), parent: nil, storedBytes: 1, logicalBytes: 1,
                details: OperationDetails())
            await expectLost { try await control.completeOperation(stale, .backedUp(result)) }
            await expectLost { try await control.failOperation(stale, .init(code: .unexpected, message: "x")) }
            await expectLost { try await control.releaseOperation(stale) }
            await expectLost {
                try await control.extendLease(stale, for: lease, progressPercent: 5, details: nil)
            }
            await expectLost {
                try await control.noteForgotten(BackupID("x"), by: stale, progressPercent: 5, for: lease)
            }
            #expect(try await bench.operations() == before)
            try await control.completeOperation(fresh, .backedUp(result))
            await expectLost { try await control.completeOperation(fresh, .backedUp(result)) }
        }
    }

    private func expectLost(_ body: () async throws -> Void) async {
        let error = await #expect(throws: ControlError.self) { try await body() }
        #expect(error?.code == .leaseLost)
    }
}

extension Bench {
    /// Lets a second pass, and waits until whoever slept through it sleeps again, or until there is nothing to wait for.
    func tick(unless isOver: () -> Bool = { false }) async throws {
        let before = clock.sleeperCount
        clock.advance(by: .seconds(1))
        try await eventually("the sleepers sleep again") { clock.sleeperCount >= before || isOver() }
    }
}
