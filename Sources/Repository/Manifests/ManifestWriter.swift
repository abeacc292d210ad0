/// Appends the primitive fields of manifest nodes to bytes.
///
/// Integers are LEB128: 7 bits a byte, lowest first, the high bit set on all but the last. Signed ones are mapped
/// 0, −1, 1, −2, … to 0, 1, 2, 3, … first.
struct ManifestWriter {
    private(set) var bytes: [UInt8] = []

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    mutating func integer(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func signed(_ value: Int64) { integer(UInt64(bitPattern: (value << 1) ^ (value >> 63))) }

    /// The length, then the bytes.
    mutating func counted(_ value: some Collection<UInt8>) {
        integer(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    mutating func raw(_ value: some Sequence<UInt8>) { bytes.append(contentsOf: value) }

    mutating func time(_ value: ItemTime) {
        signed(value.seconds)
        integer(UInt64(value.nanoseconds))
    }
}
