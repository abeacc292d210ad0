import Catalog
import ControlPlane
import Foundation
import HoldfastCore
import Jobs
import TestSupport
import Testing

/// Goal: a process may die between any two steps, and the next one finishes what was begun, exactly once.
/// Method: a first worker dies at its n-th moment, for every n until it lives to the end; then a second one starts.
@Suite("A worker may die at any moment")
struct CrashTests {
    /// More moments than any of the scenarios has.
    static let momentsMax = 60

    @Test("of backups: each becomes available once, and nothing is stored twice")
    func backups() async throws {
        try await everyMoment { bench in
            let vault = try await bench.makeVault(resources: 2)
            _ = try await bench.checkpoint(vault)
            return vault
        } check: { bench, vault in
            let backups = try await bench.backups()
            #expect(backups.map(\.status) == [.available, .available])
            #expect(Set(backups.compactMap(\.record.restorePoint)) == Set(bench.engine.seen.points.keys))
            #expect(backups.allSatisfy { $0.record.storedBytes == 10 && $0.record.logicalBytes == 1000 })
            #expect(try await bench.checkpoint(vault).resources.count == 2, "the resources are free again")
        }
    }

    @Test("of a restore: it is repeated until it is done")
    func restores() async throws {
        try await everyMoment { bench in
            let vault = try await bench.makeVault()
            _ = try await bench.checkpoint(vault)
            try await bench.withWorker { try await bench.untilIdle() }
            let backup = try #require(try await bench.backups().first).record
            _ = try await bench.control.restoreBackup(RestoreDraft(backup: backup.id), by: Bench.caller())
            return backup
        } check: { bench, backup in
            let backups = try await bench.backups()
            #expect(bench.engine.seen.targets.values.map(\.self) == [backup.restorePoint])
            #expect(backups.map(\.status) == [.available])
        }
    }

    @Test("of a deletion: the bytes go before the row, and both go")
    func deletions() async throws {
        try await everyMoment { bench in
            let vault = try await bench.makeVault(resources: 2)
            _ = try await bench.checkpoint(vault)
            try await bench.withWorker { try await bench.untilIdle() }
            let backups = try await bench.backups().map(\.record)
            try await bench.control.deleteBackup(backups[0].id, by: Bench.caller())
            return backups[1]
        } check: { bench, kept in
            let backups = try await bench.backups()
            #expect(backups.map(\.record.id) == [kept.id])
            #expect(bench.engine.seen.points.keys.map(\.self) == [kept.restorePoint])
        }
    }

    @Test("of a vault's removal: nothing of it is left")
    func vaultRemovals() async throws {
        try await everyMoment { bench in
            let vault = try await bench.makeVault(resources: 3)
            _ = try await bench.checkpoint(vault)
            try await bench.withWorker { try await bench.untilIdle() }
            try await bench.control.deleteVault(vault.record.id, by: Bench.caller())
        } check: { bench, _ in
            let backups = try await bench.backups()
            let vaults = try await bench.control.listVaults(by: Bench.caller())
            #expect(bench.engine.seen.points.isEmpty && backups.isEmpty && vaults.rows.isEmpty)
        }
    }

    @Test("of a resource's removal from its vault: it and its backups are gone, the others stay")
    func resourceRemovals() async throws {
        try await everyMoment { bench in
            let vault = try await bench.makeVault(resources: 2)
            _ = try await bench.checkpoint(vault)
            try await bench.withWorker { try await bench.untilIdle() }
            let leaving = vault.members[0].resource.id
            _ = try await bench.control.removeResources([leaving], from: vault.record.id, by: Bench.caller())
            return vault
        } check: { bench, vault in
            let left = try await bench.control.showVault(vault.record.id, by: Bench.caller())
            #expect(left.members.map(\.resource.id) == [vault.members[1].resource.id])
            #expect(bench.engine.seen.points.count == 1)
            #expect(try await bench.backups().map(\.status) == [.available])
        }
    }

    private func everyMoment<Subject: Sendable>(
        prepare: (Bench) async throws -> Subject, check: (Bench, Subject) async throws -> Void
    ) async throws {
        var diedLast = true
        for moment in 1...Self.momentsMax where diedLast {
            try await Bench.with { bench in
                let subject = try await prepare(bench)
                let life = Mortality(diesAt: moment)
                try await bench.live(life)
                diedLast = life.isDead

                _ = try await bench.control.recoverInterrupted()
                try await bench.withWorker { try await bench.untilIdle() }

                let failed = try await bench.operations().filter { $0.state != .succeeded }
                #expect(failed.isEmpty, "died at moment \(moment)")
                try await check(bench, subject)
            }
        }
        #expect(!diedLast, "the scenario has more moments than \(Self.momentsMax)")
    }
}

extension Bench {
    /// Runs a worker until it has done everything, or is dead.
    fileprivate func live(_ life: Mortality) async throws {
        // A clock of its own: once it is dead, whatever of it still sleeps ends, and acts on nothing.
        let clock = ManualClock(seed: 2)
        let control = ControlPlane(
            database: MortalCatalog(base: catalog, life: life), inspector: EverythingIsThere(), seams: clock.seams)
        var limits = WorkerLimits()
        limits.parallel = 1
        let worker = Worker(
            name: "mortal", control: control, dataPlane: MortalDataPlane(base: engine, life: life), limits: limits,
            seams: clock.seams, logger: .silent)
        let running = Task { await worker.run() }
        try await eventually("the worker is done, or dead") {
            if life.isDead { return true }
            return try await catalog.read { try $0.operations.unfinished().isEmpty }
        }
        running.cancel()
        clock.stop()
        await running.value
    }
}
