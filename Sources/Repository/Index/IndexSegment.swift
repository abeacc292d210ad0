import ObjectStorage

/// What a session added with some packs: the packs, and the chunks in them. An object of its own, sealed as a whole,
/// never changed.
///
/// The body is `generation(8, LE) || count of packs(4, LE) || pack records … || for each pack: count of chunks(4, LE) ||
/// pack entries …`. Where two segments name the same chunk, the higher generation wins: a later copy replaces a damaged one.
struct IndexSegment: Sendable {
    struct Pack: Sendable {
        let record: PackRecord
        let entries: [PackEntry]
    }

    /// Of the stored object: what a session puts into one is far below. More is not read into memory.
    static let sizeBytesMax = 256 << 20

    let generation: UInt64
    let packs: [Pack]

    func encoded() -> [UInt8] {
        var writer = ByteWriter()
        writer.integer(generation)
        writer.integer(UInt32(packs.count))
        for pack in packs {
            writer.raw(pack.record.id.bytes)
            writer.raw(pack.record.salt)
            writer.raw(pack.record.domain.bytes)
            writer.integer(pack.record.sizeBytes)
        }
        for pack in packs {
            writer.integer(UInt32(pack.entries.count))
            for entry in pack.entries { entry.write(to: &writer) }
        }
        return writer.bytes
    }

    init(generation: UInt64, packs: [Pack]) {
        self.generation = generation
        self.packs = packs
    }

    func without(_ gone: Set<PackID>) -> IndexSegment {
        if gone.isEmpty { return self }
        return IndexSegment(generation: generation, packs: packs.filter { !gone.contains($0.record.id) })
    }

    /// - Throws: ``RepositoryError`` with `.objectCorrupt`.
    init(decoding body: [UInt8], name: String) throws(RepositoryError) {
        var parser = ByteParser(body)
        func bad() -> RepositoryError { .corrupt(name, "a field of it makes no sense") }
        guard let generation = parser.uint64(), let packCount = parser.uint32(),
            Int(packCount) <= parser.remaining / PackRecord.sizeBytes
        else { throw bad() }
        var records: [PackRecord] = []
        for _ in 0..<packCount {
            guard let idBytes = parser.raw(32), let id = PackID(bytes: idBytes),
                let salt = parser.raw(Cipher.saltBytes), let domainBytes = parser.raw(DomainTag.sizeBytes),
                let domain = DomainTag(bytes: domainBytes), let sizeBytes = parser.uint32(),
                (PackLayout.headBytes...PackLayout.sizeBytesMax).contains(Int(sizeBytes))
            else { throw bad() }
            records.append(PackRecord(id: id, salt: Array(salt), domain: domain, sizeBytes: sizeBytes))
        }
        var packs: [Pack] = []
        for record in records {
            guard let count = parser.uint32(), Int(count) <= parser.remaining / PackEntry.sizeBytes,
                let run = parser.raw(Int(count) * PackEntry.sizeBytes)
            else { throw bad() }
            var entries: [PackEntry] = []
            entries.reserveCapacity(Int(count))
            let areSound = run.withUnsafeBytes { bytes in
                for index in 0..<Int(count) {
                    guard let entry = PackEntry(loading: bytes, at: index * PackEntry.sizeBytes),
                        entry.fits(in: PackLayout.headBytes..<Int(record.sizeBytes))
                    else { return false }
                    entries.append(entry)
                }
                return true
            }
            guard areSound else { throw bad() }
            packs.append(Pack(record: record, entries: entries))
        }
        guard parser.remaining == 0 else { throw bad() }
        self.generation = generation
        self.packs = packs
    }
}

extension IndexSegment {
    /// A stored segment without what is in its packs.
    struct Summary: Sendable {
        let object: ObjectEntry
        let packs: [(id: PackID, chunks: Int)]

        init(_ segment: IndexSegment, _ object: ObjectEntry) {
            self.object = object
            packs = segment.packs.map { ($0.record.id, $0.entries.count) }
        }
    }
}
