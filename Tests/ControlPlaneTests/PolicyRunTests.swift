import Catalog
import ControlPlane
import Foundation
import HoldfastCore
import TestSupport
import Testing

@Suite("Policies run and expire")
struct PolicyRunTests {
    private func policy(
        _ world: World, _ pattern: [String], window: Int? = nil, _ change: (inout PolicyDefinition) -> Void = { _ in }
    ) async throws -> PolicyID {
        var definition = PolicyDefinition()
        change(&definition)
        return try await world.control.createPolicy(
            PolicyDraft(name: "p", kind: .backup, definition: definition, pattern: pattern, windowMinutes: window),
            by: World.admin
        ).record.id
    }

    @Test("a time zone has the documented form; names of zones are for servers that allow them")
    func zones() async throws {
        try await World.with { world in
            var rules = PolicyRules()
            rules.allowsTimeZone = true
            let lenient = ControlPlane(
                database: world.catalog, inspector: world.places, seams: world.clock.seams, policyRules: rules)
            @discardableResult
            func make(_ zone: String, by control: ControlPlane) async throws -> PolicyRecord {
                var definition = PolicyDefinition()
                definition.timezone = zone
                return try await control.createPolicy(
                    PolicyDraft(name: "p", kind: .backup, definition: definition, pattern: Self.daily), by: World.admin
                ).record
            }
            for zone in ["UTC+08:00", "UTC-03:30"] {
                for control in [world.control, lenient] { try await make(zone, by: control) }
            }
            for zone in ["UTC", "Europe/Berlin"] {
                await expectRefused(.invalid) { try await make(zone, by: world.control) }
                let made = try await make(zone, by: lenient)
                // What was taken before does not keep the rest from changing.
                var change = PolicyChange()
                change.isEnabled = false
                _ = try await world.control.updatePolicy(made.id, change, by: World.admin)
                // Clients send all of it back with what they change.
                change.definition = made.definition
                change.definition?.maxBackups = 3
                let resent = change
                _ = try await world.control.updatePolicy(made.id, resent, by: World.admin)
                change.definition?.timezone = "Europe/Paris"
                let other = change
                await expectRefused(.invalid) {
                    _ = try await world.control.updatePolicy(made.id, other, by: World.admin)
                }
            }
            for control in [world.control, lenient] {
                for zone in ["UTC+8", "UTC+99:00", "Nowhere"] {
                    await expectRefused(.invalid) { try await make(zone, by: control) }
                }
            }
        }
    }

    private static let daily = ["FREQ=DAILY;INTERVAL=1;BYHOUR=3;BYMINUTE=00"]

    /// What a server's scheduler does at every look.
    @discardableResult
    private func look(_ world: World) async throws -> (turns: [PolicyTurn], begun: Int) {
        let turns = try await world.control.advanceSchedules()
        let runs = try await world.control.beginDueRuns()
        return (turns, runs.count { if case .began = $0.outcome { true } else { false } })
    }

    @Test("a simulated year of daily runs makes one restore point each day, and keeps what the rules say")
    func year() async throws {
        try await World.with { world in
            let vault = try await world.vault([try await world.register("a")])
            let id = try await policy(world, Self.daily) {
                $0.maxBackups = 3
                $0.weekBackups = 4
                $0.monthBackups = 12
                $0.timezone = "UTC+00:00"
            }
            _ = try await world.control.associate([id], with: vault, destination: nil, by: World.admin)
            try await look(world)
            var begun = 0
            for day in 1...365 {
                world.clock.advance(by: .seconds(86_400))
                begun += try await look(world).begun
                #expect(try await look(world).begun == 0, "a second look on day \(day) begins nothing")
                try await world.work()
                _ = try await world.control.expireByPolicies()
                try await world.work()
            }
            #expect(begun == 365)
            let left = try await world.backups(vault).map(\.record)
            #expect((15...19).contains(left.count), "3 newest, 4 weeks and 12 months, some of them the same")
            #expect(left.allSatisfy { $0.isAutomatic && $0.name.hasPrefix("autobk_") })
            let preview = try await world.control.previewPolicy(id, by: World.admin)
            #expect(preview.vaults.first?.items.allSatisfy { $0.decision.isKept } == true)
            #expect(preview.runs.count == 5)
            var strict = PolicyDefinition()
            strict.maxBackups = 1
            let less = try await world.control.previewPolicy(id, changedBy: strict, by: World.admin)
            #expect(less.vaults.first?.items.filter { $0.decision.isKept }.count == 1)
            #expect(try await world.backups(vault).count == left.count, "a look changes nothing")
        }
    }

