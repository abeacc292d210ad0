import CBRClient
import Catalog
import ControlPlane
import Endpoints
import Foundation
import HoldfastCore
import Jobs
import Logging
import ObjectStorage
import Repository
import TestSupport
import Testing
import Transfer

@testable import Replication

/// A repository with something in it, and another server's intake on a repository and a catalog of its own.
struct TwoServers: Sendable {
    static let near = ProjectID(String(repeating: "a", count: 32))
    static let far = ProjectID(String(repeating: "b", count: 32))
    static let region = "south-1"
    static let caller = Caller(project: far, user: nil, role: .user, requestID: "request-1")

    let directory: String
    let seams: Seams
    let source: Repository
    let target: Repository
    let catalog: SQLiteCatalog
    let control: ControlPlane
    let intake: ReplicaIntake
    let vault: VaultID

    static func with(_ body: (TwoServers) async throws -> Void) async throws {
        let folder = try ScratchFolder()
        var seams = Seams.live
        // What is waited for comes at the next attempt or not at all.
        seams.sleep = { _ in try Task.checkCancellation() }
        func repository() throws -> Repository {
            try Repository.create(
                in: MemoryObjectStore(), unlockedBy: .keyFile(KeyFile(randomBytes: seams.randomBytes)), seams: seams)
        }
        let (source, target) = (try repository(), try repository())
        let catalog = try await SQLiteCatalog.open(
            path: "\(folder.path)/catalog.sqlite", migrations: CoreMigrations.all, seams: seams)
        let control = ControlPlane(database: catalog, inspector: NothingThere(), seams: seams)
        let vault = try await control.createVault(
            VaultDraft(name: "replicas", objectType: .turbo, protectType: .replication, sizeGiB: 10), by: caller)
        let engine = EngineDataPlane(
            repository: target, roots: try AllowedRoots([]), journalDirectory: nil, seams: seams)
        let servers = TwoServers(
            directory: folder.path, seams: seams, source: source, target: target, catalog: catalog, control: control,
            intake: ReplicaIntake(
                control: control, repository: target, dataPlane: engine, seams: seams, logger: .silent),
            vault: vault.record.id)
        let result: Result<Void, any Error>
        do { result = .success(try await body(servers)) } catch { result = .failure(error) }
        try await catalog.close()
        try result.get()
    }

    /// A tree of some files, backed up in the source.
    func backUp(_ files: [String: [UInt8]], parent: RestorePointID? = nil) async throws -> RestorePointID {
        let root = "\(directory)/tree"
        try? FileManager.default.removeItem(atPath: root)
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        for (name, bytes) in files { try Data(bytes).write(to: URL(filePath: "\(root)/\(name)")) }
        return try await Transfer.backUp(
            BackupRequest(source: .tree(path: root), domain: Self.near.text, parent: parent), into: source,
            seams: seams, progress: { _ in }
        ).restorePoint
    }

    func work(_ point: RestorePointID, backup: String = "backup-1", basis: ReplicationWork.Basis? = nil)
        -> ReplicationWork
    {
        let now = Instant(seams.now())
        return ReplicationWork(
            subject: ReplicationSubject(
                record: ReplicationID("r"), region: Self.region, project: Self.far, vault: vault,
                sourceRegion: "north-1", name: "name", description: "", isAutomatic: false),
            backup: BackupRecord(
                id: BackupID(backup), project: Self.near, vault: VaultID("v"), checkpoint: CheckpointID("c"),
                resource: ResourceID("share"), resourceName: "share", resourceType: .sharedFileSystem,
                resourceLocation: "file:///srv", resourceSizeBytes: nil, name: "name", description: "",
                isAutomatic: false, isIncremental: true, state: .available, restorePoint: point, parent: nil,
                storedBytes: 0, logicalBytes: 0, createdAt: now, updatedAt: now, protectedAt: now),
            restorePoint: point, checkpointName: "checkpoint", basis: basis)
    }

    func draft(_ backup: String = "backup-1", checkpoint: String = "c") -> ReplicaDraft {
        ReplicaDraft(
            vault: vault,
            origin: ReplicaOrigin(
                region: "north-1", backup: BackupID(backup), checkpoint: CheckpointID(checkpoint)),
            name: "name", description: "", checkpointName: "checkpoint", resource: ResourceID("share"),
            resourceName: "share", resourceType: .sharedFileSystem, isAutomatic: true, isIncremental: true,
            createdAt: Instant(microseconds: 4_000_000_000_000_000))
    }

    /// A sender whose line to the intake does as the test says.
    func sender(_ line: Line) -> PeerSender {
        let peer = Peer(
            region: Self.region, endpoint: "http://localhost:1", certificateAuthorities: nil, bytesPerSecond: nil,
            pairings: [.init(local: Self.near, remote: Self.far, proof: .password(user: .id("u"), password: "p"))])
        let directory = PeerDirectory(
            localRegion: "north-1", peers: [peer], seams: seams, transports: { _ in (line, line) })
        return PeerSender(repository: source, peers: directory, seams: seams, logger: .silent)
    }

    func replicas() async throws -> [BackupRecord] {
        try await control.listBackups(by: Self.caller).rows.map(\.record)
    }

    /// What a restore of the target's restore point gives.
    func contents(of point: RestorePointID) async throws -> [String: [UInt8]] {
        let place = "\(directory)/back-\(UUID())"
        _ = try await Transfer.restore(
            RestoreRequest(restorePoint: point, target: .tree(path: place)), from: target, seams: seams,
            progress: { _ in })
        var found: [String: [UInt8]] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: place) where !name.hasPrefix(".holdfast") {
            found[name] = [UInt8](try Data(contentsOf: URL(filePath: "\(place)/\(name)")))
        }
        return found
    }
}

private struct NothingThere: LocationInspector {
    func inspect(location: String, type: ResourceType, role: LocationRole) async throws -> LocationFinding {
        .unreachable("nothing is there")
    }
}

extension Logger {
    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}
