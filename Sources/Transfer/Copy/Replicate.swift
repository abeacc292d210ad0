public import HoldfastCore
public import Repository

/// Where a restore point is sent whose repository is out of reach: another server.
///
/// Called by many threads at once, none of which Swift's concurrency needs; calls may block.
public protocol ReplicaSink: Sendable {
    /// Takes a chunk that the copy needs, unless the target has it. It may still be on its way when this returns.
    ///
    /// - Parameter plain: not kept.
    func store(_ plain: UnsafeRawBufferPointer) throws -> ChunkID
    /// What a chunk of these bytes is called there.
    func name(of plain: UnsafeRawBufferPointer) throws -> ChunkID
    /// The plain bytes of a chunk that is part of the basis.
    func fetch(_ id: ChunkID) throws -> [UInt8]
    /// Waits until the target has all that it was sent.
    func flush() throws
    /// Ends every call that waits. What is called after that fails.
    func cancel()
}

/// What is to be sent.
public struct ReplicaRequest: Sendable {
    public var restorePoint: RestorePointID
    /// An earlier restore point of the same resource, and the topmost chunk of its replica, which is whole.
    public var basis: (restorePoint: RestorePointID, root: ChunkID)?

    public init(restorePoint: RestorePointID, basis: (restorePoint: RestorePointID, root: ChunkID)? = nil) {
        self.restorePoint = restorePoint
        self.basis = basis
    }
}

/// A restore point that the target has all chunks of, and that is not made there yet.
public struct ReplicaOutcome: Sendable {
    /// The topmost chunk of the manifest, as the target calls it.
    public let root: ChunkID
    public let source: RestorePointDescription
    /// Plain bytes of the contents that were read from the source.
    public let readBytes: Int64
}

/// Sends what a restore point needs to another server, moving only what is missing there. What the basis brought is taken
/// over without reading it.
///
/// - Throws: ``TransferError``, whose cause is what the sink threw, if it did.
public func replicate(
    _ request: ReplicaRequest, from source: Repository, to sink: any ReplicaSink, seams: Seams,
    progress: @escaping @Sendable (TransferProgress) -> Void
) async throws -> ReplicaOutcome {
    try await transferring("replicate", seams: seams) { control in
        control.onStop { sink.cancel() }
        let point: RestorePointDescription
        do { point = try source.restorePoint(request.restorePoint).description } catch let error as RepositoryError {
            guard error.code == .restorePointMissing else { throw error }
            throw TransferError(code: .restorePointMissing, message: error.message, cause: error)
        }
        let meter = ProgressMeter(seams: seams, report: progress)
        meter.expect(bytes: point.logicalBytes, entries: point.entryCount)
        let access = ChunkAccess(
            store: { try sink.store($0) },
            // Asked of what the basis names, and the target says that its basis is whole.
            contains: { _ in true }, fetch: { try sink.fetch($0) }, name: { try sink.name(of: $0) },
            contents: { _, _ in throw TransferError(code: .kindMismatch, message: "a replica's contents are not read")
            },
            willFetch: { _ in })
        let pipes = CopyPipes(source: source, access: access, outer: control, meter: meter)
        // A basis that can't be read is none.
        let basis = request.basis.flatMap { basis in
            (try? source.restorePoint(basis.restorePoint)).flatMap { old in
                old.description.kind == point.kind
                    ? CopyBasis(source: old.description.root, target: basis.root) : nil
            }
        }
        do {
            let root = try pipes.copy(point, basis)
            try sink.flush()
            try control.check()
            pipes.fillMeter(to: point)
            meter.finish()
            return ReplicaOutcome(root: root, source: point, readBytes: pipes.counter.bytes)
        } catch let damage as CopyRun.SourceDamage {
            throw TransferError.wrapping(damage.cause)
        }
    }
}
