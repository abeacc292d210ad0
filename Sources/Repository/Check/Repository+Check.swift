import HoldfastCore
import ObjectStorage

extension Repository {
    /// Looks for damage, and names the restore points and items that it hits.
    ///
    /// - Parameters:
    ///   - readData: also reads every pack and authenticates every byte of it. Without it, manifests are read, and of
    ///     contents only the index and the packs' sizes are looked at.
    ///   - threads: how many read packs at once; each holds one. With one it is the caller's.
    ///   - progress: called on the caller's thread with packs done and packs in all.
    /// - Throws: ``RepositoryError`` when the store does not answer: then nothing is known.
    public func check(
        readData: Bool, threads: Int = 1, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws -> CheckReport {
        var report = CheckReport()
        for error in try loadNewSegments(toleratingDamage: true) { report.add(error) }
        try checkKeys(report: &report)
        for object in try damagedWork() {
            report.faults.append(.init(place: object.key.text, message: "it is not as it was written"))
        }
        let reader = reader()
        let damaged = try checkPacks(
            readData: readData, threads: threads, reader: reader, report: &report, progress: progress)
        let (points, broken) = try readableRestorePoints()
        for error in broken { report.add(error) }
        // What a restore point of a moment ago needs may be newer than the index that was loaded first.
        try checkLocks(of: Set(points.map(\.id)), report: &report)
        try loadNewSegments(toleratingDamage: true)
        report.restorePoints = points.count + broken.count
        report.chunks = index.count
        for point in points {
            guard let hit = try walk(point, reader: reader, damaged: damaged) else { continue }
            // Beside a prune, chunks move and forgotten restore points lose theirs: only what is there, and by the index as
            // it is now, is a finding.
            var last = hit
            var isHit = true
            while isHit {
                let segments = index.segments
                try loadNewSegments(toleratingDamage: true)
                guard index.segments != segments else { break }
                let again = try walk(point, reader: reader, damaged: damaged)
                isHit = again != nil
                last = again ?? last
            }
            if isHit, try hasObject(StoredKeys.restorePoint(point.id.text)) { report.hits.append(last) }
        }
        if report.hits.isEmpty {
            report.outlivedPacks = damaged.missing.count
        } else {
            for pack in damaged.missing.map(\.description).sorted() {
                report.faults.append(.init(place: "packs/\(pack.prefix(2))/\(pack)", message: "the pack is missing"))
            }
        }
        return report
    }

    public func statistics() throws -> RepositoryStatistics {
        let packFolder = try StoredKeys.packs()
        let segmentFolder = try StoredKeys.segments()
        try loadNewSegments(toleratingDamage: true)
        let packs = try store.wrapping { store throws(ObjectStoreError) in try store.list(packFolder) }
        let segments = try store.wrapping { store throws(ObjectStoreError) in try store.list(segmentFolder) }
        let points = try restorePoints()
        let now = seams.now()
        let bars = try protections().values.compactMap { $0.bar(now: now) }
        let store = try bars.isEmpty ? nil : storeProtection()
        return RepositoryStatistics(
            restorePoints: points.count, packs: packs.count, chunks: index.count,
            storedBytes: packs.reduce(0) { $0 + Int64($1.sizeBytes) },
            plainBytes: index.plainBytes, indexBytes: segments.reduce(0) { $0 + Int64($1.sizeBytes) },
            logicalBytes: points.reduce(0) { $0 + $1.description.logicalBytes },
            lockedRestorePoints: bars.count,
            heldRestorePoints: bars.filter { if case .held = $0 { true } else { false } }.count,
            storeRefusesRemoval: store.map { $0 == .refusesRemoval }, storeRefusalMissing: store?.reason)
    }

    /// Wrapped keys are named by their hash: one that does not match opens nothing, or was changed where it does not show.
    private func checkKeys(report: inout CheckReport) throws {
        let folder = try StoredKeys.wrappings()
        for object in try store.wrapping({ store throws(ObjectStoreError) in try store.list(folder) }) {
            let bytes = try store.wrapping { store throws(ObjectStoreError) in try store.get(object.key, range: nil) }
            if Hex.encode(try Digest.sha256(bytes)) != object.key.name {
                report.faults.append(.init(place: object.key.text, message: "the wrapped key is damaged"))
            }
        }
    }

    /// - Returns: nil when the restore point can be given back whole, as far as was looked.
    private func walk(
        _ point: RestorePoint, reader: ChunkReader, damaged: DamagedChunks
    ) throws -> CheckReport.Hit? {
        var paths: [String] = []
        var pathCount = 0
        var isHit = false
        func hit(_ path: [[UInt8]]) {
            isHit = true
            let text = PrintablePath.text(path)
            guard !text.isEmpty, paths.last != text else { return }
            pathCount += 1
            if paths.count < CheckReport.pathsMax { paths.append(text) }
        }
        let walker = ManifestWalker { id in
            if damaged.contains(id, in: self.index) { throw RepositoryError.missing(id) }
            return try reader.read(id)
        }
        let visit: (ManifestWalker.Visit) throws -> Void = { visit in
            guard visit.role == .contents else { return }
            if !self.index.contains(visit.chunk) || damaged.contains(visit.chunk, in: self.index) {
                hit(visit.path)
            }
        }
        switch point.description.kind {
        case .tree:
            try walker.walkTree(
                point.description.root, visit: visit,
                damaged: { path, error in
                    try Self.rethrowUnlessDamage(error)
                    hit(path)
                })
        case .image:
            try walker.walkImage(
                point.description.root, visit: visit,
                damaged: { error in
                    try Self.rethrowUnlessDamage(error)
                    isHit = true
                })
        }
        return isHit ? .init(restorePoint: point.id, paths: paths, pathCount: pathCount) : nil
    }

    /// A store that does not answer is no damage: the check then knows nothing, and says so.
    private static func rethrowUnlessDamage(_ error: any Error) throws {
        if let error = error as? RepositoryError, error.isRetryable { throw error }
    }
}

/// Chunks that a check found unreadable.
struct DamagedChunks {
    var chunks: Set<ChunkID> = []
    /// Packs none of whose chunks can be read.
    var packs: Set<PackID> = []
    /// Packs that the index names and the store does not have.
    var missing: Set<PackID> = []

    func contains(_ id: ChunkID, in index: ChunkIndex) -> Bool {
        if chunks.isEmpty && packs.isEmpty { return false }
        if chunks.contains(id) { return true }
        return index.find(id).map { packs.contains($0.pack.id) } ?? true
    }
}

extension CheckReport.Fault {
    init(_ error: RepositoryError) {
        self.init(place: error.facts["object.key"] ?? "repository", message: error.message)
    }
}

extension CheckReport {
    mutating func add(_ error: RepositoryError) { faults.append(Fault(error)) }
}

/// Names are bytes; people read text.
enum PrintablePath {
    static func text(_ names: [[UInt8]]) -> String {
        names.map { name in
            String(decoding: name, as: UTF8.self).unicodeScalars.map { scalar in
                scalar.value < 0x20 || scalar.value == 0x7F ? "\\x\(String(scalar.value, radix: 16))" : "\(scalar)"
            }.joined()
        }.joined(separator: "/")
    }
}
