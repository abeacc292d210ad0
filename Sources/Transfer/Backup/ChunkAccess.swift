import Repository

/// What a backup needs of the repository.
struct ChunkAccess: Sendable {
    /// Names, compresses, seals and keeps a chunk, unless it is there already.
    let store: @Sendable (UnsafeRawBufferPointer) throws -> ChunkID
    /// True when the repository has a chunk, by its index.
    let contains: @Sendable (ChunkID) -> Bool
    /// Authenticated plain bytes.
    let fetch: @Sendable (ChunkID) throws -> [UInt8]
}
