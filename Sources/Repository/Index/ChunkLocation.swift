/// Where a chunk rests.
struct ChunkLocation: Sendable {
    let pack: PackID
    let salt: [UInt8]
    let entry: PackEntry
}

/// A pack as an index segment knows it.
struct PackRecord: Sendable, Equatable {
    /// `name(32) || salt(32) || length(4, LE)`.
    static let sizeBytes = 32 + Cipher.saltBytes + 4

    let id: PackID
    let salt: [UInt8]
    let sizeBytes: UInt32
}
