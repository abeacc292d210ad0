import Catalog
import ControlPlane
import Foundation
import HoldfastCore
import Jobs
import Synchronization
import TestSupport
import Testing
import Transfer

@Suite("A worker runs what is queued")
struct WorkerTests {
    @Test("a backup becomes available with what the engine reports")
    func backup() async throws {
        try await Bench.with { bench in
            let vault = try await bench.makeVault()
            let checkpoint = try await bench.checkpoint(vault)
            try await bench.withWorker { try await bench.untilIdle() }

            let backup = try #require(try await bench.backups().first)
            #expect(backup.status == .available)
            #expect(backup.record.logicalBytes == 1000 && backup.record.storedBytes == 10)
            #expect(bench.engine.seen.points.keys.map(\.self) == [try #require(backup.record.restorePoint)])
            let operation = try #require(try await bench.operations().first)
            #expect(operation.state == .succeeded && operation.progressPercent == 100)
            #expect(operation.details.warningCount == 1 && operation.details.warnings.first?.reason == "vanished")
            #expect(operation.startedAt != nil && operation.endedAt != nil && operation.requestID == "request-1")
            let shown = try await bench.control.showCheckpoint(checkpoint.record.id, by: Bench.caller())
            #expect(shown.status == .available)
        }
    }

    @Test("the restore point carries what a lost catalog needs")
    func labels() async throws {
        try await Bench.with { bench in
            let vault = try await bench.makeVault()
            let checkpoint = try await bench.checkpoint(vault)
            try await bench.withWorker { try await bench.untilIdle() }
            let labels = try #require(bench.engine.seen.points.values.first).labels
            #expect(Set(labels.texts.keys) == Set(RestorePointLabels.Key.allCases.map(\.rawValue)))
            #expect(labels.project == Bench.project && labels[.vault] == vault.record.id.text)
            #expect(labels[.checkpointName] == checkpoint.record.name && labels[.resourceName] == "disk-0")
            #expect(labels[.resourceType] == "OS::Cinder::Volume")
        }
    }

    @Test("a backup is compared with the newest one of its resource, a full one with none")
    func parents() async throws {
        try await Bench.with { bench in
            let vault = try await bench.makeVault()
            try await bench.withWorker {
                for incremental in [true, true, false] {
                    _ = try await bench.checkpoint(vault, incremental: incremental)
                    try await bench.untilIdle()
                    bench.clock.advance(by: .seconds(1))
                }
            }
            let backups = try await bench.backups().map(\.record)
            let requests = bench.engine.seen.backups
            #expect(requests.map(\.parent) == [nil, backups[0].restorePoint, nil])
            #expect(requests.map(\.rereadAll) == [false, false, true])
            #expect(backups.map(\.parent) == [nil, backups[0].id, nil])
        }
    }

