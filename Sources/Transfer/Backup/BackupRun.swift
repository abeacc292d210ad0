import Endpoints
import Foundation
import HoldfastCore
import Repository

/// One backup, from opening the source to the commit. The calling thread assembles; others read and store.
struct BackupRun: Sendable {
    let request: BackupRequest
    let repository: Repository
    let seams: Seams
    let hooks: SourceHooks
    let control: TransferControl
    let meter: ProgressMeter

    private var kind: RestorePointDescription.Kind {
        switch request.source {
        case .tree: .tree
        case .image: .image
        }
    }

    func run() throws -> BackupOutcome {
        let start = seams.now()
        let warnings = WarningLog()
        let session = try repository.beginBackup(domain: request.domain, kind: kind)
        do {
            let parent = usableParent(in: session)
            let result: Result
            switch request.source {
            case .tree(let path): result = try backUpTree(path, session, parent, warnings)
            case .image(let path): result = try backUpImage(path, session, parent, warnings)
            }
            try control.check()
            let point = try session.commit(
                RestorePointDescription(
                    createdAt: start, kind: kind, source: request.source.path, root: result.root,
                    logicalBytes: result.logicalBytes, entryCount: result.entryCount, domain: request.domain,
                    labels: request.labels, warningCount: warnings.count))
            meter.finish()
            return BackupOutcome(
                restorePoint: point.id, logicalBytes: result.logicalBytes, readBytes: result.readBytes,
                storedBytes: session.statistics.storedBytes, entryCount: result.entryCount, warnings: warnings.kept,
                warningCount: warnings.count, parentUsed: parent?.id,
                time: .backup(control.times, storeWaits: session.statistics.storeWaits))
        } catch {
            session.abandon()
            throw error
        }
    }

    struct Result {
        let root: ChunkID
        let logicalBytes: Int64
        let readBytes: Int64
        let entryCount: Int
    }

    /// The parent, if it is of the same kind and domain and its record can be read. Chunks are not shared across
    /// domains, so neither are parents.
    private func usableParent(in session: BackupSession) -> RestorePoint? {
        guard !request.rereadAll, let id = request.parent, let parent = try? repository.restorePoint(id),
            parent.description.kind == kind, parent.description.domain == request.domain, session.mayTakeOver(parent)
        else { return nil }
        return parent
    }

    func access(_ session: BackupSession) -> ChunkAccess {
        let reader = repository.reader()
        let verify = request.rereadAll
        return ChunkAccess(
            store: { try session.store($0, verify: verify) },
            contains: { session.contains($0) },
            fetch: { try reader.read($0) },
            name: { try session.name(of: $0) },
            contents: { try reader.contents(of: $0, sizeBytes: $1) }, willFetch: { reader.willRead($0) })
    }

    /// Starts the threads that name, compress, seal and store chunks.
    func startWorkers(_ crew: Crew, _ jobs: BoundedQueue<StoreJob>, _ access: ChunkAccess, count: Int) {
        for index in 0..<count {
            crew.start("backup-store-\(index)", stage: .worker) {
                while let job = try jobs.pop() {
                    for chunk in job.chunks {
                        try control.check()
                        chunk.pending.resolve(try access.store(job.buffer.bytes(chunk.range)))
                    }
                }
            }
        }
    }
}
