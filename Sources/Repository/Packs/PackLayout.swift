import Foundation
import HoldfastCore

/// The parts of a pack around its chunks.
///
/// `magic(8) || salt(32) || sealed chunks … || sealed table || table length(4, LE) || end magic(8)`. A chunk is sealed
/// under the pack's key at the position that is its offset; the table at its own offset, with the magic as associated
/// data. The table is `domain tag(32)` and then the pack's entries, one after the other. So a pack can list itself with
/// nothing but the key.
enum PackLayout {
    static let magic = Array("HFPACK1\n".utf8)
    static let endMagic = Array("HFPKEND1".utf8)
    static let headBytes = 8 + Cipher.saltBytes
    static let tailBytes = 4 + 8

    /// A pack is closed once its chunks reach this length; the last chunk may pass it.
    static let chunkBytesTarget = 16 << 20
    /// A pack is closed once it holds so many chunks, so that its table stays small.
    static let chunksMax = 1 << 16
    /// Of the sealed table.
    static let tableBytesMax = DomainTag.sizeBytes + chunksMax * PackEntry.sizeBytes + Cipher.tagBytes
    static let sizeBytesMax = headBytes + chunkBytesTarget + Chunk.storedBytesMax + tableBytesMax + tailBytes

    /// What a pack's table says.
    struct Table: Equatable {
        let domain: DomainTag
        let entries: [PackEntry]
    }

    /// Where the sealed table is.
    ///
    /// - Parameter tail: the last ``tailBytes`` of the pack.
    /// - Returns: offsets in the pack; nil when the tail is not that of a pack of this length.
    static func tableRange(tail: ArraySlice<UInt8>, packBytes: Int) -> Range<Int>? {
        var parser = ByteParser(tail)
        guard let length = parser.uint32(), let end = parser.raw(endMagic.count), end.elementsEqual(endMagic),
            parser.remaining == 0, length >= UInt32(DomainTag.sizeBytes + Cipher.tagBytes),
            length <= UInt32(tableBytesMax), headBytes + Int(length) + tailBytes <= packBytes
        else { return nil }
        let tableEnd = packBytes - tailBytes
        return tableEnd - Int(length)..<tableEnd
    }

    /// Opens a sealed table.
    ///
    /// - Parameter head: the first ``headBytes`` of the pack.
    /// - Throws: ``RepositoryError`` with `.objectCorrupt`.
    static func table(
        sealed: UnsafeRawBufferPointer, at start: Int, head: ArraySlice<UInt8>, name: String, keys: KeyTree
    ) throws(RepositoryError) -> Table {
        guard head.count == headBytes, head.starts(with: magic) else {
            throw .corrupt(name, "it does not begin as a pack does")
        }
        let cipher = try keys.packCipher(salt: Array(head.dropFirst(magic.count)))
        let table = try cipher.open(sealed, position: UInt64(start), associated: magic)
        guard let table else { throw .corrupt(name, "the seal of its table does not hold") }
        guard let domain = DomainTag(bytes: table.prefix(DomainTag.sizeBytes)),
            (table.count - DomainTag.sizeBytes).isMultiple(of: PackEntry.sizeBytes)
        else { throw .corrupt(name, "its table is cut") }
        let count = (table.count - DomainTag.sizeBytes) / PackEntry.sizeBytes
        var entries: [PackEntry] = []
        entries.reserveCapacity(count)
        let areSound = table.withUnsafeBytes { bytes in
            for index in 0..<count {
                let place = DomainTag.sizeBytes + index * PackEntry.sizeBytes
                guard let entry = PackEntry(loading: bytes, at: place), entry.fits(in: headBytes..<start) else {
                    return false
                }
                entries.append(entry)
            }
            return true
        }
        guard areSound else { throw .corrupt(name, "an entry of its table makes no sense") }
        return Table(domain: domain, entries: entries)
    }

    /// Reads the table of a whole pack.
    ///
    /// - Throws: ``RepositoryError`` with `.objectCorrupt`.
    static func table(
        of pack: UnsafeRawBufferPointer, name: String, keys: KeyTree
    ) throws(RepositoryError) -> Table {
        guard pack.count >= headBytes + tailBytes,
            let range = tableRange(tail: Array(pack.suffix(tailBytes))[...], packBytes: pack.count)
        else { throw .corrupt(name, "it does not end as a pack does") }
        do throws(RepositoryError) {
            return try table(
                sealed: UnsafeRawBufferPointer(rebasing: pack[range]), at: range.lowerBound,
                head: Array(pack.prefix(headBytes))[...], name: name, keys: keys)
        } catch {
            // Whether the epoch is unknown, or what says which it is was damaged, the name tells.
            guard error.code == .keyMissing, !name.hasSuffix(Hex.encode(try Digest.sha256(pack))) else { throw error }
            throw .corrupt(name, "its name is not its hash")
        }
    }

    static func table(of pack: [UInt8], name: String, keys: KeyTree) throws(RepositoryError) -> Table {
        let result = pack.withUnsafeBytes { bytes in
            Result { () throws(RepositoryError) in try table(of: bytes, name: name, keys: keys) }
        }
        return try result.get()
    }

    /// Opens one chunk in the bytes of a whole pack, which may be fewer than they were.
    ///
    /// - Throws: as the other does.
    static func open(
        _ entry: PackEntry, inPack bytes: UnsafeRawBufferPointer, cipher: Cipher, naming: KeyedHash, name: String
    ) throws(RepositoryError) -> [UInt8] {
        let range = Int(entry.offset)..<Int(entry.offset) + Int(entry.storedBytes)
        guard range.upperBound <= bytes.count else { throw .corrupt(name, "it is cut") }
        return try open(
            entry, sealed: UnsafeRawBufferPointer(rebasing: bytes[range]), cipher: cipher, naming: naming, name: name)
    }

    static func open(
        _ entry: PackEntry, inPack bytes: [UInt8], cipher: Cipher, naming: KeyedHash, name: String
    ) throws(RepositoryError) -> [UInt8] {
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(RepositoryError) in
                try open(entry, inPack: bytes, cipher: cipher, naming: naming, name: name)
            }
        }
        return try result.get()
    }

    /// Opens one chunk from its sealed bytes, and recomputes its name.
    ///
    /// The seal proves that these are the bytes that were sealed; the name proves that they are the bytes that were
    /// named, whatever memory or compression did to them in between.
    ///
    /// - Throws: ``RepositoryError`` with `.objectCorrupt` when the seal, the frame or the name does not hold.
    static func open(
        _ entry: PackEntry, sealed: UnsafeRawBufferPointer, cipher: Cipher, naming: KeyedHash, name: String
    ) throws(RepositoryError) -> [UInt8] {
        let payload = try cipher.open(sealed, position: UInt64(entry.offset), associated: entry.associated)
        guard let payload else { throw .corrupt(name, "the seal of the chunk \(entry.id) does not hold") }
        let plain: [UInt8]
        switch entry.form {
        case .plain: plain = payload
        case .zstd:
            guard let whole = try Compression.decompress(payload, plainBytes: Int(entry.plainBytes)) else {
                throw .corrupt(name, "the frame of the chunk \(entry.id) can't be read")
            }
            plain = whole
        }
        guard plain.count == Int(entry.plainBytes) else {
            throw .corrupt(name, "the chunk \(entry.id) has the wrong length")
        }
        let result = plain.withUnsafeBytes { bytes in
            Result { () throws(RepositoryError) in try naming.name(of: bytes) }
        }
        guard try result.get() == entry.id else {
            throw .corrupt(name, "the chunk \(entry.id) has the contents of another")
        }
        return plain
    }
}
