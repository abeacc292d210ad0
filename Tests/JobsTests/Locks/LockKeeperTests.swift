import Catalog
import ControlPlane
import Foundation
import HoldfastCore
import Jobs
import Logging
import ObjectStorage
import Repository
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing
import Transfer

@Suite("Locks and holds reach the repository")
struct LockKeeperTests {
    /// Runs a keeper beside `body`, whose looks follow each other without rest.
    private func withKeeper(
        _ bench: Bench, _ engine: (any DataPlane)? = nil, logger: Logger = .silent, _ body: () async throws -> Void
    ) async throws {
        var seams = bench.clock.seams
        seams.sleep = { _ in try await Seams.live.sleep(.milliseconds(20)) }
        let keeper = LockKeeper(
            control: bench.control, dataPlane: engine ?? bench.engine, seams: seams, logger: logger)
        let running = Task { await keeper.run() }
        let result = await Result { try await body() }
        running.cancel()
        await running.value
        try result.get()
    }

    private func backUp(_ bench: Bench, _ vault: VaultView) async throws {
        try await bench.withWorker {
            _ = try await bench.checkpoint(vault)
            try await bench.untilIdle()
        }
    }

    private func lock(_ bench: Bench, _ vault: VaultView) async throws {
        _ = try await bench.control.updateVault(
            vault.record.id, VaultChange(isLocked: true), by: Bench.caller())
    }

    private func untilWritten(_ bench: Bench) async throws {
        try await eventually("all is written") { try await bench.control.pendingLocks(limit: 10).isEmpty }
    }

    @Test("those of a vault that is locked, those made in it later, and times that become later")
    func vault() async throws {
        try await Bench.with { bench in
            let vault = try await bench.makeVault(resources: 2)
            try await backUp(bench, vault)
            #expect(try await bench.control.pendingLocks(limit: 10).isEmpty, "nothing is locked yet")
            try await lock(bench, vault)
            #expect(try await bench.control.pendingLocks(limit: 10).count == 2)
            try await withKeeper(bench) {
                try await untilWritten(bench)
                #expect(bench.engine.seen.locks.map(\.keep) == [.forever, .forever])
                try await backUp(bench, vault)
                try await untilWritten(bench)
                #expect(bench.engine.seen.locks.count == 4)
            }
            #expect(Set(bench.engine.seen.locks.map(\.restorePoint)) == Set(bench.engine.seen.points.keys))
            #expect(try await bench.backups().allSatisfy { $0.record.keptUntil == .never })
        }
    }

    @Test("a hold, and its end; a backup released moments ago can be deleted at once")
    func holds() async throws {
        try await Bench.with { bench in
            let vault = try await bench.makeVault()
            try await backUp(bench, vault)
            let id = try #require(try await bench.backups().first).record.id
            try await withKeeper(bench) {
                _ = try await bench.control.holdBackup(id, reason: "a lawsuit", by: Bench.caller())
                try await untilWritten(bench)
                #expect(bench.engine.seen.locks.map(\.hold) == [.begins(reason: "a lawsuit")])
                try await bench.control.releaseBackup(id, by: Bench.caller())
                try await untilWritten(bench)
                #expect(bench.engine.seen.locks.map(\.hold) == [.begins(reason: "a lawsuit"), .ends])
                _ = try await bench.control.holdBackup(id, reason: "again", by: Bench.caller())
                try await untilWritten(bench)
            }
            try await bench.control.releaseBackup(id, by: Bench.caller())
            try await bench.control.deleteBackup(id, by: Bench.caller())
            try await bench.withWorker { try await bench.untilIdle() }
            #expect(bench.engine.seen.locks.last?.hold == .ends)
            #expect(bench.engine.seen.points.isEmpty)
        }
    }

