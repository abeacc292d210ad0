/// Blocks are what images are counted in; a part of the format.
public enum ImageBlock {
    /// File systems and disks write no less at a time.
    public static let sizeBytes = 4096
    /// So many share a page of the map, 64 MiB; no extent lies in two pages.
    public static let perPage = 16384
    /// The most that one extent may have: that of a chunk.
    public static let perExtentMax = Chunk.plainBytesMax / sizeBytes

    /// How many blocks so many bytes fill; the last may be cut short by the end of the image.
    public static func count(bytes: Int64) -> Int { Int((bytes + Int64(sizeBytes) - 1) / Int64(sizeBytes)) }
}

/// Blocks of an image that follow each other, and where their contents are.
///
/// Either a chunk of their own; or a chunk of an earlier restore point, patched: some blocks are taken from other chunks
/// instead, or are zeros. So a changed block costs its own length rather than that of the extent around it.
///
/// `1 || blocks || base(32)`, or `2 || blocks || contents(32) || base(32) || count of patches || patches …`.
public struct ImageExtent: Sendable, Equatable {
    /// Blocks that do not come from the base.
    public struct Patch: Sendable, Equatable {
        /// The first of them, counted from the start of the extent.
        public var block: Int
        public var count: Int
        /// Nil: they are zeros.
        public var source: ChunkID?
        /// The first of them in the source.
        public var sourceBlock: Int

        public init(block: Int, count: Int, source: ChunkID?, sourceBlock: Int) {
            self.block = block
            self.count = count
            self.source = source
            self.sourceBlock = sourceBlock
        }
    }

    /// 1 to ``ImageBlock/perExtentMax``.
    public var blocks: Int
    /// As long as the contents are.
    public var base: ChunkID
    /// In order; they do not overlap.
    public var patches: [Patch]
    /// The name a chunk of the contents would have. Nil when nobody has read all of them: then a list told what changed.
    public var contents: ChunkID?

    /// Contents that are one chunk.
    public init(blocks: Int, chunk: ChunkID) {
        self.init(blocks: blocks, base: chunk, patches: [], contents: chunk)
    }

    public init(blocks: Int, base: ChunkID, patches: [Patch], contents: ChunkID?) {
        self.blocks = blocks
        self.base = base
        self.patches = patches
        self.contents = contents
    }

    /// How many blocks do not come from the base.
    public var patchedBlocks: Int { patches.reduce(0) { $0 + $1.count } }

    /// The chunks that patches come from, each once, in the order of their first use.
    public var sources: [ChunkID] {
        var seen: Set<ChunkID> = []
        return patches.compactMap { $0.source.flatMap { seen.insert($0).inserted ? $0 : nil } }
    }

    /// Puts the contents together.
    ///
    /// - Parameters:
    ///   - sizeBytes: of the contents: all blocks, the last one perhaps cut short by the end of the image.
    ///   - base: gives the base's bytes.
    ///   - source: gives the bytes of a chunk that patches come from.
    /// - Throws: what they throw, or ``MalformedManifest`` when they are not long enough.
    public func read(sizeBytes: Int, base: NodeFetch, source: NodeFetch) throws -> [UInt8] {
        var bytes = try base(self.base)
        guard bytes.count == sizeBytes else { throw MalformedManifest.wrongLength }
        for patch in patches {
            let start = patch.block * ImageBlock.sizeBytes
            let end = min(start + patch.count * ImageBlock.sizeBytes, sizeBytes)
            guard start < end else { throw MalformedManifest.wrongLength }
            guard let id = patch.source else {
                bytes.replaceSubrange(start..<end, with: repeatElement(0, count: end - start))
                continue
            }
            let from = patch.sourceBlock * ImageBlock.sizeBytes
            let patching = try source(id)
            guard from + end - start <= patching.count else { throw MalformedManifest.wrongLength }
            bytes.replaceSubrange(start..<end, with: patching[from..<from + end - start])
        }
        return bytes
    }
}
