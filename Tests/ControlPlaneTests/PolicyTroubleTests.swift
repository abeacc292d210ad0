import Catalog
import ControlPlane
import Foundation
import HoldfastCore
import Synchronization
import TestSupport
import Testing

@Suite("Trouble with one policy, run or vault is no other's")
struct PolicyTroubleTests {
    private static let daily = ["FREQ=DAILY;INTERVAL=1;BYHOUR=3;BYMINUTE=00"]
    private static let day = Duration.seconds(86_400)

    private func policy(
        _ world: World, _ pattern: [String] = daily, window: Int? = nil, zone: String? = nil,
        control: ControlPlane? = nil, _ change: (inout PolicyDefinition) -> Void = { _ in }
    ) async throws -> PolicyID {
        var definition = PolicyDefinition()
        change(&definition)
        return try await (control ?? world.control).createPolicy(
            PolicyDraft(
                name: "p", kind: definition.destinationRegion == nil ? .backup : .replication, definition: definition,
                pattern: pattern, windowMinutes: window, timeZone: zone), by: World.admin
        ).record.id
    }

    /// A vault with one resource, for which a policy holds.
    private func vault(_ world: World, _ name: String, _ policy: PolicyID, destination: VaultID? = nil) async throws
        -> VaultID
    {
        let vault = try await world.vault([try await world.register(name)])
        _ = try await world.control.associate([policy], with: vault, destination: destination, by: World.admin)
        return vault
    }

    /// Lets the time of the next daily run come.
    @discardableResult
    private func untilRun(_ world: World) throws -> Instant {
        let now = Instant(world.clock.seams.now())
        let next = try #require(try Schedule(pattern: Self.daily, start: Instant(microseconds: 0)).next(after: now))
        world.clock.advance(by: .microseconds(next.microseconds - now.microseconds))
        return next
    }

    private func failed(_ world: World) async throws -> [OperationRecord] {
        try await world.control.listOperations(by: World.admin).rows.filter {
            if case .failed = $0.state { true } else { false }
        }
    }

    private func begun(_ runs: [ScheduledRun]) -> [VaultID] {
        runs.compactMap { if case .began = $0.outcome { $0.run.vault } else { nil } }
    }

    private func waiting(_ world: World) async throws -> [PolicyRun] {
        try await world.catalog.read { try $0.policyRuns.due(Instant(microseconds: .max), limit: 100) }
    }

    @Test("a run that fails unexpectedly lets all others begin, is tried again, and then refused")
    func badRun() async throws {
        try await World.with { world in
            let policy = try await policy(world)
            let vaults = [
                try await vault(world, "a", policy), try await vault(world, "b", policy),
                try await vault(world, "c", policy),
            ]
            _ = try await world.control.advanceSchedules()
            world.clock.advance(by: Self.day)
            _ = try await world.control.advanceSchedules()
            let first = try #require(try await waiting(world).first).vault
            let name = ["a", "b", "c"][try #require(vaults.firstIndex(of: first))]
            world.places.breakDown("file:///images/\(name).raw")
            #expect(Set(begun(try await world.control.beginDueRuns())) == Set(vaults).subtracting([first]))
            #expect(try await world.control.beginDueRuns().isEmpty, "not again at once")
            var outcomes: [ScheduledRun.Outcome] = []
            for _ in 0..<5 {
                world.clock.advance(by: .seconds(60))
                outcomes += try await world.control.beginDueRuns().map(\.outcome)
            }
            guard case .postponed? = outcomes.first, case .refused(.unexpected, _)? = outcomes.last, outcomes.count == 2
            else {
                Issue.record("\(outcomes)")
                return
            }
            #expect(try await failed(world).map(\.vault) == [first])
        }
    }

    @Test("a policy that can't be read, and a vault whose rules can't, are told of and hold up no others")
    func badPolicy() async throws {
        try await World.with { world in
            let bad = try await policy(world) { $0.maxBackups = 1 }
            let good = try await policy(world) { $0.maxBackups = 1 }
            _ = try await vault(world, "a", bad)
            let vault = try await vault(world, "b", good)
            let problems = Mutex<[PolicyProblem]>([])
            let report: ControlPlane.ReportProblem = { problem in problems.withLock { $0.append(problem) } }
            _ = try await world.control.advanceSchedules(report: report)
            for _ in 0..<2 {
                world.clock.advance(by: Self.day)
                _ = try await world.control.advanceSchedules(report: report)
                _ = try await world.control.beginDueRuns()
                try await world.work()
            }
            #expect(problems.withLock { $0.isEmpty })
            _ = try await world.catalog.write { transaction in
                try transaction.execute(
                    "UPDATE policies SET definition = 'no' WHERE id = ?", [.text(bad.text)])
            }
            #expect(try await world.control.expireByPolicies(report: report) == 1)
            #expect(problems.withLock { $0.map(\.policy) } == [nil])
            world.clock.advance(by: Self.day)
            #expect(try await world.control.advanceSchedules(report: report).map(\.policy) == [good])
            #expect(problems.withLock { $0.map(\.policy) } == [nil, bad])
            #expect(begun(try await world.control.beginDueRuns()) == [vault])
        }
    }

    @Test("backups whose time has come go, whatever is wrong with another vault")
    func badTime() async throws {
        try await World.with { world in
            let vaults = [
                try await world.vault([try await world.register("a")]),
                try await world.vault([try await world.register("b")]),
            ]
            for vault in vaults {
                _ = try await world.control.createCheckpoint(
                    CheckpointDraft(vault: vault, retentionDays: 1), by: World.admin)
            }
            try await world.work()
            _ = try await world.catalog.write { transaction in
                try transaction.execute(
                    "UPDATE vaults SET settings = 'no' WHERE id = ?", [.text(vaults[0].text)])
            }
            world.clock.advance(by: Self.day * 2)
            let problems = Mutex<[PolicyProblem]>([])
            #expect(
                try await world.control.expireByTime { problem in problems.withLock { $0.append(problem) } } == 1)
            #expect(problems.withLock { $0.map(\.vault) } == [vaults[0]])
        }
    }

