/// Where a chunk rests.
struct ChunkLocation: Sendable {
    let pack: PackRecord
    let entry: PackEntry
}

/// A pack as an index segment knows it.
struct PackRecord: Sendable, Equatable {
    /// `name(32) || salt(32) || domain tag(32) || length(4, LE)`.
    static let sizeBytes = 32 + Cipher.saltBytes + DomainTag.sizeBytes + 4

    let id: PackID
    let salt: [UInt8]
    let domain: DomainTag
    let sizeBytes: UInt32
}
