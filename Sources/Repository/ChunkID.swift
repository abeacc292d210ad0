import HoldfastCore

/// The name of a chunk: HMAC-SHA-256 of its plain bytes under its domain's key. 32 bytes, kept inline.
public struct ChunkID: Hashable, Sendable, CustomStringConvertible {
    public static let sizeBytes = 32

    /// The bytes as four integers, in the order and byte order they have in memory.
    let words: (UInt64, UInt64, UInt64, UInt64)

    /// - Returns: nil unless there are exactly 32 bytes.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.sizeBytes else { return nil }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
        self.words = words
    }

    /// - Parameter bytes: at least 32 bytes; the first 32 are taken.
    init(loading bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count >= Self.sizeBytes)
        words = bytes.loadUnaligned(as: (UInt64, UInt64, UInt64, UInt64).self)
    }

    public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

    public func withUnsafeBytes<Value>(_ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value {
        try Swift.withUnsafeBytes(of: words, body)
    }

    /// What manifests have where there is no chunk.
    var isZero: Bool { words.0 | words.1 | words.2 | words.3 == 0 }

    public var description: String { Hex.encode(bytes) }

    public static func == (left: Self, right: Self) -> Bool {
        left.words.0 == right.words.0 && left.words.1 == right.words.1 && left.words.2 == right.words.2
            && left.words.3 == right.words.3
    }

    /// The bytes are uniform already, so one word of them is as good as a hash of all.
    public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}