    @Test("a region that is away is asked once, and backups come before all that goes there")
    func silentRegion() async throws {
        let far = FarRegion()
        try await World.with(peers: far) { world in
            let away = try await policy(world, ["FREQ=DAILY;INTERVAL=1;BYHOUR=02;BYMINUTE=00"]) {
                $0.destinationRegion = FarRegion.region
                $0.destinationProject = FarRegion.project.text
            }
            let nightly = try await policy(world)
            for number in 0..<5 {
                let vault = try await vault(world, "r\(number)", away, destination: FarRegion.vault)
                _ = try await world.control.associate([nightly], with: vault, destination: nil, by: World.admin)
            }
            _ = try await world.control.advanceSchedules()
            world.clock.advance(by: Self.day)
            _ = try await world.control.advanceSchedules()
            far.change {
                $0.isAway = true
                $0.questions = 0
            }
            var silent = SilentRegions()
            #expect(begun(try await world.control.beginDueRuns(.backup, silent: &silent)).count == 5)
            #expect(far.questions == 0)
            for _ in 0..<5 {
                let runs = try await world.control.beginDueRuns(.replication, limit: 1, silent: &silent)
                guard case .refused(.regionUnreachable, _)? = runs.first?.outcome, runs.count == 1 else {
                    Issue.record("\(runs)")
                    return
                }
            }
            #expect(far.questions == 1)
            #expect(try await failed(world).count == 5)
        }
    }

    @Test("what waits in its window does not begin when its policy is switched off or runs by another pattern")
    func changedInWindow() async throws {
        try await World.with { world in
            let id = try await policy(world, window: 480)
            for number in 0..<3 { _ = try await vault(world, "r\(number)", id) }
            _ = try await world.control.advanceSchedules()
            func evening() async throws {
                try untilRun(world)
                _ = try await world.control.advanceSchedules()
            }
            try await evening()
            #expect(try await waiting(world).count == 3)
            var change = PolicyChange()
            change.name = "q"
            change.definition = PolicyDefinition()
            change.definition?.maxBackups = 3
            _ = try await world.control.updatePolicy(id, change, by: World.admin)
            #expect(try await waiting(world).count == 3, "another name changes nothing about the runs")
            change.isEnabled = false
            _ = try await world.control.updatePolicy(id, change, by: World.admin)
            #expect(try await waiting(world).isEmpty)
            change.isEnabled = true
            _ = try await world.control.updatePolicy(id, change, by: World.admin)
            try await evening()
            #expect(try await waiting(world).count == 3, "planned from the change on")
            change.pattern = ["FREQ=DAILY;INTERVAL=1;BYHOUR=5;BYMINUTE=00"]
            _ = try await world.control.updatePolicy(id, change, by: World.admin)
            #expect(try await waiting(world).isEmpty)
        }
    }

