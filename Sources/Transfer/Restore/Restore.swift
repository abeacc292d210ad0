public import HoldfastCore
public import Repository

/// Writes a restore point to a target and verifies every byte that was written.
///
/// While it runs, and after it was interrupted, a journal marks the target as half written: `.holdfast-restore` in a
/// tree's root, `NAME.holdfast-restore` beside an image file, and for a block device in
/// ``RestoreRequest/journalDirectory`` if there is one. The same restore again finishes it and removes the mark.
///
/// A tree is laid over what is there. Symbolic links in the target are never followed, and a file with further names
/// elsewhere is replaced, not written to. Of a tree, items whose contents the repository can't give back are left out
/// with a warning; an image is whole or the restore fails.
///
/// - Parameter progress: called from any thread, a few times a second and once at the end.
/// - Throws: ``TransferError``.
public func restore(
    _ request: RestoreRequest, from repository: Repository, seams: Seams,
    progress: @escaping @Sendable (TransferProgress) -> Void
) async throws -> RestoreOutcome {
    try await restore(request, from: repository, seams: seams, hooks: RestoreHooks(), progress: progress)
}

package func restore(
    _ request: RestoreRequest, from repository: Repository, seams: Seams, hooks: RestoreHooks,
    progress: @escaping @Sendable (TransferProgress) -> Void
) async throws -> RestoreOutcome {
    try await transferring("restore", seams: seams) { control in
        let run = RestoreRun(
            request: request, repository: repository, hooks: hooks, control: control,
            meter: ProgressMeter(seams: seams, report: progress))
        return try run.run()
    }
}