    @Test("a failure has its code and sentence, and the resource is free again")
    func failure() async throws {
        let engine = FakeDataPlane(duringBackup: { _, _ in
            throw TransferError(code: .sourceUnreachable, message: "the disk is gone; attach it")
        })
        try await Bench.with(engine: engine) { bench in
            let vault = try await bench.makeVault()
            let checkpoint = try await bench.checkpoint(vault)
            try await bench.withWorker { try await bench.untilIdle() }
            let operation = try #require(try await bench.operations().first)
            #expect(
                operation.state
                    == .failed(.init(code: .sourceUnreachable, message: "the disk is gone; attach it")))
            #expect(try await bench.backups().map(\.status) == [.error])
            let shown = try await bench.control.showCheckpoint(checkpoint.record.id, by: Bench.caller())
            #expect(shown.status == .error)
            #expect(try await bench.checkpoint(vault).resources.count == 1)
        }
    }

    @Test("one failing backup of a restore point leaves the others available")
    func partialFailure() async throws {
        let engine = FakeDataPlane(duringBackup: { request, _ in
            if request.labels["resource_name"] == "disk-1" {
                throw TransferError(code: .sourceUnreachable, message: "gone")
            }
        })
        try await Bench.with(engine: engine) { bench in
            let vault = try await bench.makeVault(resources: 3)
            let checkpoint = try await bench.checkpoint(vault)
            try await bench.withWorker { try await bench.untilIdle() }
            #expect(try await bench.backups().filter { $0.status == .available }.count == 2)
            let shown = try await bench.control.showCheckpoint(checkpoint.record.id, by: Bench.caller())
            #expect(shown.status == .error)
        }
    }

    @Test("a restore goes to its target, and the target shows to be restoring meanwhile")
    func restore() async throws {
        let gate = Gate()
        let engine = FakeDataPlane(duringRestore: { _, _ in try await gate.pass() })
        try await Bench.with(engine: engine) { bench in
            let vault = try await bench.makeVault()
            _ = try await bench.checkpoint(vault)
            try await bench.withWorker {
                try await bench.untilIdle()
                let backup = try #require(try await bench.backups().first)
                let operation = try await bench.control.restoreBackup(
                    RestoreDraft(backup: backup.record.id), by: Bench.caller())
                try await eventually("the restore runs") { gate.arrived == 1 }
                let shown = try await bench.control.showVault(vault.record.id, by: Bench.caller())
                #expect(shown.members.map(\.protectStatus) == [.restoring])
                #expect(try await bench.backups().map(\.status) == [.restoring])
                await #expect(throws: ControlError.self) { _ = try await bench.checkpoint(vault) }
                gate.open()
                try await bench.untilIdle()
                let ended = try await bench.control.showOperation(operation.id, by: Bench.caller())
                #expect(ended.state == .succeeded && ended.details.verifiedBytes == 1000)
                #expect(
                    bench.engine.seen.targets.values.map(\.self) == [try #require(backup.record.restorePoint)])
            }
        }
    }

    @Test("a failed restore says so, and the same restore again can succeed")
    func restoreAgain() async throws {
        let attempts = Mutex(0)
        let engine = FakeDataPlane(duringRestore: { _, _ in
            let attempt = attempts.withLock { attempts in
                attempts += 1
                return attempts
            }
            if attempt == 1 { throw TransferError(code: .targetUnwritable, message: "the target is half written") }
        })
        try await Bench.with(engine: engine) { bench in
            let vault = try await bench.makeVault()
            _ = try await bench.checkpoint(vault)
            try await bench.withWorker {
                try await bench.untilIdle()
                let backup = try #require(try await bench.backups().first).record.id
                for _ in 1...2 {
                    _ = try await bench.control.restoreBackup(RestoreDraft(backup: backup), by: Bench.caller())
                    try await bench.untilIdle()
                }
            }
            let states = try await bench.operations().filter { $0.kind == .restore }.map(\.state)
            #expect(states.contains(.succeeded))
            #expect(states.contains(.failed(.init(code: .targetUnwritable, message: "the target is half written"))))
            #expect(try await bench.backups().map(\.status) == [.available])
        }
    }

    @Test("a deleted backup is forgotten by the engine, and its restore point goes with the last")
    func delete() async throws {
        try await Bench.with { bench in
            let vault = try await bench.makeVault(resources: 2)
            let checkpoint = try await bench.checkpoint(vault)
            try await bench.withWorker {
                try await bench.untilIdle()
                let backups = try await bench.backups().map(\.record.id)
                try await bench.control.deleteBackup(backups[0], by: Bench.caller())
                try await bench.untilIdle()
                #expect(bench.engine.seen.points.count == 1)
                _ = try await bench.control.showCheckpoint(checkpoint.record.id, by: Bench.caller())
                try await bench.control.deleteBackup(backups[1], by: Bench.caller())
                try await bench.untilIdle()
            }
            #expect(bench.engine.seen.points.isEmpty)
            #expect(try await bench.backups().isEmpty)
            await #expect(throws: ControlError.self) {
                _ = try await bench.control.showCheckpoint(checkpoint.record.id, by: Bench.caller())
            }
        }
    }

    @Test("a vault goes with all its backups, a resource leaves with its own")
    func removal() async throws {
        try await Bench.with { bench in
            let vault = try await bench.makeVault(resources: 3)
            try await bench.withWorker {
                for _ in 1...2 {
                    _ = try await bench.checkpoint(vault)
                    try await bench.untilIdle()
                }
                let leaving = vault.members[0].resource.id
                _ = try await bench.control.removeResources([leaving], from: vault.record.id, by: Bench.caller())
                try await bench.untilIdle()
                #expect(bench.engine.seen.points.count == 4)
                let left = try await bench.control.showVault(vault.record.id, by: Bench.caller())
                #expect(!left.members.map(\.resource.id).contains(leaving) && left.members.count == 2)
                try await bench.control.deleteVault(vault.record.id, by: Bench.caller())
                try await bench.untilIdle()
            }
            #expect(bench.engine.seen.points.isEmpty)
            #expect(try await bench.control.listVaults(by: Bench.caller()).rows.isEmpty)
            #expect(try await bench.operations().allSatisfy { $0.state == .succeeded })
        }
    }

    @Test("new work begins when it is signalled, without waiting for the next look")
    func wakeUp() async throws {
        try await Bench.with { bench in
            let vault = try await bench.makeVault()
            try await bench.withWorker {
                // Nothing advances the clock: only the signal can wake the worker.
                for _ in 1...5 {
                    _ = try await bench.checkpoint(vault)
                    try await bench.untilIdle()
                }
            }
            #expect(try await bench.backups().count == 5)
        }
    }

    @Test("work that nobody signalled is found at the next look")
    func poll() async throws {
        try await Bench.with { bench in
            let vault = try await bench.makeVault()
            try await bench.withWorker {
                try await eventually("the worker sleeps until its next look") { bench.clock.sleeperCount == 1 }
                // Another process queues it: this one's signal is not raised.
                let other = ControlPlane(
                    database: bench.catalog, inspector: EverythingIsThere(), seams: bench.clock.seams)
                _ = try await other.createCheckpoint(
                    CheckpointDraft(vault: vault.record.id), by: Bench.caller())
                bench.clock.advance(by: WorkerLimits().pollEvery)
                try await bench.untilIdle()
            }
        }
    }
}