    @Test("runs that were missed are caught up once, and counted")
    func missed() async throws {
        try await World.with { world in
            let vault = try await world.vault([try await world.register("a")])
            let id = try await policy(world, Self.daily)
            _ = try await world.control.associate([id], with: vault, destination: nil, by: World.admin)
            try await look(world)
            world.clock.advance(by: .seconds(86_400 * 10))
            let (turns, begun) = try await look(world)
            #expect(turns.first?.missed == 9 && begun == 1)
            #expect(try await look(world).turns.isEmpty)
        }
    }

    @Test("runs of many vaults are spread over the window, and several servers begin each once")
    func spread() async throws {
        try await World.with { world in
            let id = try await policy(world, Self.daily, window: 60)
            for number in 0..<20 {
                let vault = try await world.vault([try await world.register("r\(number)")])
                _ = try await world.control.associate([id], with: vault, destination: nil, by: World.admin)
            }
            try await look(world)
            let next = try #require(try await world.control.nextScheduledMoment())
            let now = Instant(world.clock.seams.now())
            world.clock.advance(by: .microseconds(next.microseconds - now.microseconds))
            let other = ControlPlane(database: world.catalog, inspector: world.places, seams: world.clock.seams)
            var begun: [Int] = []
            for _ in 0...60 {
                async let turns = (world.control.advanceSchedules(), other.advanceSchedules())
                _ = try await turns
                async let runs = (world.control.beginDueRuns(), other.beginDueRuns())
                let (mine, others) = try await runs
                begun.append((mine + others).count { if case .began = $0.outcome { true } else { false } })
                world.clock.advance(by: .seconds(60))
            }
            #expect(begun.reduce(0, +) == 20)
            #expect(begun.count { $0 > 0 } > 5, "spread over the hour: \(begun)")
        }
    }

    @Test("a policy that is off, unbound or changed runs accordingly; a vault with nothing to back up is said to be so")
    func changes() async throws {
        try await World.with { world in
            let vault = try await world.vault([try await world.register("a")])
            let id = try await policy(world, Self.daily)
            _ = try await world.control.associate([id], with: vault, destination: nil, by: World.admin)
            try await look(world)
            var change = PolicyChange()
            change.isEnabled = false
            _ = try await world.control.updatePolicy(id, change, by: World.admin)
            world.clock.advance(by: .seconds(86_400 * 2))
            #expect(try await look(world).begun == 0)
            change.isEnabled = true
            change.pattern = ["FREQ=WEEKLY;BYDAY=SU;BYHOUR=1;BYMINUTE=00"]
            _ = try await world.control.updatePolicy(id, change, by: World.admin)
            #expect(try await look(world).turns.isEmpty, "what came while it was off is not caught up")
            world.clock.advance(by: .seconds(86_400 * 7))
            #expect(try await look(world).begun == 1)
            try await world.work()
            try await world.control.dissociate(id, from: vault, by: World.admin)
            let empty = try await world.vault([])
            _ = try await world.control.associate([id], with: empty, destination: nil, by: World.admin)
            world.clock.advance(by: .seconds(86_400 * 7))
            _ = try await world.control.advanceSchedules()
            let runs = try await world.control.beginDueRuns()
            guard case .refused(.nothingToBackUp, _) = runs.first?.outcome else {
                Issue.record("\(runs)")
                return
            }
            #expect(try await world.control.beginDueRuns().isEmpty)
            #expect(try await failed(world).isEmpty, "a vault that holds nothing misses nothing")
        }
    }

