import Catalog
import ControlPlane
import Foundation
import HoldfastCore
import Synchronization
import TestSupport
import Testing

/// A control plane over a real catalog, with places that are as a test says.
struct World: Sendable {
    static let project = ProjectID("0123456789abcdef0123456789abcdef")
    static let admin = Caller(project: project, user: UserID("u"), role: .admin, requestID: "request-1")
    static let user = Caller(project: project, user: UserID("u"), role: .user, requestID: "request-2")
    static let viewer = Caller(project: project, user: UserID("u"), role: .viewer, requestID: "request-3")
    static let stranger = Caller(
        project: ProjectID("ffffffffffffffffffffffffffffffff"), user: nil, role: .admin, requestID: "request-4")
    static let lease = Duration.seconds(60)

    let clock: ManualClock
    let catalog: any CatalogDatabase
    let places: Places
    let control: ControlPlane

    static func with(
        peers: any ReplicationPeers = NoPeers(localRegion: "here-1"), _ body: (World) async throws -> Void
    ) async throws {
        try await CatalogPlace.with(schema: CoreMigrations.all + IdentityMigrations.all) { place in
            let clock = ManualClock()
            let catalog = try await place.open(CoreMigrations.all + IdentityMigrations.all, seams: clock.seams)
            let places = Places()
            let world = World(
                clock: clock, catalog: catalog, places: places,
                control: ControlPlane(
                    database: catalog, inspector: places, seams: clock.seams, peers: peers))
            try await body(world)
            try await catalog.close()
        }
    }

    func register(
        _ name: String, type: ResourceType = .volume, location: String? = nil, by caller: Caller = World.admin
    ) async throws -> ResourceID {
        try await control.registerResource(
            ResourceDraft(type: type, name: name, location: location ?? "file:///images/\(name).raw"), by: caller
        ).record.id
    }

    func vault(
        _ resources: [ResourceID] = [], objectType: VaultObjectType = .disk, sizeGiB: Int64 = 100
    ) async throws -> VaultID {
        try await control.createVault(
            VaultDraft(
                name: "vault", objectType: objectType, sizeGiB: sizeGiB,
                resources: resources.map { ResourceReference(id: $0) }), by: Self.admin
        ).record.id
    }

    func checkpoint(
        _ vault: VaultID, _ resources: [ResourceID]? = nil, isAutomatic: Bool = false
    ) async throws -> CheckpointView {
        try await control.createCheckpoint(
            CheckpointDraft(
                vault: vault, isAutomatic: isAutomatic, resources: resources?.map { ResourceReference(id: $0) }),
            by: Self.admin)
    }

    /// Does all that is queued as an engine would, without one.
    func work(storedBytes: Int64 = 10, logicalBytes: Int64 = 1000, failing: Bool = false) async throws {
        while let leased = try await control.leaseOperation(worker: "worker", for: Self.lease) {
            if failing {
                try await control.failOperation(leased, .init(code: .unexpected, message: "it was made to fail"))
                continue
            }
            switch leased.work {
            case .backUp:
                try await control.completeOperation(
                    leased,
                    .backedUp(
                        BackupResult(
                            restorePoint: RestorePointID(leased.id.text), parent: nil, storedBytes: storedBytes,
                            logicalBytes: logicalBytes, details: OperationDetails())))
            case .restore:
                try await control.completeOperation(leased, .restored(OperationDetails()))
            case .remove(let doomed):
                for backup in doomed {
                    try await control.noteForgotten(
                        backup.backup, by: leased, progressPercent: 50, for: Self.lease)
                }
                try await control.completeOperation(leased, .removed)
            case .replicate(let work):
                try await control.completeOperation(
                    leased,
                    .replicated(
                        ReplicationResult(
                            backup: BackupID("remote-\(work.backup.id)"), checkpoint: CheckpointID("remote"),
                            restorePoint: RestorePointID("remote-\(work.restorePoint)"), details: OperationDetails())))
            case .importBackups:
                try await control.completeOperation(leased, .imported(OperationDetails()))
            }
        }
    }

    func backups(_ vault: VaultID) async throws -> [BackupView] {
        var filter = BackupFilter()
        filter.vault = vault
        return try await control.listBackups(filter, by: Self.admin).rows
    }

    func status(of vault: VaultID) async throws -> [ProtectStatus] {
        try await control.showVault(vault, by: Self.admin).members.map(\.protectStatus)
    }
}

/// Places that are all there, but for those that a test says otherwise of.
final class Places: LocationInspector {
    private let findings = Mutex<[String: LocationFinding]>([:])

    private let broken = Mutex<Set<String>>([])

    func set(_ location: String, _ finding: LocationFinding) { findings.withLock { $0[location] = finding } }

    /// Has looks at a place fail in a way that nobody expects.
    func breakDown(_ location: String, _ isBroken: Bool = true) {
        broken.withLock { broken in
            if isBroken { broken.insert(location) } else { broken.remove(location) }
        }
    }

    struct Broken: Error {}

    func inspect(location: String, type: ResourceType, role: LocationRole) async throws -> LocationFinding {
        if broken.withLock({ $0.contains(location) }) { throw Broken() }
        return findings.withLock { $0[location] } ?? .reachable(sizeBytes: type == .volume ? 1000 : nil)
    }
}

func expectRefused(
    _ code: ControlError.Code, sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
) async {
    let error = await #expect(throws: ControlError.self, sourceLocation: sourceLocation) { try await body() }
    #expect(error?.code == code, sourceLocation: sourceLocation)
    #expect(error?.message.isEmpty == false, sourceLocation: sourceLocation)
}
