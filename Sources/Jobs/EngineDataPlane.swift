public import Endpoints
public import HoldfastCore
public import ObjectStorage
public import Repository
public import Transfer

/// The real data plane: one repository, and the places below the allowed roots.
///
/// Every location is resolved anew for each transfer: a link that was put there since the resource was registered does
/// not lead a backup or a restore out of the allowed roots.
public final class EngineDataPlane: DataPlane {
    /// For calls that are short but block: more than a worker has operations, so that one on a dead mount does not
    /// hold up the others.
    static let threads = 8

    private let repository: Repository
    private let places: ReachablePlaces
    private let journalDirectory: String?
    private let seams: Seams
    private let pool = NamedThreadPool(name: "engine", threads: EngineDataPlane.threads)

    /// - Parameters:
    ///   - privateDirectory: the service's own, out of everybody's reach; it exists already.
    ///   - journalDirectory: where the marks of half-written block devices go.
    public init(
        repository: Repository, roots: AllowedRoots, privateDirectory: String? = nil, journalDirectory: String?,
        seams: Seams
    ) {
        self.repository = repository
        places = ReachablePlaces(roots: roots, privateDirectory: privateDirectory)
        self.journalDirectory = journalDirectory
        self.seams = seams
    }

    deinit { pool.close() }

    public func backUp(
        _ request: BackupRequest, progress: @escaping @Sendable (TransferProgress) -> Void
    ) async throws -> BackupOutcome {
        var request = request
        request.source = try await resolve(request.source, mustExist: true)
        request.excludedDirectories += places.excludedDirectories
        request.followsLinks = false
        return try await Transfer.backUp(request, into: repository, seams: seams, progress: progress)
    }

    public func restore(
        _ request: RestoreRequest, progress: @escaping @Sendable (TransferProgress) -> Void
    ) async throws -> RestoreOutcome {
        var request = request
        request.target = try await resolve(request.target, mustExist: false)
        request.journalDirectory = journalDirectory
        request.excludedDirectories += places.excludedDirectories
        request.followsLinks = false
        return try await Transfer.restore(request, from: repository, seams: seams, progress: progress)
    }

    public func forget(_ id: RestorePointID) async throws {
        try await pool.run { [repository] in try repository.forget(id) }
    }

    public func restorePoints() async throws -> [StoredRestorePoint] {
        try await pool.run { [repository] in
            let protections = try repository.protections()
            return try repository.restorePoints().map { StoredRestorePoint($0, protections[$0.id]) }
        }
    }

    public func lock(_ locks: [RestorePointLock]) async throws -> LockAnswer {
        try await pool.run { [repository] in
            var answer = LockAnswer()
            var written: Set<RestorePointID> = []
            for lock in locks {
                do {
                    try Self.write(lock, to: repository)
                    written.insert(lock.restorePoint)
                } catch let error as RepositoryError where error.code == .restorePointMissing {
                    answer.missing.insert(lock.restorePoint)
                } catch { answer.failures[lock.restorePoint] = "\(error)" }
            }
            do {
                answer.protection = try repository.enforceLocks(of: written).protection
            } catch {
                // Together they read the index once. By themselves, the one that can't be protected fails alone.
                for id in written {
                    do {
                        answer.protection = try repository.enforceLocks(of: [id]).protection ?? answer.protection
                    } catch {
                        answer.failures[id] = "\(error)"
                    }
                }
            }
            return answer
        }
    }

    private static func write(_ lock: RestorePointLock, to repository: Repository) throws {
        if let keep = lock.keep { try repository.keep(lock.restorePoint, until: keep) }
        switch lock.hold {
        case .begins(let reason): try repository.hold(lock.restorePoint, reason: reason)
        case .ends: try repository.endHolds(of: lock.restorePoint)
        case nil: break
        }
    }

    public func enforceLocks() async throws -> ObjectProtection? {
        try await pool.run { [repository] in try repository.enforceLocks().protection }
    }

    private func resolve(_ place: Endpoints.SourceLocation, mustExist: Bool) async throws -> Endpoints.SourceLocation {
        try await pool.run { [places] in try places.resolve(place, mustExist: mustExist) }
    }
}

extension StoredRestorePoint {
    init(_ point: RestorePoint, _ protection: Protection? = nil) {
        self.init(
            id: point.id, labels: RestorePointLabels(texts: point.description.labels),
            logicalBytes: point.description.logicalBytes, storedBytes: point.description.storedBytes,
            entryCount: point.description.entryCount, warningCount: point.description.warningCount,
            createdAt: point.description.createdAt, sourcePath: point.description.source,
            isImage: point.description.kind == .image, keep: protection?.keep,
            holdReason: protection?.holds.min { $0.key < $1.key }?.value)
    }
}
