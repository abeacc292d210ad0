import HoldfastCore
import ObjectStorage

extension Repository {
    /// - Returns: chunks that can't be read.
    func checkPacks(
        readData: Bool, threads: Int, reader: ChunkReader, report: inout CheckReport,
        progress: (_ done: Int, _ total: Int) -> Void
    ) throws -> DamagedChunks {
        // In this order: a pack is stored before the index knows it, so one that is not in the list is gone.
        let known = index.packs
        let folder = try StoredKeys.packs()
        let objects = try store.wrapping { store throws(ObjectStoreError) in try store.list(folder) }
        let sizes = Dictionary(objects.map { ($0.key.name, $0.sizeBytes) }, uniquingKeysWith: { first, _ in first })
        let names = Set(known.map { $0.id.description })
        report.packs = objects.count
        report.unreferencedPacks = objects.count { !names.contains($0.key.name) }
        var damaged = DamagedChunks()
        var whole: [PackRecord] = []
        for pack in known {
            let key = try StoredKeys.pack(pack.id)
            guard let sizeBytes = sizes[pack.id.description] else {
                if try !isRemoved(pack.id) { damaged.missing.insert(pack.id) }
                continue
            }
            guard sizeBytes == Int(pack.sizeBytes) else {
                report.faults.append(
                    .init(place: key.text, message: "the pack has \(sizeBytes) bytes instead of \(pack.sizeBytes)"))
                damaged.packs.insert(pack.id)
                continue
            }
            whole.append(pack)
        }
        if readData {
            let packs = whole
            let buffers = PackBuffers(countMax: threads)
            let findings = try Parallel.map(
                packs.count, threads: threads, name: "check",
                { [self] number throws(RepositoryError) in
                    try read(packs[number], reader: reader, buffers)
                }, progress: { progress($0, packs.count) })
            for (pack, found) in zip(packs, findings) {
                report.readBytes += found.readBytes
                report.faults += found.faults
                damaged.chunks.formUnion(found.chunks)
                if found.isUnreadable { damaged.packs.insert(pack.id) }
            }
        }
        try leaveOut(damaged.missing)
        return damaged
    }

    private struct PackFindings: Sendable {
        var readBytes: Int64 = 0
        var faults: [CheckReport.Fault] = []
        /// That can't be read, and of which no other copy is read instead.
        var chunks: [ChunkID] = []
        var isUnreadable = false
    }

    /// Reads one pack whole and opens every chunk in it. Memory: the pack.
    private func read(
        _ pack: PackRecord, reader: ChunkReader, _ buffers: PackBuffers
    ) throws(RepositoryError) -> PackFindings {
        var found = PackFindings()
        let key = try StoredKeys.pack(pack.id)
        let memory = buffers.take()
        defer { buffers.giveBack(memory) }
        do throws(RepositoryError) {
            let length = try store.wrapping { store throws(ObjectStoreError) in try store.load(key, into: memory) }
            let bytes = UnsafeRawBufferPointer(rebasing: memory[..<length])
            found.readBytes = Int64(bytes.count)
            if try Digest.sha256(bytes) != pack.id.bytes {
                found.faults.append(
                    .init(place: key.text, message: "the pack's bytes are not those it is named after"))
            }
            let (cipher, naming) = try reader.keys(of: pack)
            for entry in try entries(of: pack, bytes: bytes, key: key) {
                do throws(RepositoryError) {
                    _ = try PackLayout.open(entry, inPack: bytes, cipher: cipher, naming: naming, name: key.text)
                } catch {
                    guard error.code == .objectCorrupt else { throw error }
                    found.faults.append(.init(place: "chunk \(entry.id)", message: error.message))
                    // A later backup may have stored a whole copy elsewhere, which is the one that is read.
                    if index.find(entry.id)?.pack.id == pack.id { found.chunks.append(entry.id) }
                }
            }
        } catch {
            switch error.code {
            case .objectMissing where try isRemoved(pack.id): break
            case .objectCorrupt, .objectMissing:
                found.faults.append(.init(error))
                found.isUnreadable = true
            default: throw error
            }
        }
        return found
    }

    /// Whether a prune has removed the pack since the index was loaded.
    private func isRemoved(_ pack: PackID) throws(RepositoryError) -> Bool {
        try loadNewSegments(toleratingDamage: true)
        return !index.packs.contains { $0.id == pack }
    }

    /// The chunks of a pack: from its own table, or where that is damaged, from the index segment that names the pack.
    private func entries(
        of pack: PackRecord, bytes: UnsafeRawBufferPointer, key: ObjectKey
    ) throws(RepositoryError) -> [PackEntry] {
        do throws(RepositoryError) {
            return try PackLayout.table(of: bytes, name: key.text, keys: keys).entries
        } catch { guard error.code == .objectCorrupt else { throw error } }
        let folder = try StoredKeys.segments()
        for object in try store.wrapping({ store throws(ObjectStoreError) in try store.list(folder) }) {
            guard let record = try? store.wholeObject(object, sizeBytesMax: IndexSegment.sizeBytesMax),
                let body = try? SealedRecord.segment.open(record, keys: keys, name: object.key.text),
                let segment = try? IndexSegment(decoding: body, name: object.key.text)
            else { continue }
            if let found = segment.packs.first(where: { $0.record.id == pack.id }) { return found.entries }
        }
        return []
    }
}
