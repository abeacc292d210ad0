import Catalog
import ControlPlane
import Foundation
import HoldfastCore
import Jobs
import Logging
import TestSupport
import Testing

/// A real catalog in a directory of its own, a clock in the test's hand, and an engine that is not real.
struct Bench: Sendable {
    static let project = ProjectID("0123456789abcdef0123456789abcdef")

    let clock: ManualClock
    let catalog: any CatalogDatabase
    let control: ControlPlane
    let engine: FakeDataPlane

    static func with(
        engine: FakeDataPlane = FakeDataPlane(), _ body: (Bench) async throws -> Void
    ) async throws {
        try await CatalogPlace.with(schema: CoreMigrations.all) { place in
            let clock = ManualClock()
            let catalog = try await place.open(CoreMigrations.all, seams: clock.seams)
            let control = ControlPlane(database: catalog, inspector: EverythingIsThere(), seams: clock.seams)
            let bench = Bench(clock: clock, catalog: catalog, control: control, engine: engine)
            let result = await Result { try await body(bench) }
            clock.stop()
            try await catalog.close()
            try result.get()
        }
    }

    static func caller(_ project: ProjectID = Bench.project) -> Caller {
        Caller(project: project, user: nil, role: .admin, requestID: "request-1")
    }

    /// A vault with so many volumes.
    func makeVault(resources count: Int = 1, project: ProjectID = Bench.project) async throws -> VaultView {
        var references: [ResourceReference] = []
        for index in 0..<count {
            let resource = try await control.registerResource(
                ResourceDraft(
                    type: .volume, name: "disk-\(index)", location: "file:///images/\(project)/\(index)-\(UUID()).raw"),
                by: Self.caller(project))
            references.append(ResourceReference(id: resource.record.id))
        }
        return try await control.createVault(
            VaultDraft(name: "vault", objectType: .disk, sizeGiB: 100, resources: references),
            by: Self.caller(project))
    }

    func checkpoint(_ vault: VaultView, incremental: Bool = true) async throws -> CheckpointView {
        try await control.createCheckpoint(
            CheckpointDraft(vault: vault.record.id, isIncremental: incremental), by: Self.caller(vault.record.project))
    }

    func worker(_ limits: WorkerLimits = WorkerLimits(), control: ControlPlane? = nil, engine: (any DataPlane)? = nil)
        -> Worker
    {
        Worker(
            name: "worker", control: control ?? self.control, dataPlane: engine ?? self.engine, limits: limits,
            seams: clock.seams, logger: .silent)
    }

    /// Runs a worker beside `body`, and stops it afterwards.
    func withWorker(_ limits: WorkerLimits = WorkerLimits(), _ body: () async throws -> Void) async throws {
        let worker = worker(limits)
        let running = Task { await worker.run() }
        let result = await Result { try await body() }
        running.cancel()
        await running.value
        try result.get()
    }

    func operations(_ project: ProjectID = Bench.project) async throws -> [OperationRecord] {
        try await control.listOperations(by: Self.caller(project)).rows.reversed()
    }

    func untilIdle() async throws {
        try await eventually("every operation has ended") {
            try await catalog.read { try $0.operations.unfinished().isEmpty }
        }
    }

    func backups(_ project: ProjectID = Bench.project) async throws -> [BackupView] {
        try await control.listBackups(by: Self.caller(project)).rows.reversed()
    }
}

struct EverythingIsThere: LocationInspector {
    func inspect(location: String, type: ResourceType, role: LocationRole) async throws -> LocationFinding {
        .reachable(sizeBytes: 1000)
    }
}

extension Result where Failure == any Error {
    init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}

extension Logger {
    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}
