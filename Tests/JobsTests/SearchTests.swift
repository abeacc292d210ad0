import Catalog
import ControlPlane
import HoldfastCore
import Jobs
import ObjectStorage
import TestSupport
import Testing
import Transfer

@Suite("A search takes what the repository holds into the catalog")
struct SearchTests {
    @Test("a lost backup row comes back as it was, by the labels alone")
    func comesBack() async throws {
        try await Bench.with { bench in
            let vault = try await bench.makeVault(resources: 2)
            _ = try await bench.checkpoint(vault)
            try await bench.withWorker { try await bench.untilIdle() }
            let before = try await bench.backups()
            try await bench.lose(before[0].record)

            let operation = try await bench.control.importVault(vault.record.id, by: Bench.caller())
            try await bench.withWorker { try await bench.untilIdle() }

            let log = try await bench.control.showOperation(operation.id, by: Bench.caller())
            #expect(log.state == .succeeded && log.details.importedCount == 1 && log.details.refusedCount == 0)
            let after = try await bench.backups()
            #expect(Set(after.map(\.record.id)) == Set(before.map(\.record.id)))
            let (old, new) = (
                before[0].record, try #require(after.first { $0.record.id == before[0].record.id }).record
            )
            #expect(new.importedAt != nil && new.restorePoint == old.restorePoint && new.name == old.name)
            #expect(new.resourceLocation == old.resourceLocation && new.checkpoint == old.checkpoint)
            #expect(new.createdAt == old.createdAt && new.isAutomatic == old.isAutomatic)
        }
    }

    @Test("another project's restore points are not found, whoever asks for them by name")
    func walls() async throws {
        try await Bench.with { bench in
            let stranger = ProjectID("ffffffffffffffffffffffffffffffff")
            _ = try await bench.checkpoint(try await bench.makeVault())
            try await bench.withWorker { try await bench.untilIdle() }
            let mine = try #require(try await bench.backups().first).record
            try await bench.lose(mine)
            let draft = ImportDraft(backup: mine.id, restorePoint: mine.restorePoint, resource: mine.resource)

            let theirs = try await bench.control.importBackups([draft], by: Bench.caller(stranger))
            try await bench.withWorker { try await bench.untilIdle() }
            let refused = try await bench.control.showOperation(theirs[0].id, by: Bench.caller(stranger))
            guard case .failed(let failure) = refused.state else { throw Unexpected() }
            #expect(failure.code == .restorePointMissing)
            #expect(try await bench.backups(stranger).isEmpty)

            let ours = try await bench.control.importBackups([draft], by: Bench.caller())
            try await bench.withWorker { try await bench.untilIdle() }
            #expect(
                try await bench.control.showOperation(ours[0].id, by: Bench.caller()).details.importedCount == 1)
        }
    }

    @Test("a backup that is deleted between two readings of the repository does not come back")
    func deletedMeanwhile() async throws {
        try await Bench.with { bench in
            let vault = try await bench.makeVault()
            _ = try await bench.checkpoint(vault)
            try await bench.withWorker { try await bench.untilIdle() }
            let record = try #require(try await bench.backups().first).record
            let engine = ForgetfulDataPlane(inner: bench.engine) {
                // The deletion ends right after the first reading: the bytes are gone, and then the row.
                if let point = record.restorePoint { try await bench.engine.forget(point) }
                try await bench.lose(record)
            }
            let operation = try await bench.control.importVault(vault.record.id, by: Bench.caller())
            let worker = bench.worker(engine: engine)
            let running = Task { await worker.run() }
            try await bench.untilIdle()
            running.cancel()
            await running.value
            let log = try await bench.control.showOperation(operation.id, by: Bench.caller())
            #expect(log.state == .succeeded && log.details.importedCount == 0)
            #expect(try await bench.backups().isEmpty)
        }
    }

    @Test("an emptied catalog gets everything back, of every project")
    func recovery() async throws {
        try await Bench.with { bench in
            let other = ProjectID("ffffffffffffffffffffffffffffffff")
            for project in [Bench.project, other] {
                _ = try await bench.checkpoint(try await bench.makeVault(resources: 2, project: project))
            }
            try await bench.withWorker { try await bench.untilIdle() }
            let before = try await bench.backups() + bench.backups(other)
            try await Bench.with(engine: bench.engine) { empty in
                let recovery = CatalogRecovery(control: empty.control, dataPlane: empty.engine)
                let found = try await recovery.found()
                let report = try await recovery.adopt(found.backups)
                #expect(report.imported.count == 4 && report.vaults.count == 2 && report.resources.count == 4)
                #expect(try await recovery.adopt(found.backups).presentCount == 4)
                let after = try await empty.backups() + empty.backups(other)
                #expect(Set(after.map(\.record.id)) == Set(before.map(\.record.id)))
                #expect(Set(after.map(\.record.resourceLocation)) == Set(before.map(\.record.resourceLocation)))
                #expect(Set(after.map(\.record.vault)) == Set(before.map(\.record.vault)))
            }
        }
    }

    private struct Unexpected: Error {}
}

/// Does something between the first and the second reading.
private struct ForgetfulDataPlane: DataPlane {
    let inner: FakeDataPlane
    let between: @Sendable () async throws -> Void

    func backUp(_ request: BackupRequest, progress: @escaping FakeDataPlane.Progress) async throws -> BackupOutcome {
        try await inner.backUp(request, progress: progress)
    }

    func restore(_ request: RestoreRequest, progress: @escaping FakeDataPlane.Progress) async throws -> RestoreOutcome {
        try await inner.restore(request, progress: progress)
    }

    func forget(_ id: RestorePointID) async throws { try await inner.forget(id) }

    func lock(_ locks: [RestorePointLock]) async throws -> LockAnswer { try await inner.lock(locks) }
    func enforceLocks() async throws -> ObjectProtection? { try await inner.enforceLocks() }

    func restorePoints() async throws -> [StoredRestorePoint] {
        let points = try await inner.restorePoints()
        if !points.isEmpty { try await between() }
        return points
    }
}

extension Bench {
    /// The row goes, the bytes stay.
    fileprivate func lose(_ record: BackupRecord) async throws {
        try await catalog.write { try $0.backups.delete(record.id, of: record.checkpoint) }
    }
}
