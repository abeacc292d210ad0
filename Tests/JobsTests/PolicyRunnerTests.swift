import Catalog
import ControlPlane
import Foundation
import HoldfastCore
import Logging
import Synchronization
import TestSupport
import Testing

@testable import Jobs

@Suite("A server carries out policies")
struct PolicyRunnerTests {
    private static let admin = Bench.caller()

    private func control(_ bench: Bench, inspector: any LocationInspector = EverythingIsThere()) -> ControlPlane {
        var rules = PolicyRules()
        rules.allowsTimeZone = true
        return ControlPlane(
            database: bench.catalog, inspector: inspector, seams: bench.clock.seams, policyRules: rules)
    }

    private func bind(
        _ control: ControlPlane, _ vault: VaultID, zone: String? = nil, _ change: (inout PolicyDefinition) -> Void
    ) async throws -> PolicyID {
        var definition = PolicyDefinition()
        change(&definition)
        let id = try await control.createPolicy(
            PolicyDraft(
                name: "p", kind: .backup, definition: definition,
                pattern: ["FREQ=DAILY;INTERVAL=1;BYHOUR=2;BYMINUTE=30"], timeZone: zone), by: Self.admin
        ).record.id
        _ = try await control.associate([id], with: vault, destination: nil, by: Self.admin)
        return id
    }

    /// Does all that is queued, without an engine.
    private func work(_ control: ControlPlane) async throws {
        while let leased = try await control.leaseOperation(worker: "w", for: .seconds(60)) {
            switch leased.work {
            case .backUp:
                let result = BackupResult(
                    restorePoint: RestorePointID(leased.id.text), parent: nil, storedBytes: 10, logicalBytes: 1000,
                    details: OperationDetails())
                try await control.completeOperation(leased, .backedUp(result))
            case .remove(let doomed):
                for backup in doomed {
                    try await control.noteForgotten(backup.backup, by: leased, progressPercent: 50, for: .seconds(60))
                }
                try await control.completeOperation(leased, .removed)
            default: Issue.record("nothing else is asked for: \(leased.work)")
            }
        }
    }

    private func nights(_ bench: Bench) async throws -> [Instant] {
        try await bench.catalog.read { transaction in
            try transaction.query("SELECT request_id FROM operations WHERE kind = 'backup'").compactMap { row in
                try row.text("request_id").split(separator: "-").last.flatMap { Int64($0) }
                    .map { Instant(microseconds: $0) }
            }
        }.sorted()
    }

    /// Goal: each night exactly once, and no backup goes before its days are over. Method: a year of looks at random times, by
    /// the clocks of a place that moves them twice; now and then the server restarts, or its clock goes wrong by up to three
    /// hours and comes back.
    @Test("a simulated year has each night once, whatever clocks and restarts do", arguments: [UInt64](1...3))
    func year(seed: UInt64) async throws {
        try await Bench.with { bench in
            var random = SeededGenerator(seed: seed)
            let control = control(bench)
            let vault = try await bench.makeVault().record.id
            let zone = try #require(CivilZone(named: "Europe/Berlin"))
            let id = try await bind(control, vault, zone: zone.name) { $0.retentionDurationDays = 8 }
            let begin = Instant(bench.clock.seams.now())
            let runner = PolicyRunner(control: control, seams: bench.clock.seams, logger: .silent)
            var state = PolicyRunner.State(expireAt: bench.clock.elapsed)
            await runner.look(&state)
            let end = bench.clock.elapsed + .seconds(365 * 86_400)
            while bench.clock.elapsed < end {
                bench.clock.advance(by: .seconds(Int.random(in: 600...30_000, using: &random)))
                switch Int.random(in: 0..<20, using: &random) {
                case 0: state = PolicyRunner.State(expireAt: bench.clock.elapsed)
                case 1:
                    bench.clock.jump(
                        by: .seconds(Int.random(in: -10_800...10_800, using: &random)) - bench.clock.wallOffset)
                case 2: bench.clock.jump(by: .zero - bench.clock.wallOffset)
                default: break
                }
                await runner.look(&state)
                try await work(control)
            }
            bench.clock.jump(by: .zero - bench.clock.wallOffset)
            bench.clock.advance(by: .seconds(4 * 3600))
            await runner.look(&state)
            try await work(control)
            let policy = try await control.showPolicy(id, by: Self.admin).record
            let schedule = try Schedule(
                pattern: policy.timing.pattern, zone: zone, start: policy.timing.startedAt)
            var expected: [Instant] = []
            while let next = schedule.next(after: expected.last ?? begin), next <= Instant(bench.clock.seams.now()) {
                expected.append(next)
            }
            #expect(try await nights(bench) == expected)
            #expect(expected.count >= 364)
            let left = try await bench.backups().map(\.record.createdAt)
            #expect((7...11).contains(left.count), "\(left.count)")
        }
    }

