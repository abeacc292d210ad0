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

    let session: BackupSession
    /// Of this restore point alone: damage ends its copy, and the others go on.
    let control: TransferControl
    let jobs: BoundedQueue<Job>
    let board: ChunkBoard
    let counter = ReadCounter()
    let access: ChunkAccess
    /// Reads the manifest of the source; what fails there is damage in the source.
    let fetch: @Sendable (ChunkID) throws -> [UInt8]
    private let reader: ChunkReader
    private let run: CopyRun
    private let startBytes: Int64
    private let startEntries: Int

    init(run: CopyRun, session: BackupSession) {
        self.run = run
        self.session = session
        startBytes = run.meter.bytes
        startEntries = run.meter.entries
        let control = TransferControl(uptime: run.control.times.uptime)
        self.control = control
        run.control.onStop { [outer = run.control, weak control] in
            if let failure = outer.failure { control?.stop(failure) }
        }
        jobs = BoundedQueue(countMax: Crew.workerCount * 4, control: control)
        board = ChunkBoard(control: control)
        let verify = run.request.rereadAll
        let targetReader = run.target.reader()
        access = ChunkAccess(
            store: { try session.store($0, verify: verify) }, contains: { session.contains($0) },
            fetch: { try targetReader.read($0) }, name: { try session.name(of: $0) },
            contents: { try targetReader.contents(of: $0, sizeBytes: $1) }, willFetch: { targetReader.willRead($0) })
        let reader = run.source.reader()
        self.reader = reader
        fetch = { id in try Self.fromSource { try reader.read(id) } }
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

    func add(bytes: Int64 = 0, entries: Int = 0) { run.meter.add(bytes: bytes, entries: entries) }

    /// What was taken over as a whole counts as done.
    func fillMeter(to point: RestorePointDescription) {
        run.meter.add(
            bytes: max(0, point.logicalBytes - (run.meter.bytes - startBytes)),
            entries: max(0, point.entryCount - (run.meter.entries - startEntries)))
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
