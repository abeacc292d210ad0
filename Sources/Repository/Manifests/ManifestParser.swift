/// Takes the primitive fields of manifest nodes from bytes; every read is checked against what is left.
struct ManifestParser {
    private let bytes: [UInt8]
    private(set) var position: Int
    let end: Int

    init(_ bytes: [UInt8]) { self.init(bytes, range: 0..<bytes.count) }

    init(_ bytes: [UInt8], range: Range<Int>) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    var isAtEnd: Bool { position == end }

    mutating func byte() throws(MalformedManifest) -> UInt8 {
        guard position < end else { throw MalformedManifest("ends too early") }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func integer() throws(MalformedManifest) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = try byte()
            let bits = UInt64(next & 0x7F)
            // The tenth byte has room for one bit.
            guard shift < 63 || shift == 63 && bits <= 1 else { throw MalformedManifest("integer over 64 bits") }
            value |= bits << shift
            if next < 0x80 { return value }
            shift += 7
        }
    }

    /// An integer that must not be over `maximum`.
    mutating func integer(atMost maximum: UInt64, _ what: String) throws(MalformedManifest) -> UInt64 {
        let value = try integer()
        guard value <= maximum else { throw MalformedManifest("\(what) is over \(maximum)") }
        return value
    }

    mutating func signed() throws(MalformedManifest) -> Int64 {
        let value = try integer()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    mutating func raw(_ count: Int) throws(MalformedManifest) -> ArraySlice<UInt8> {
        guard count >= 0, count <= end - position else { throw MalformedManifest("ends too early") }
        defer { position += count }
        return bytes[position..<position + count]
    }

    mutating func counted(atMost maximum: Int, _ what: String) throws(MalformedManifest) -> [UInt8] {
        Array(try raw(Int(try integer(atMost: UInt64(maximum), what))))
    }

    mutating func time() throws(MalformedManifest) -> ItemTime {
        ItemTime(seconds: try signed(), nanoseconds: UInt32(try integer(atMost: 999_999_999, "nanoseconds")))
    }

    mutating func chunkID() throws(MalformedManifest) -> ChunkID {
        guard let id = ChunkID(bytes: try raw(32)) else { throw MalformedManifest("chunk name") }
        return id
    }
}