    @Test("another name just when a run is due does not lose the run")
    func renamedWhenDue() async throws {
        try await World.with { world in
            let id = try await policy(world)
            let vault = try await vault(world, "a", id)
            _ = try await world.control.advanceSchedules()
            world.clock.advance(by: Self.day)
            var change = PolicyChange()
            change.name = "q"
            _ = try await world.control.updatePolicy(id, change, by: World.admin)
            _ = try await world.control.advanceSchedules()
            #expect(begun(try await world.control.beginDueRuns()) == [vault])
        }
    }

    @Test(
        "what was set down before a shutdown and what came after is caught up in one run, and events say how many were missed"
    )
    func caughtUpOnce() async throws {
        try await World.with { world in
            let id = try await policy(world, window: 60)
            let vault = try await vault(world, "a", id)
            _ = try await world.control.advanceSchedules()
            let now = Instant(world.clock.seams.now())
            let next = try #require(
                try Schedule(pattern: Self.daily, start: Instant(microseconds: 0)).next(after: now))
            world.clock.advance(by: .microseconds(next.microseconds - now.microseconds))
            _ = try await world.control.advanceSchedules()
            #expect(try await waiting(world).count == 1)
            world.clock.advance(by: Self.day * 5)
            let late = try await self.vault(world, "b", id)
            let turns = try await world.control.advanceSchedules()
            #expect(turns.first?.missed == 5, "four, and the one that had not begun")
            // The other vault's turn is in its window.
            world.clock.advance(by: .seconds(3600))
            #expect(Set(begun(try await world.control.beginDueRuns())) == [vault, late])
            #expect(try await waiting(world).isEmpty)
            let events = try await world.control.listEvents(by: World.admin).rows
            #expect(events.map(\.kind) == [.runsMissed] && events.first?.vault == vault)
            #expect(events.first?.message.contains("missed 5 runs of policy 'p'") == true)
        }
    }

    @Test(
        "a run is caught up though the server ended before its scheduler saw the policy, or its change",
        arguments: [0, 1])
    func endedAtOnce(changes: Int) async throws {
        try await World.with { world in
            let id = try await policy(world, changes == 0 ? Self.daily : ["FREQ=DAILY;INTERVAL=1;BYHOUR=9;BYMINUTE=00"])
            let vault = try await vault(world, "a", id)
            if changes > 0 {
                _ = try await world.control.advanceSchedules()
                var change = PolicyChange()
                change.pattern = Self.daily
                _ = try await world.control.updatePolicy(id, change, by: World.admin)
            }
            let next = try untilRun(world)
            world.clock.advance(by: .seconds(1800))
            let turns = try await world.control.advanceSchedules()
            #expect(turns.map(\.runAt) == [next] && turns.first?.isLate == true && turns.first?.missed == 0)
            #expect(begun(try await world.control.beginDueRuns()) == [vault])
            let events = try await world.control.listEvents(by: World.admin).rows
            #expect(events.map(\.kind) == [.runsMissed])
            #expect(events.first?.message.contains("missed the run of policy 'p' at ") == true)
        }
    }

    @Test("two policies whose time is the same back a vault up one after the other")
    func sameTime() async throws {
        try await World.with { world in
            var rules = PolicyRules()
            rules.allowsSeveral = true
            let control = ControlPlane(
                database: world.catalog, inspector: world.places, seams: world.clock.seams, policyRules: rules)
            let ids = [try await policy(world), try await policy(world)]
            let (a, b) = (try await world.register("a"), try await world.register("b"))
            let vault = try await world.vault([a, b])
            _ = try await control.associate(ids, with: vault, destination: nil, by: World.admin)
            _ = try await control.advanceSchedules()
            try untilRun(world)
            _ = try await control.advanceSchedules()
            let runs = try await control.beginDueRuns()
            #expect(begun(runs) == [vault] && runs.count == 2)
            // One resource is done: the other policy's run still waits for the second.
            let leased = try #require(try await control.leaseOperation(worker: "w", for: World.lease))
            try await control.failOperation(leased, .init(code: .unexpected, message: "made to fail"))
            world.clock.advance(by: .seconds(60))
            #expect(begun(try await control.beginDueRuns()) == [])
            try await world.work()
            world.clock.advance(by: .seconds(60))
            #expect(begun(try await control.beginDueRuns()) == [vault])
            try await world.work()
            #expect(try await failed(world).count == 1, "the one that was made to fail")
            #expect(try await waiting(world).isEmpty)
            #expect(try await world.control.listEvents(by: World.admin).rows.isEmpty)
        }
    }

    @Test("a run does not wait for ever for one busy resource, and gives way to the next run while all are")
    func busy() async throws {
        try await World.with { world in
            let id = try await policy(world)
            let (a, b) = (try await world.register("a"), try await world.register("b"))
            let vault = try await world.vault([a, b])
            _ = try await world.control.associate([id], with: vault, destination: nil, by: World.admin)
            _ = try await world.control.advanceSchedules()
            // It never ends.
            try untilRun(world)
            _ = try await world.checkpoint(vault, [a])
            _ = try await world.control.advanceSchedules()
            var minutes = 0
            while begun(try await world.control.beginDueRuns()).isEmpty, minutes < 100 {
                minutes += 1
                world.clock.advance(by: .seconds(60))
            }
            #expect(minutes == 60)
            // Now both are busy.
            for _ in 0..<3 {
                try untilRun(world)
                _ = try await world.control.advanceSchedules()
                #expect(begun(try await world.control.beginDueRuns()) == [])
                #expect(try await waiting(world).count == 1)
            }
            #expect(try await failed(world).isEmpty)
            let events = try await world.control.listEvents(by: World.admin).rows
            #expect(events.map(\.kind) == [.runsMissed, .runsMissed])
        }
    }

    @Test("one resource whose backup never ends holds up no others, however often the policy runs")
    func busyAndOften() async throws {
        try await World.with { world in
            let id = try await policy(world, (0..<24).map { "FREQ=DAILY;INTERVAL=1;BYHOUR=\($0);BYMINUTE=00" })
            let (a, b) = (try await world.register("a"), try await world.register("b"))
            let vault = try await world.vault([a, b])
            _ = try await world.control.associate([id], with: vault, destination: nil, by: World.admin)
            _ = try await world.control.advanceSchedules()
            _ = try await world.checkpoint(vault, [a])
            let stuck = try #require(try await world.control.leaseOperation(worker: "stuck", for: Self.day))
            var count = 0
            for _ in 0..<(6 * 60) {
                world.clock.advance(by: .seconds(60))
                _ = try await world.control.advanceSchedules()
                count += begun(try await world.control.beginDueRuns()).count
                try await world.work()
            }
            #expect(count >= 5)
            #expect(try await world.backups(vault).filter { $0.record.resource == b }.count == count)
            #expect(try await failed(world).isEmpty)
            #expect(stuck.project == World.project)
        }
    }

    @Test("hourly runs that wait in a long window do not push each other out")
    func overlappingWindows() async throws {
        try await World.with { world in
            let id = try await policy(
                world, (0..<24).map { "FREQ=DAILY;INTERVAL=1;BYHOUR=\($0);BYMINUTE=00" }, window: 480)
            _ = try await vault(world, "a", id)
            _ = try await world.control.advanceSchedules()
            var count = 0
            for _ in 0..<(48 * 12) {
                world.clock.advance(by: .seconds(300))
                _ = try await world.control.advanceSchedules()
                count += begun(try await world.control.beginDueRuns()).count
                try await world.work()
            }
            #expect((39...48).contains(count), "\(count)")
            #expect(try await world.control.listEvents(by: World.admin).rows.isEmpty)
        }
    }

    @Test("a zone that is gone leaves a failed operation a day and never counts as UTC; when it is back, runs go on")
    func zoneGone() async throws {
        try await World.with { world in
            var rules = PolicyRules()
            rules.allowsTimeZone = true
            let control = ControlPlane(
                database: world.catalog, inspector: world.places, seams: world.clock.seams, policyRules: rules)
            let id = try await policy(world, zone: "Europe/Berlin", control: control)
            let vault = try await vault(world, "a", id)
            _ = try await world.control.advanceSchedules()
            func rename(_ zone: String) async throws {
                try await world.catalog.write { transaction in
                    var policy = try #require(try transaction.policies.find(id, in: World.project))
                    policy.timing.timeZone = zone
                    policy.version += 1
                    #expect(try transaction.policies.update(policy))
                }
            }
            try await rename("Europe/Nowhere")
            let problems = Mutex(0)
            for days in 1...2 {
                for _ in 0..<24 {
                    let turns = try await world.control.advanceSchedules { _ in problems.withLock { $0 += 1 } }
                    #expect(turns.isEmpty)
                    world.clock.advance(by: .seconds(3600))
                }
                #expect(try await failed(world).count == days && problems.withLock { $0 } == days)
            }
            guard case .failed(let failure)? = try await failed(world).first?.state else { return }
            #expect(failure.message.contains("Europe/Nowhere"))
            await expectRefused(.invalid) { _ = try await control.previewPolicy(id, by: World.admin) }
            try await rename("Europe/Berlin")
            _ = try await world.control.advanceSchedules()
            world.clock.advance(by: Self.day)
            _ = try await world.control.advanceSchedules()
            #expect(begun(try await world.control.beginDueRuns()) == [vault])
        }
    }

    @Test("after a setting is narrowed, a policy keeps what it has, and all else of it may be changed")
    func narrowed() async throws {
        try await World.with { world in
            var rules = PolicyRules()
            rules.allowsTimeZone = true
            rules.limits = Schedule.Limits(minutesBetweenMin: 5)
            let wide = ControlPlane(
                database: world.catalog, inspector: world.places, seams: world.clock.seams, policyRules: rules)
            let id = try await policy(
                world, ["FREQ=DAILY;INTERVAL=1;BYHOUR=3;BYMINUTE=00,10"], zone: "Europe/Berlin", control: wide
            ) {
                $0.timezone = "Europe/Berlin"
                $0.dayBackups = 1
            }
            var change = PolicyChange()
            change.name = "q"
            change.isEnabled = false
            change.pattern = ["FREQ=DAILY;INTERVAL=1;BYHOUR=3;BYMINUTE=00,10"]
            var changed = try await world.control.updatePolicy(id, change, by: World.admin).record
            #expect(changed.name == "q" && !changed.isEnabled && changed.timing.timeZone == "Europe/Berlin")
            change.definition = changed.definition
            change.definition?.dayBackups = 2
            _ = try await world.control.updatePolicy(id, change, by: World.admin)
            change.pattern = ["FREQ=DAILY;INTERVAL=1;BYHOUR=3;BYMINUTE=00,20"]
            await expectRefused(.invalid) {
                _ = try await world.control.updatePolicy(id, change, by: World.admin)
            }
            change.pattern = Self.daily
            change.timeZone = .some("Europe/Paris")
            await expectRefused(.invalid) {
                _ = try await world.control.updatePolicy(id, change, by: World.admin)
            }
            change.timeZone = .some(nil)
            changed = try await world.control.updatePolicy(id, change, by: World.admin).record
            #expect(changed.timing.timeZone == nil)
        }
    }

    @Test("a replication policy is bound where the other region takes replicas, and nowhere else")
    func destinations() async throws {
        let far = FarRegion()
        try await World.with(peers: far) { world in
            func policy(_ region: String, _ project: String) async throws -> PolicyID {
                try await self.policy(world) {
                    $0.destinationRegion = region
                    $0.destinationProject = project
                }
            }
            let good = try await policy(FarRegion.region, FarRegion.project.text)
            let nowhere = try await policy("nowhere-1", FarRegion.project.text)
            let stranger = try await policy(FarRegion.region, "p")
            let vault = try await world.vault([try await world.register("a")])
            func bind(_ id: PolicyID, _ destination: VaultID = FarRegion.vault) async throws {
                _ = try await world.control.associate([id], with: vault, destination: destination, by: World.user)
            }
            await expectRefused(.regionUnknown) { try await bind(nowhere) }
            await expectRefused(.projectNotPaired) { try await bind(stranger) }
            await expectRefused(.targetVaultMissing) { try await bind(good, VaultID("none")) }
            far.change { $0.vault = FarRegion.vault(objectType: .turbo) }
            await expectRefused(.targetVaultUnfit) { try await bind(good) }
            far.change { $0.vault = FarRegion.vault(objectType: .disk, protectType: .backup) }
            await expectRefused(.targetVaultUnfit) { try await bind(good) }
            far.change { $0.vault = FarRegion.vault(objectType: .disk) }
            far.change { $0.isAway = true }
            await expectRefused(.regionUnreachable) { try await bind(good) }
            far.change { $0.isAway = false }
            try await bind(good)
            // What holds already needs nobody's word.
            far.change { $0.isAway = true }
            try await bind(good)
        }
    }
}
