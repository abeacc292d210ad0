import Catalog
import ControlPlane
import Foundation
import HoldfastCore
import Jobs
import TestSupport
import Testing
import Transfer

@Suite("Workers share their time")
struct TurnTests {
    static let other = ProjectID("ffffffffffffffffffffffffffffffff")

    @Test("no more than the limit runs at once, and the limit is used", arguments: [1, 2, 5])
    func parallel(limit: Int) async throws {
        let gate = Gate()
        let engine = FakeDataPlane(duringBackup: { _, _ in try await gate.pass() })
        try await Bench.with(engine: engine) { bench in
            _ = try await bench.checkpoint(try await bench.makeVault(resources: 8))
            var limits = WorkerLimits()
            limits.parallel = limit
            try await bench.withWorker(limits) {
                try await eventually("as many as may, run") { gate.arrived == limit }
                gate.open()
                try await bench.untilIdle()
            }
            #expect(bench.engine.seen.runningMost <= limit)
            #expect(bench.engine.seen.backups.count == 8)
        }
    }

    @Test("a project with much to do does not hold up another; within a project it is first come, first served")
    func fairness() async throws {
        try await Bench.with { bench in
            let busy = try await bench.makeVault(resources: 6)
            _ = try await bench.checkpoint(busy)
            bench.clock.advance(by: .seconds(1))
            let late = try await bench.makeVault(resources: 2, project: Self.other)
            _ = try await bench.checkpoint(late)
            var limits = WorkerLimits()
            limits.parallel = 1
            try await bench.withWorker(limits) { try await bench.untilIdle() }
            let order = bench.engine.seen.backups.map { $0.domain == Bench.project.text ? "busy" : "late" }
            #expect(Array(order.prefix(4)).filter { $0 == "late" }.count == 2, "\(order)")
            #expect(order.suffix(4) == ["busy", "busy", "busy", "busy"])
        }
    }

    @Test("a resource has one running backup, whoever asks how often")
    func onePerResource() async throws {
        let gate = Gate()
        let engine = FakeDataPlane(duringBackup: { _, _ in try await gate.pass() })
        try await Bench.with(engine: engine) { bench in
            let vault = try await bench.makeVault()
            try await bench.withWorker {
                let results = await withTaskGroup(of: Bool.self) { group in
                    for _ in 1...20 {
                        group.addTask { (try? await bench.checkpoint(vault)) != nil }
                    }
                    return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                }
                #expect(results == 1)
                gate.open()
                try await bench.untilIdle()
            }
            #expect(bench.engine.seen.backups.count == 1)
        }
    }
}