    /// Goal: what was acknowledged as locked does not stay unwritten after a crash. Method: a process that dies at each of its
    /// steps, and another after it.
    @Test("a process that ends at any step leaves it to the next", arguments: 1...3)
    func crash(step: Int) async throws {
        try await Bench.with { bench in
            let vault = try await bench.makeVault(resources: 2)
            try await backUp(bench, vault)
            try await lock(bench, vault)
            let dying = DyingDataPlane(inner: bench.engine, step: step)
            try await withKeeper(bench, dying) {
                try await eventually("it has come that far") { dying.count >= step }
            }
            try await withKeeper(bench) { try await untilWritten(bench) }
            #expect(Set(bench.engine.seen.locks.map(\.restorePoint)) == Set(bench.engine.seen.points.keys))
        }
    }

    @Test("of a restore point that somebody removed first: the log names it, once")
    func removedFirst() async throws {
        try await Bench.with { bench in
            let vault = try await bench.makeVault(resources: 2)
            try await backUp(bench, vault)
            try await lock(bench, vault)
            let gone = try #require(bench.engine.seen.points.keys.first)
            bench.engine.change { $0.points[gone] = nil }
            let warnings = Warnings()
            try await withKeeper(bench, logger: warnings.logger) {
                try await untilWritten(bench)
                // Another look comes and goes.
                try await backUp(bench, vault)
                try await untilWritten(bench)
            }
            #expect(warnings.all.filter { $0.contains("is gone") }.count == 1)
        }
    }

    @Test("those that came since the last look are written before a graceful end")
    func shutdown() async throws {
        try await Bench.with { bench in
            let vault = try await bench.makeVault()
            try await backUp(bench, vault)
            let asleep = Gate()
            var seams = bench.clock.seams
            seams.sleep = { _ in try await asleep.pass() }
            let keeper = LockKeeper(control: bench.control, dataPlane: bench.engine, seams: seams, logger: .silent)
            let services = ServiceGroup(services: [keeper], logger: .silent)
            let running = Task { try await services.run() }
            try await eventually("it has looked") { asleep.arrived == 1 }
            try await lock(bench, vault)
            await services.triggerGracefulShutdown()
            try await running.value
            #expect(bench.engine.seen.locks.count == 1)
            #expect(try await bench.control.pendingLocks(limit: 10).isEmpty)
        }
    }

    @Test("one that can't be written holds up no other, and is written when it can be")
    func failing() async throws {
        try await Bench.with { bench in
            let vault = try await bench.makeVault(resources: 3)
            try await backUp(bench, vault)
            try await lock(bench, vault)
            let bad = try #require(try await bench.control.pendingLocks(limit: 10).first)
            bench.engine.change { $0.unlockable = [bad.restorePoint] }
            try await withKeeper(bench) {
                try await eventually("the others are written") {
                    try await bench.control.pendingLocks(limit: 10).map(\.backup) == [bad.backup]
                }
                #expect(bench.engine.seen.locks.count == 2)
                // One that comes later does not wait for it either.
                try await backUp(bench, vault)
                try await eventually("the later ones are written") {
                    let left = try await bench.control.pendingLocks(limit: 10).map(\.backup)
                    return bench.engine.seen.locks.count == 5 && left == [bad.backup]
                }
                bench.engine.change { $0.unlockable = [] }
                try await untilWritten(bench)
            }
        }
    }

