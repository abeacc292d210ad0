import Repository

/// What a backup needs of the repository.
struct ChunkAccess: Sendable {
    /// Names, compresses, seals and keeps a chunk, unless it is there already.
    let store: @Sendable (UnsafeRawBufferPointer) throws -> ChunkID
    /// True when the repository has a chunk, by its index.
    let contains: @Sendable (ChunkID) -> Bool
    /// Authenticated plain bytes.
    let fetch: @Sendable (ChunkID) throws -> [UInt8]
    /// What a chunk of these bytes is called, whether there is one or not.
    let name: @Sendable (UnsafeRawBufferPointer) throws -> ChunkID
    /// The contents of some blocks of an image, so many bytes.
    let contents: @Sendable (ImageExtent, _ sizeBytes: Int) throws -> [UInt8]
    /// Says that a chunk will be fetched soon.
    let willFetch: @Sendable (ChunkID) -> Void
}