    private func failed(_ world: World) async throws -> [OperationRecord] {
        try await world.control.listOperations(by: World.admin).rows.filter {
            if case .failed = $0.state { true } else { false }
        }
    }

    @Test("a run that could not begin leaves one failed operation that says why, whoever looks how often")
    func refused() async throws {
        try await World.with { world in
            let resource = try await world.register("a")
            let vault = try await world.vault([resource])
            let id = try await policy(world, Self.daily)
            _ = try await world.control.associate([id], with: vault, destination: nil, by: World.admin)
            _ = try await world.control.setSuspended(true, resources: [resource], in: vault, by: World.admin)
            try await look(world)
            let other = ControlPlane(database: world.catalog, inspector: world.places, seams: world.clock.seams)
            for days in 1...2 {
                world.clock.advance(by: .seconds(86_400))
                _ = try await world.control.advanceSchedules()
                async let runs = (world.control.beginDueRuns(), other.beginDueRuns())
                let (mine, others) = try await runs
                let refused = (mine + others).count { if case .refused = $0.outcome { true } else { false } }
                #expect(refused == 1)
                #expect(try await look(world).begun == 0)
                #expect(try await failed(world).count == days)
            }
            let first = try #require(try await failed(world).first)
            guard case .failed(let failure) = first.state else { return }
            #expect(failure.code == .nothingToBackUp)
            #expect(failure.message.contains("suspended"), "\(failure.message)")
            #expect(first.subject.policy == id)
            #expect(first.kind == .backup && first.vault == vault && first.requestID.hasPrefix("policy-"))
            #expect(first.startedAt != nil && first.endedAt != nil && first.progressPercent == 0)
            // What stands still is no work for anybody.
            try await world.work()
            _ = try await world.control.setSuspended(false, resources: [resource], in: vault, by: World.admin)
            world.clock.advance(by: .seconds(86_400))
            #expect(try await look(world).begun == 1)
            #expect(try await failed(world).count == 2)
            let begun = try #require(try await world.control.listOperations(by: World.admin).rows.first)
            #expect(begun.state == .queued && begun.subject.policy == id)
        }
    }

    @Test("every so-many-th run reads everything anew", arguments: [(-1, 0), (1, 6), (3, 2), (0, 6)])
    func full(interval: Int, expected: Int) async throws {
        try await World.with { world in
            let vault = try await world.vault([try await world.register("a")])
            let id = try await policy(world, Self.daily) { $0.fullBackupInterval = interval }
            _ = try await world.control.associate([id], with: vault, destination: nil, by: World.admin)
            try await look(world)
            for _ in 0..<6 {
                world.clock.advance(by: .seconds(86_400))
                try await look(world)
                try await world.work()
            }
            #expect(try await world.backups(vault).count { !$0.record.isIncremental } == expected)
        }
    }

    @Test("by retention go automatic backups that are whole and free: not manual ones, nor one that is being restored")
    func spared() async throws {
        try await World.with { world in
            let vault = try await world.vault([try await world.register("a")])
            _ = try await world.checkpoint(vault)
            try await world.work()
            let id = try await policy(world, Self.daily) { $0.maxBackups = 1 }
            _ = try await world.control.associate([id], with: vault, destination: nil, by: World.admin)
            try await look(world)
            for _ in 0..<3 {
                world.clock.advance(by: .seconds(86_400))
                try await look(world)
                try await world.work()
            }
            let automatic = try await world.backups(vault).map(\.record).filter(\.isAutomatic)
            let oldest = try #require(automatic.min { $0.createdAt < $1.createdAt })
            _ = try await world.control.restoreBackup(
                RestoreDraft(backup: oldest.id, target: .original), by: World.admin)
            #expect(try await world.control.expireByPolicies() == 1)
            try await world.work()
            #expect(try await world.control.expireByPolicies() == 1)
            try await world.work()
            let left = try await world.backups(vault).map(\.record)
            #expect(left.count == 2 && left.contains { !$0.isAutomatic })
        }
    }
}