    @Test(
        "a deletion that the repository refuses leaves the backup as it was",
        arguments: ["backup", "vault", "resource"])
    func refused(what: String) async throws {
        try await Bench.with { bench in
            let vault = try await bench.makeVault()
            try await backUp(bench, vault)
            let record = try #require(try await bench.backups().first).record
            let stored = try #require(record.restorePoint.flatMap { bench.engine.seen.points[$0] })
            let later = bench.clock.seams.now() + 86_400
            bench.engine.plant(
                StoredRestorePoint(
                    id: stored.id, labels: stored.labels, logicalBytes: 1, storedBytes: 1, entryCount: 1,
                    warningCount: 0, keep: .until(later)))
            bench.engine.change { $0.unremovable = [stored.id] }
            let id = vault.record.id
            switch what {
            case "backup": try await bench.control.deleteBackup(record.id, by: Bench.caller())
            case "vault": try await bench.control.deleteVault(id, by: Bench.caller())
            default:
                _ = try await bench.control.removeResources([record.resource], from: id, by: Bench.caller())
            }
            try await bench.withWorker { try await bench.untilIdle() }
            let view = try #require(try await bench.backups().first)
            #expect(view.status == .available && view.record.keptUntil == Instant(later))
            _ = try await bench.control.holdBackup(record.id, reason: "x", by: Bench.caller())
            let error = await #expect(throws: ControlError.self) {
                try await bench.control.deleteBackup(record.id, by: Bench.caller())
            }
            #expect(error?.code == .backupHeld)
        }
    }

    @Test("what the repository keeps binds in a catalog that was made again, or is an old copy")
    func recovery() async throws {
        try await Bench.with { bench in
            let vault = try await bench.makeVault(resources: 3)
            try await backUp(bench, vault)
            let records = try await bench.backups().map(\.record)
            let later = bench.clock.seams.now() + 86_400
            let kept: [(keep: KeepTime?, hold: String?)] = [(.forever, nil), (.until(later), nil), (nil, "a lawsuit")]
            for (record, stored) in zip(records, kept) {
                let point = try #require(record.restorePoint.flatMap { bench.engine.seen.points[$0] })
                bench.engine.plant(
                    StoredRestorePoint(
                        id: point.id, labels: point.labels, logicalBytes: 1, storedBytes: 1, entryCount: 1,
                        warningCount: 0, keep: stored.keep, holdReason: stored.hold))
            }
            // One is in the catalog still, as it was before it was locked.
            for record in records.dropFirst() {
                try await bench.catalog.write { try $0.backups.delete(record.id, of: record.checkpoint) }
            }
            let recovery = CatalogRecovery(control: bench.control, dataPlane: bench.engine)
            for _ in 1...2 { _ = try await recovery.adopt(try await recovery.found().backups) }
            for record in records {
                let error = await #expect(throws: ControlError.self) {
                    try await bench.control.deleteBackup(record.id, by: Bench.caller())
                }
                let code: ControlError.Code = record.id == records[2].id ? .backupHeld : .backupLocked
                #expect(error?.code == code)
            }
            await #expect(throws: ControlError.self) {
                try await bench.control.deleteVault(vault.record.id, by: Bench.caller())
            }
            bench.clock.advance(by: .seconds(86_401))
            try await bench.control.deleteBackup(records[1].id, by: Bench.caller())
        }
    }
}

/// Ends for good at a step: asking the store, before locks are written, or after that.
private final class DyingDataPlane: DataPlane {
    let inner: FakeDataPlane
    let step: Int
    private let steps = Mutex(0)

    init(inner: FakeDataPlane, step: Int) {
        self.inner = inner
        self.step = step
    }

    var count: Int { steps.withLock { $0 } }

    private struct Dead: Error {}

    private func next() -> Int {
        steps.withLock { steps in
            steps += 1
            return steps
        }
    }

    func backUp(_ request: BackupRequest, progress: @escaping FakeDataPlane.Progress) async throws -> BackupOutcome {
        try await inner.backUp(request, progress: progress)
    }

    func restore(_ request: RestoreRequest, progress: @escaping FakeDataPlane.Progress) async throws -> RestoreOutcome {
        try await inner.restore(request, progress: progress)
    }

    func forget(_ id: RestorePointID) async throws { try await inner.forget(id) }

    func lock(_ locks: [RestorePointLock]) async throws -> LockAnswer {
        let before = next()
        guard before < step else { throw Dead() }
        let answer = try await inner.lock(locks)
        guard next() < step else { throw Dead() }
        return answer
    }

    func enforceLocks() async throws -> ObjectProtection? {
        guard next() < step else { throw Dead() }
        return try await inner.enforceLocks()
    }

    func restorePoints() async throws -> [StoredRestorePoint] { try await inner.restorePoints() }
}
