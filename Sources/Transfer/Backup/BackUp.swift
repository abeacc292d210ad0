public import HoldfastCore
public import Repository

/// Reads a source into the repository and commits a restore point.
///
/// The restore point is complete by itself. Items that can't be read are left out with a warning; the backup fails only
/// when the source as a whole or the repository does. Nothing is visible in the repository until it is committed.
///
/// Work is done on threads of its own. Cancelling the task ends it within the time of one system call or one chunk.
///
/// - Parameter progress: called from any thread, a few times a second and once at the end.
/// - Throws: ``TransferError``.
public func backUp(
    _ request: BackupRequest, into repository: Repository, seams: Seams,
    progress: @escaping @Sendable (TransferProgress) -> Void
) async throws -> BackupOutcome {
    try await backUp(request, into: repository, seams: seams, hooks: SourceHooks(), progress: progress)
}

package func backUp(
    _ request: BackupRequest, into repository: Repository, seams: Seams, hooks: SourceHooks,
    progress: @escaping @Sendable (TransferProgress) -> Void
) async throws -> BackupOutcome {
    try await transferring("backup", seams: seams) { control in
        let run = BackupRun(
            request: request, repository: repository, seams: seams, hooks: hooks, control: control,
            meter: ProgressMeter(seams: seams, report: progress))
        return try run.run()
    }
}
