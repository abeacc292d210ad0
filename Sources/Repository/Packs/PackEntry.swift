/// One chunk in a pack, as tables and index segments store it.
///
/// `name(32) || offset(4, LE) || stored length(4, LE) || plain length and form(4, LE)`, 44 bytes. The last field holds the
/// plain length in its low 24 bits and the form in its high 8.
struct PackEntry: Equatable, Sendable {
    static let sizeBytes = ChunkID.sizeBytes + 12
    private static let plainBits: UInt32 = 24

    /// How the plain bytes were treated before sealing.
    enum Form: UInt8, Sendable {
        case plain = 0
        case zstd = 1
    }

    let id: ChunkID
    /// From the start of the pack to the sealed bytes.
    let offset: UInt32
    /// Of the sealed bytes, tag included.
    let storedBytes: UInt32
    let plainBytes: UInt32
    let form: Form

    func write(to writer: inout ByteWriter) {
        id.withUnsafeBytes { writer.raw($0) }
        writer.integer(offset)
        writer.integer(storedBytes)
        writer.integer(plainBytes | UInt32(form.rawValue) << Self.plainBits)
    }

    /// - Parameter place: where the entry begins in `bytes`; all of it must be inside.
    /// - Returns: nil when the bytes make no sense.
    init?(loading bytes: UnsafeRawBufferPointer, at place: Int) {
        precondition(place >= 0 && bytes.count - place >= Self.sizeBytes)
        func field(_ offset: Int) -> UInt32 {
            UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place + offset, as: UInt32.self))
        }
        let offset = field(ChunkID.sizeBytes)
        let storedBytes = field(ChunkID.sizeBytes + 4)
        let last = field(ChunkID.sizeBytes + 8)
        let plainBytes = last & (1 << Self.plainBits - 1)
        guard let form = Form(rawValue: UInt8(last >> Self.plainBits)), plainBytes > 0,
            plainBytes <= UInt32(Chunk.plainBytesMax), storedBytes > UInt32(Cipher.tagBytes),
            storedBytes <= UInt32(Chunk.storedBytesMax)
        else { return nil }
        let name = UnsafeRawBufferPointer(rebasing: bytes[place..<place + ChunkID.sizeBytes])
        self.init(
            id: ChunkID(loading: name), offset: offset, storedBytes: storedBytes, plainBytes: plainBytes, form: form)
    }

    /// Whether the sealed bytes lie inside this part of a pack.
    func fits(in range: Range<Int>) -> Bool {
        Int(offset) >= range.lowerBound && Int(offset) + Int(storedBytes) <= range.upperBound
    }

    init(id: ChunkID, offset: UInt32, storedBytes: UInt32, plainBytes: UInt32, form: Form) {
        self.id = id
        self.offset = offset
        self.storedBytes = storedBytes
        self.plainBytes = plainBytes
        self.form = form
    }

    /// What is sealed together with the chunk: its name, and how to read it.
    ///
    /// `name(32) || plain length and form(4, LE)`.
    var associated: [UInt8] {
        var writer = ByteWriter()
        id.withUnsafeBytes { writer.raw($0) }
        writer.integer(plainBytes | UInt32(form.rawValue) << Self.plainBits)
        return writer.bytes
    }
}

/// Limits of chunks, part of the format.
public enum Chunk {
    /// A chunk is 1 byte to 4 MiB long.
    public static let plainBytesMax = 4 << 20
    static let storedBytesMax = plainBytesMax + Cipher.tagBytes
}
