import Catalog
import ControlPlane
import HoldfastCore
import Jobs
import TestSupport
import Testing
import Transfer

@Suite("Restore points that the catalog does not know are reported, and stay")
struct RepositoryAuditTests {
    @Test("unknown backups, and second restore points of known ones")
    func report() async throws {
        try await Bench.with { bench in
            _ = try await bench.checkpoint(try await bench.makeVault())
            try await bench.withWorker { try await bench.untilIdle() }
            let known = try #require(bench.engine.seen.points.values.first)
            bench.plant("lost", [.project: Bench.project.text, .backup: "a backup of a lost catalog"])
            bench.plant("second", [.project: Bench.project.text, .backup: try #require(known.labels.backup).text])
            bench.plant("of the command line", [:])

            let report = try await RepositoryAudit(control: bench.control, dataPlane: bench.engine).report()

            #expect(report.restorePoints == 3 && report.lost.isEmpty)
            #expect(report.unknown == [RestorePointID("lost")])
            #expect(report.surplus == [RestorePointID("second")])
            #expect(bench.engine.seen.points.count == 4, "nothing is removed on doubt")

            try await bench.engine.forget(known.id)
            let after = try await RepositoryAudit(control: bench.control, dataPlane: bench.engine).report()
            #expect(after.lost == [try #require(known.labels.backup)])
        }
    }

    @Test("a backup that failed for the catalog only takes its restore point along when it is deleted")
    func deleteFailed() async throws {
        let engine = FakeDataPlane(duringBackup: { _, _ in
            throw TransferError(code: .sourceUnreachable, message: "gone")
        })
        try await Bench.with(engine: engine) { bench in
            _ = try await bench.checkpoint(try await bench.makeVault())
            try await bench.withWorker {
                try await bench.untilIdle()
                let backup = try #require(try await bench.backups().first).record.id
                bench.plant("unheard", [.project: Bench.project.text, .backup: backup.text])
                bench.plant("of another project", [.project: "another", .backup: backup.text])
                try await bench.control.deleteBackup(backup, by: Bench.caller())
                try await bench.untilIdle()
            }
            #expect(bench.engine.seen.points.keys.map(\.text) == ["of another project"])
        }
    }
}

extension Bench {
    fileprivate func plant(_ id: String, _ labels: [RestorePointLabels.Key: String]) {
        engine.plant(
            StoredRestorePoint(
                id: RestorePointID(id), labels: RestorePointLabels(labels), logicalBytes: 1, storedBytes: 1,
                entryCount: 1, warningCount: 0))
    }
}