    @Test("begins what is planned and expires what is old by itself, until it is stopped")
    func runs() async throws {
        try await Bench.with { bench in
            let control = control(bench)
            let vault = try await bench.makeVault().record.id
            _ = try await bind(control, vault) { $0.maxBackups = 1 }
            let runner = PolicyRunner(control: control, seams: bench.clock.seams, logger: .silent)
            let running = Task { await runner.run() }
            for night in 1...3 {
                try await eventually("it sleeps") { bench.clock.sleeperCount == 1 }
                // The time is set so that it sleeps once before and once after the night.
                for _ in 0..<2 {
                    bench.clock.advance(by: .seconds(43_200))
                    try await eventually("it has looked") { bench.clock.sleeperCount == 1 }
                    try await work(control)
                }
                bench.clock.advance(by: PolicyRunner.expireEvery)
                try await eventually("it has looked again") { bench.clock.sleeperCount == 1 }
                try await work(control)
                #expect(try await nights(bench).count == night)
                #expect(try await bench.backups().count == 1)
            }
            running.cancel()
            await running.value
        }
    }

    @Test(
        "a clock that is wrong at the start removes nothing for an hour; one that is right after a long absence then does"
    )
    func wrongAtStart() async throws {
        try await Bench.with { bench in
            let control = control(bench)
            let vault = try await bench.makeVault().record.id
            _ = try await bind(control, vault) { $0.retentionDurationDays = 3 }
            let warnings = Warnings()
            let runner = PolicyRunner(control: control, seams: bench.clock.seams, logger: warnings.logger)
            var state = PolicyRunner.State(expireAt: bench.clock.elapsed)
            await runner.look(&state)
            bench.clock.advance(by: .seconds(86_400))
            await runner.look(&state)
            try await work(control)
            #expect(try await bench.backups().count == 1)
            // Begins again, ten years later by its clock.
            bench.clock.jump(by: .seconds(3650 * 86_400))
            state = PolicyRunner.State(expireAt: bench.clock.elapsed)
            for _ in 0..<3 {
                await runner.look(&state)
                try await work(control)
                bench.clock.advance(by: .seconds(600))
            }
            #expect(warnings.all.count { $0.hasPrefix("the clock jumped ahead") } == 3)
            let kept = try await bench.backups().count
            #expect(kept >= 1 && kept <= 2, "the old one, and the night that is caught up")
            // Once more, before the hour is over: another start vouches for nothing.
            state = PolicyRunner.State(expireAt: bench.clock.elapsed)
            await runner.look(&state)
            #expect(try await bench.backups().count == kept)
            for _ in 0..<7 {
                bench.clock.advance(by: .seconds(600))
                await runner.look(&state)
                try await work(control)
            }
            #expect(try await bench.backups().count == kept - 1, "after an hour the old one goes")
        }
    }

    /// Fails every look at a place.
    private struct Broken: LocationInspector {
        struct Failure: Error {}
        func inspect(location: String, type: ResourceType, role: LocationRole) async throws -> LocationFinding {
            throw Failure()
        }
    }

    @Test("runs that fail do not keep backups from expiring, by rules and by time")
    func independent() async throws {
        try await Bench.with { bench in
            let good = control(bench)
            let vault = try await bench.makeVault().record.id
            let id = try await bind(good, vault) { $0.maxBackups = 0 }
            _ = try await good.advanceSchedules()
            bench.clock.advance(by: .seconds(86_400))
            _ = try await good.advanceSchedules()
            _ = try await good.beginDueRuns()
            let timed = try await bench.makeVault().record.id
            _ = try await good.createCheckpoint(CheckpointDraft(vault: timed, retentionDays: 1), by: Self.admin)
            try await work(good)
            #expect(try await bench.backups().count == 2)
            bench.clock.advance(by: .seconds(2 * 86_400))
            try await bench.catalog.write { transaction in
                var policy = try #require(try transaction.policies.find(id, in: Bench.project))
                policy.definition.timezone = "Europe/Nowhere"
                policy.version += 1
                #expect(try transaction.policies.update(policy))
                try transaction.policyRuns.keepSchedule(of: id, version: policy.version)
            }
            let warnings = Warnings()
            let bad = control(bench, inspector: Broken())
            let runner = PolicyRunner(control: bad, seams: bench.clock.seams, logger: warnings.logger)
            var state = PolicyRunner.State(clock: ClockWatch(), expireAt: bench.clock.elapsed)
            await runner.look(&state)
            try await work(good)
            #expect(try await bench.backups().count == 1, "by time, though the rules of the other can't be read")
            #expect(warnings.all.contains("a scheduled run could not begin; trying again"))
            #expect(warnings.all.contains("a vault's backups could not be expired"))
        }
    }
}
