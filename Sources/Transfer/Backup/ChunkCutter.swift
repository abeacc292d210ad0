import Repository

/// Where file contents are cut into chunks.
struct ChunkCutter: Sendable {
    /// No chunk is longer, in bytes.
    let chunkBytesMax: Int
    /// The length of the first chunk of these bytes, more than 0 and at most ``chunkBytesMax``.
    let firstCut: @Sendable (UnsafeRawBufferPointer) -> Int
}

extension ChunkCutter {
    static let contentDefined: ChunkCutter = {
        let cutter = FastCDC()
        return ChunkCutter(chunkBytesMax: FastCDC.sizeBytesMax) { cutter.firstBoundary(in: $0) }
    }()
}
