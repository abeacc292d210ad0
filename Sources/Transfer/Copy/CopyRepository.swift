public import HoldfastCore
public import Repository

/// Copies restore points to a repository with other keys, moving only what is missing there.
///
/// Chunks have other names in the target, so every byte that moves is opened, verified, named anew and sealed again. What
/// an earlier copy of the same source brought is taken over without reading it. A restore point keeps its moment, its
/// source and its labels, and gets two more that say where it was made: by them a further copy knows what is there.
///
/// Each restore point is whole in the target, or not there. A copy that was cut off goes on with the next one.
///
/// - Parameter progress: called from any thread, a few times a second and once at the end.
/// - Throws: ``TransferError``, when the copy as a whole failed: the target does not answer, or nothing can be read. A
///   restore point that is damaged in the source is left out, and the outcome says so.
public func copyRestorePoints(
    _ request: CopyRequest, from source: Repository, to target: Repository, seams: Seams,
    progress: @escaping @Sendable (TransferProgress) -> Void
) async throws -> CopyOutcome {
    try await transferring("copy", seams: seams) { control in
        let run = CopyRun(
            request: request, source: source, target: target, control: control,
            meter: ProgressMeter(seams: seams, report: progress))
        return try run.run()
    }
}
