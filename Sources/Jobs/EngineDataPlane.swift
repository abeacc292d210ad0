public import HoldfastCore
public import Repository
public import Transfer

/// The engine as workers use it: one open repository for the whole server.
public struct EngineDataPlane: DataPlane {
    private let repository: Repository
    private let seams: Seams
    /// Calls that block for a moment: removing and listing records.
    private let threads = NamedThreadPool(name: "engine-records", threads: 1, queueMax: 1024)

    public init(repository: Repository, seams: Seams) {
        self.repository = repository
        self.seams = seams
    }

    public func backUp(
        _ request: BackupRequest, progress: @escaping @Sendable (TransferProgress) -> Void
    ) async throws -> BackupOutcome {
        try await Transfer.backUp(request, into: repository, seams: seams, progress: progress)
    }

    public func restore(
        _ request: RestoreRequest, progress: @escaping @Sendable (TransferProgress) -> Void
    ) async throws -> RestoreOutcome {
        try await Transfer.restore(request, from: repository, seams: seams, progress: progress)
    }

    public func forget(_ id: RestorePointID) async throws {
        let repository = repository
        try await threads.run { try repository.forget(id) }
    }

    public func restorePoints() async throws -> [StoredRestorePoint] {
        let repository = repository
        return try await threads.run {
            try repository.restorePoints().map { point in
                let description = point.description
                return StoredRestorePoint(
                    id: point.id, labels: RestorePointLabels(texts: description.labels),
                    logicalBytes: description.logicalBytes, storedBytes: description.storedBytes,
                    entryCount: description.entryCount, warningCount: description.warningCount)
            }
        }
    }
}
