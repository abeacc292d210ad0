import HoldfastCore
import Repository

/// One copy: restore points one after the other, the oldest first.
struct CopyRun: Sendable {
    let request: CopyRequest
    let source: Repository
    let target: Repository
    let control: TransferControl
    let meter: ProgressMeter

    /// A restore point that both have: what it shares with the next one need not be read again.
    struct Basis {
        let source: RestorePoint
        let target: RestorePoint

        var roots: CopyBasis {
            CopyBasis(source: source.description.root, target: target.description.root)
        }
    }

    /// Damage in the source ends the copy of one restore point, not of all.
    struct SourceDamage: Error {
        let cause: any Error
    }

    func run() throws -> CopyOutcome {
        guard source.id != target.id else {
            throw TransferError(
                code: .kindMismatch, message: "both are the same repository, \(source.id)",
                facts: ["repository": source.id])
        }
        let (known, damaged) = try source.restorePointList()
        let asked = try chosen(from: known)
        var outcome = CopyOutcome()
        if request.restorePoints.isEmpty { outcome.failed = damaged.map(Self.failure) }
        var present = try origins(of: target)
        let missing = asked.filter { present[CopyOrigin(of: $0, in: source)] == nil }
            .sorted { ($0.description.createdAt, $0.id) < ($1.description.createdAt, $1.id) }
        outcome.presentCount = asked.count - missing.count
        meter.expect(
            bytes: missing.reduce(0) { $0 + $1.description.logicalBytes },
            entries: missing.reduce(0) { $0 + $1.description.entryCount })
        var basisPoints = known.filter { present[CopyOrigin(of: $0, in: source)] != nil }
        for point in missing {
            try control.check()
            let origin = CopyOrigin(of: point, in: source)
            // Two restore points of one origin: a copy that came by two ways.
            if present[origin] != nil {
                outcome.presentCount += 1
                continue
            }
            do {
                let basis = basis(for: point, among: basisPoints, present)
                let (copy, counter) = try copy(point, basis, origin)
                present[origin] = copy
                basisPoints.append(point)
                outcome.readBytes += counter.bytes
                outcome.storedBytes += copy.description.storedBytes
                outcome.copied.append(
                    .init(source: point.id, target: copy.id, storedBytes: copy.description.storedBytes))
            } catch let damage as SourceDamage {
                let error = TransferError.wrapping(damage.cause)
                outcome.failed.append(.init(source: point.id, message: error.message))
            }
        }
        meter.finish()
        return outcome
    }

    private func chosen(from known: [RestorePoint]) throws -> [RestorePoint] {
        guard !request.restorePoints.isEmpty else { return known }
        return try request.restorePoints.map { id in
            guard let point = known.first(where: { $0.id == id }) else {
                throw TransferError(
                    code: .restorePointMissing, message: "restore point \(id) cannot be read from the repository",
                    facts: ["restore_point": id.text])
            }
            return point
        }
    }

    /// A record that can't be read has no more to its name than its key.
    private static func failure(_ error: RepositoryError) -> CopyOutcome.Failed {
        let name = error.facts["object.key"]?.split(separator: "/").last.map(String.init)
        return .init(source: RestorePointID(name ?? "unknown"), message: error.message)
    }

    private func origins(of repository: Repository) throws -> [CopyOrigin: RestorePoint] {
        let points = try repository.restorePoints()
        return Dictionary(
            points.map { (CopyOrigin(of: $0, in: repository), $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The one of the same source that is nearest in time, the earlier ones first.
    private func basis(
        for point: RestorePoint, among points: [RestorePoint], _ present: [CopyOrigin: RestorePoint]
    ) -> Basis? {
        guard !request.rereadAll else { return nil }
        let description = point.description
        let alike = points.filter {
            $0.description.kind == description.kind && $0.description.domain == description.domain
                && $0.description.source == description.source
        }
        let earlier = alike.filter { $0.description.createdAt <= description.createdAt }
        let nearest =
            earlier.max { $0.description.createdAt < $1.description.createdAt }
            ?? alike.min { $0.description.createdAt < $1.description.createdAt }
        guard let nearest, let copy = present[CopyOrigin(of: nearest, in: source)] else { return nil }
        return Basis(source: nearest, target: copy)
    }

    private func copy(_ point: RestorePoint, _ basis: Basis?, _ origin: CopyOrigin) throws -> (
        RestorePoint, ReadCounter
    ) {
        let old = point.description
        let session = try target.beginBackup(domain: old.domain, kind: old.kind)
        do {
            let reader = target.reader()
            let access = ChunkAccess(
                store: { [request] in try session.store($0, verify: request.rereadAll) },
                contains: { session.contains($0) }, fetch: { try reader.read($0) },
                name: { try session.name(of: $0) }, contents: { try reader.contents(of: $0, sizeBytes: $1) },
                willFetch: { reader.willRead($0) })
            let pipes = CopyPipes(source: source, access: access, outer: control, meter: meter)
            let usable = basis.flatMap { isUsable($0, session) ? $0.roots : nil }
            let root = try pipes.copy(old, usable)
            try control.check()
            let copy = try session.commit(
                RestorePointDescription(
                    createdAt: old.createdAt, kind: old.kind, source: old.source, root: root,
                    logicalBytes: old.logicalBytes, entryCount: old.entryCount, domain: old.domain,
                    labels: old.labels.merging(origin.labels) { kept, _ in kept }, warningCount: old.warningCount))
            pipes.fillMeter(to: old)
            return (copy, pipes.counter)
        } catch {
            session.abandon()
            throw error
        }
    }

    /// Parts are taken over by name only from what is still there, and what no pending prune is about to hollow out.
    private func isUsable(_ basis: Basis, _ session: BackupSession) -> Bool {
        (try? target.restorePoint(basis.target.id)).map { session.mayTakeOver($0) } ?? false
    }
}
