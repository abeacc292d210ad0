import Repository
import Synchronization

/// What connects the stages of the copy of one restore point: a reader of the manifest, workers that move chunks, and
/// whoever makes the new manifest.
///
/// Memory: ``eventsMax`` events of some 400 bytes, ``CopyMap``, a chunk for each worker, and the caches of two readers.
final class CopyPipes: Sendable {
    static let eventsMax = 4096

    enum Job: Sendable {
        /// A chunk to be moved.
        case move(ChunkID, PendingChunk)
        /// Contents that are put together from chunks, to be named as the target names them.
        case name(ImageExtent, sizeBytes: Int, PendingChunk)
    }

    /// Of this restore point alone: damage ends its copy, and the others go on.
    let control: TransferControl
    let jobs: BoundedQueue<Job>
    let board: ChunkBoard
    let counter = ReadCounter()
    let access: ChunkAccess
    /// Reads the manifest of the source; what fails there is damage in the source.
    let fetch: @Sendable (ChunkID) throws -> [UInt8]
    private let reader: ChunkReader
    private let meter: ProgressMeter
    private let startBytes: Int64
    private let startEntries: Int

    /// - Parameters:
    ///   - outer: what stops it stops this too.
    ///   - access: of the target.
    init(source: Repository, access: ChunkAccess, outer: TransferControl, meter: ProgressMeter) {
        self.meter = meter
        self.access = access
        startBytes = meter.bytes
        startEntries = meter.entries
        let control = TransferControl(uptime: outer.times.uptime)
        self.control = control
        outer.onStop { [outer, weak control] in
            if let failure = outer.failure { control?.stop(failure) }
        }
        jobs = BoundedQueue(countMax: Crew.workerCount * 4, control: control)
        board = ChunkBoard(control: control)
        let reader = source.reader()
        self.reader = reader
        fetch = { id in try Self.fromSource { try reader.read(id) } }
    }

    /// Copies a manifest and all it needs.
    ///
    /// - Returns: the topmost chunk of the manifest in the target.
    func copy(_ point: RestorePointDescription, _ basis: CopyBasis?) throws -> ChunkID {
        switch point.kind {
        case .tree: try copyTree(point.root, basis)
        case .image: try copyImage(point.root, basis)
        }
    }

    /// Starts the threads that move chunks.
    func startWorkers(_ crew: Crew) {
        for index in 0..<Crew.workerCount {
            crew.start("copy-\(index)") { [self] in
                while let job = try jobs.pop() {
                    switch job {
                    case .move(let chunk, let pending):
                        let bytes = try Self.fromSource { try reader.fetch(chunk) }
                        counter.add(bytes.count)
                        pending.resolve(try bytes.withUnsafeBytes { try access.store($0) })
                    case .name(let extent, let sizeBytes, let pending):
                        let bytes = try Self.manifest {
                            try Self.fromSource { try reader.contents(of: extent, sizeBytes: sizeBytes) }
                        }
                        counter.add(bytes.count)
                        pending.resolve(try bytes.withUnsafeBytes { try access.name($0) })
                    }
                }
            }
        }
    }

    /// A chunk that is known to be in the target under another name.
    func resolved(_ id: ChunkID) -> PendingChunk {
        let pending = PendingChunk(on: board)
        pending.resolve(id)
        return pending
    }

    func queue(_ chunk: ChunkID) throws -> PendingChunk {
        let pending = PendingChunk(on: board)
        reader.willRead(chunk)
        try jobs.push(.move(chunk, pending))
        return pending
    }

    /// What contents that are no chunk would be called in the target.
    func queueName(of extent: ImageExtent, sizeBytes: Int) throws -> PendingChunk {
        let pending = PendingChunk(on: board)
        try jobs.push(.name(extent, sizeBytes: sizeBytes, pending))
        return pending
    }

    func add(bytes: Int64 = 0, entries: Int = 0) { meter.add(bytes: bytes, entries: entries) }

    /// What was taken over as a whole counts as done.
    func fillMeter(to point: RestorePointDescription) {
        meter.add(
            bytes: max(0, point.logicalBytes - (meter.bytes - startBytes)),
            entries: max(0, point.entryCount - (meter.entries - startEntries)))
    }

    /// Says of what fails in the body whether the source is damaged. A store that does not answer is not.
    static func fromSource<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let error as RepositoryError {
            switch error.code {
            case .objectCorrupt, .objectMissing, .chunkMissing: throw CopyRun.SourceDamage(cause: error)
            default: throw error
            }
        }
    }

    /// As ``fromSource(_:)``, for bodies that read by ``fetch``, which has looked at the rest.
    static func manifest<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let error as MalformedManifest {
            throw CopyRun.SourceDamage(cause: error)
        } catch let error as ImageMapCursor.DamagedRun {
            throw error.cause is MalformedManifest ? CopyRun.SourceDamage(cause: error.cause) : error.cause
        }
    }
}

/// The topmost chunks of a restore point that both have: what it shares with the next one need not be read again.
struct CopyBasis {
    let source: ChunkID
    let target: ChunkID
}

/// Which chunks of the source were queued lately, and what they become. Small files share chunks, and so do copies of files.
///
/// Memory: 2 × ``countMax`` chunks of some 130 bytes. The older half is forgotten when the younger is full.
struct CopyMap {
    static let countMax = 65_536

    private var young: [ChunkID: PendingChunk] = [:]
    private var old: [ChunkID: PendingChunk] = [:]

    subscript(_ chunk: ChunkID) -> PendingChunk? { young[chunk] ?? old[chunk] }

    mutating func insert(_ chunk: ChunkID, _ pending: PendingChunk) {
        if young.count == Self.countMax {
            old = young
            young = [:]
        }
        young[chunk] = pending
    }
}
