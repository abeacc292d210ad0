import HoldfastCore

/// The name of a pack: SHA-256 of its stored bytes.
public struct PackID: Hashable, Sendable, CustomStringConvertible {
    let bytes: [UInt8]

    /// - Returns: nil unless there are exactly 32 bytes.
    init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        self.bytes = Array(bytes)
    }

    init?(hex: some StringProtocol) {
        guard let bytes = Hex.decode(hex) else { return nil }
        self.init(bytes: bytes)
    }

    public var description: String { Hex.encode(bytes) }
}
