/// What one session added: packs, and the chunks in them. An object of its own, sealed as a whole, never changed.
///
/// The body is `generation(8, LE) || count of packs(4, LE) || pack records … || for each pack: count of chunks(4, LE) ||
/// pack entries …`. Where two segments name the same chunk, the higher generation wins: a later copy replaces a damaged one.
struct IndexSegment: Sendable {
    struct Pack: Sendable {
        let record: PackRecord
        let entries: [PackEntry]
    }

    let generation: UInt64
    let packs: [Pack]

    func encoded() -> [UInt8] {
        var writer = ByteWriter()
        writer.integer(generation)
        writer.integer(UInt32(packs.count))
        for pack in packs {
            writer.raw(pack.record.id.bytes)
            writer.raw(pack.record.salt)
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
                let salt = parser.raw(Cipher.saltBytes), let sizeBytes = parser.uint32()
            else { throw bad() }
            records.append(PackRecord(id: id, salt: Array(salt), sizeBytes: sizeBytes))
        }
        var packs: [Pack] = []
        for record in records {
            guard let count = parser.uint32(), Int(count) <= parser.remaining / PackEntry.sizeBytes else { throw bad() }
            var entries: [PackEntry] = []
            entries.reserveCapacity(Int(count))
            for _ in 0..<count {
                guard let entry = PackEntry(from: &parser), entry.offset + entry.storedBytes <= record.sizeBytes else {
                    throw bad()
                }
                entries.append(entry)
            }
            packs.append(Pack(record: record, entries: entries))
        }
        guard parser.remaining == 0 else { throw bad() }
        self.generation = generation
        self.packs = packs
    }
}
