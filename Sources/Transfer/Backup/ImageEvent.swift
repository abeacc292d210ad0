import Repository

/// What the reader of an image found, in order.
enum ImageEvent: Sendable {
    /// So many blocks read as zeros.
    case holes(Int)
    /// As in the earlier restore point, without a look.
    case kept(ImageExtent)
    /// So many blocks that become a chunk.
    case data(blocks: Int, PendingChunk)
    /// An extent of the earlier restore point, and what became of it.
    case compared(Pending<ImageFinding>)
}

/// What comparing an extent with that of the earlier restore point came to.
enum ImageFinding: Sendable {
    /// Nothing of the earlier one is used: holes and chunks instead.
    case replaced([(blocks: Int, chunk: ChunkID?)])
    case kept(ImageExtent)
    /// These blocks differ, in order; their bytes are in the buffer.
    case patched(ImageExtent, contents: ChunkID?, changed: [ChangedBlocks], buffer: PooledBuffer)
}

/// Blocks of an extent that follow each other and differ from the earlier restore point.
struct ChangedBlocks: Sendable, Equatable {
    /// Counted from the start of the extent.
    var block: Int
    var count: Int
    /// Where their bytes are in the buffer: all blocks, but for one that the end of the image cuts short.
    var bytes: Range<Int>
}

/// Work of a ``StoreWorker`` on part of a buffer.
enum ImageJob: Sendable {
    case store(Range<Int>, PendingChunk)
    case compare(ImageExtent, Range<Int>, Pending<ImageFinding>)
}

/// Parts of one buffer, to be stored or compared.
struct ImageBatch: Sendable {
    let buffer: PooledBuffer
    let jobs: [ImageJob]
}
