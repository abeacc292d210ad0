import Foundation

/// The parts of a pack around its chunks.
///
/// `magic(8) || salt(32) || sealed chunks … || sealed table || table length(4, LE) || end magic(8)`. A chunk is sealed
/// under the pack's key at the position that is its offset; the table, which lists the pack's entries one after the
/// other, at its own offset, with the magic as associated data. So a pack can list itself with nothing but the key.
enum PackLayout {
    static let magic = Array("HFPACK1\n".utf8)
    static let endMagic = Array("HFPKEND1".utf8)
    static let headBytes = 8 + Cipher.saltBytes
    static let tailBytes = 4 + 8

    /// A pack is closed once its chunks reach this length; the last chunk may pass it.
    static let chunkBytesTarget = 16 << 20

    /// Reads the table of a whole pack.
    ///
    /// - Throws: ``RepositoryError`` with `.objectCorrupt`.
    static func entries(of pack: [UInt8], name: String, keys: KeyTree) throws(RepositoryError) -> [PackEntry] {
        guard pack.count >= headBytes + Cipher.tagBytes + tailBytes, pack.starts(with: magic),
            pack.suffix(endMagic.count).elementsEqual(endMagic)
        else { throw .corrupt(name, "it does not begin or end as a pack does") }
        var tail = ByteParser(pack[(pack.count - tailBytes)...])
        let tableBytes = Int(tail.uint32() ?? 0)
        let start = pack.count - tailBytes - tableBytes
        guard tableBytes >= Cipher.tagBytes, start >= headBytes else {
            throw .corrupt(name, "the length of its table makes no sense")
        }
        let cipher = try keys.packCipher(salt: Array(pack[magic.count..<headBytes]))
        let result = pack.withUnsafeBytes { bytes in
            Result { () throws(RepositoryError) in
                try cipher.open(
                    UnsafeRawBufferPointer(rebasing: bytes[start..<start + tableBytes]), position: UInt64(start),
                    associated: magic)
            }
        }
        guard let table = try result.get() else { throw .corrupt(name, "the seal of its table does not hold") }
        guard table.count.isMultiple(of: PackEntry.sizeBytes) else { throw .corrupt(name, "its table is cut") }
        var parser = ByteParser(table)
        var entries: [PackEntry] = []
        entries.reserveCapacity(table.count / PackEntry.sizeBytes)
        while parser.remaining > 0 {
            guard let entry = PackEntry(from: &parser), Int(entry.offset) >= headBytes,
                Int(entry.offset) + Int(entry.storedBytes) <= start
            else { throw .corrupt(name, "an entry of its table makes no sense") }
            entries.append(entry)
        }
        return entries
    }

    /// Opens one chunk from its sealed bytes.
    ///
    /// - Throws: ``RepositoryError`` with `.objectCorrupt` when the seal or the frame does not hold.
    static func open(
        _ entry: PackEntry, sealed: UnsafeRawBufferPointer, cipher: Cipher, name: String
    ) throws(RepositoryError) -> [UInt8] {
        let payload = try cipher.open(sealed, position: UInt64(entry.offset), associated: entry.associated)
        guard let payload else { throw .corrupt(name, "the seal of the chunk \(entry.id) does not hold") }
        switch entry.form {
        case .plain:
            guard payload.count == Int(entry.plainBytes) else {
                throw .corrupt(name, "the chunk \(entry.id) has the wrong length")
            }
            return payload
        case .zstd:
            guard let plain = try Compression.decompress(payload, plainBytes: Int(entry.plainBytes)) else {
                throw .corrupt(name, "the frame of the chunk \(entry.id) can't be read")
            }
            return plain
        }
    }
}
