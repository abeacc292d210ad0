/// Appends fixed-width little-endian fields.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func raw(_ value: some Collection<UInt8>) { bytes.append(contentsOf: value) }
    mutating func integer(_ value: UInt32) { withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) } }
    mutating func integer(_ value: UInt64) { withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) } }
}

/// Takes fixed-width little-endian fields; every read is checked against what is left.
struct ByteParser {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    init(_ bytes: [UInt8]) { self.init(bytes[...]) }

    var remaining: Int { bytes.endIndex - position }

    /// - Returns: nil when there are fewer bytes left.
    mutating func raw(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= remaining else { return nil }
        defer { position += count }
        return bytes[position..<position + count]
    }

    mutating func uint32() -> UInt32? {
        raw(4).map { field in field.withUnsafeBytes { UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self)) } }
    }

    mutating func uint64() -> UInt64? {
        raw(8).map { field in field.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) } }
    }
}
