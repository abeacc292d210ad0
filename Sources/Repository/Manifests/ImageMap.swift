/// The topmost node of an image.
///
/// `header || size || flags(1) || modified || changed || device || inode || levels(1) || [name(32)]`.
/// No name: all of it is a hole. Flags: 1 the source was a regular file, 2 it changed while it was read.
public struct ImageRoot: Sendable, Equatable {
    public var sizeBytes: Int64
    /// False for a block device: then times and inode say nothing about its contents.
    public var isRegularFile: Bool
    /// It changed while it was read, and may mix old and new contents.
    public var isTorn: Bool
    public var modified: ItemTime
    public var changed: ItemTime
    public var device: UInt64
    public var inode: UInt64
    public var map: ImageMap

    public init(
        sizeBytes: Int64, isRegularFile: Bool, isTorn: Bool, modified: ItemTime, changed: ItemTime,
        device: UInt64, inode: UInt64, map: ImageMap
    ) {
        self.sizeBytes = sizeBytes
        self.isRegularFile = isRegularFile
        self.isTorn = isTorn
        self.modified = modified
        self.changed = changed
        self.device = device
        self.inode = inode
        self.map = map
    }

    /// The last block may be cut short.
    public var blockCount: Int { ImageBlock.count(bytes: sizeBytes) }

    /// Where blocks lie in the image.
    public func bytes(_ blocks: Range<Int>) -> Range<Int64> {
        let size = Int64(ImageBlock.sizeBytes)
        return Int64(blocks.lowerBound) * size..<min(Int64(blocks.upperBound) * size, sizeBytes)
    }

    public func store(_ store: NodeStore) throws -> ChunkID {
        var writer = ManifestWriter()
        writer.raw(PageKind.imageRoot.header(level: 0))
        writer.integer(UInt64(sizeBytes))
        writer.byte((isRegularFile ? 1 : 0) | (isTorn ? 2 : 0))
        writer.time(modified)
        writer.time(changed)
        writer.integer(device)
        writer.integer(inode)
        writer.byte(UInt8(map.levels))
        if let root = map.root { writer.raw(root.bytes) }
        return try writer.bytes.withUnsafeBytes { try store($0) }
    }

    /// - Throws: what `fetch` throws, or ``MalformedManifest``.
    public static func read(_ id: ChunkID, fetch: NodeFetch) throws -> ImageRoot {
        var parser = try PageKind.imageRoot.open(try fetch(id), level: 0)
        let size = Int64(try parser.integer(atMost: UInt64(Int64.max) / 2, "image size"))
        let flags = try parser.byte()
        guard flags < 4 else { throw MalformedManifest("unknown flags") }
        let modified = try parser.time()
        let changed = try parser.time()
        let device = try parser.integer()
        let inode = try parser.integer()
        let levels = Int(try parser.byte())
        let root = parser.isAtEnd ? nil : try parser.chunkID()
        guard parser.isAtEnd else { throw MalformedManifest("bytes behind the root") }
        let image = ImageRoot(
            sizeBytes: size, isRegularFile: flags & 1 != 0, isTorn: flags & 2 != 0,
            modified: modified, changed: changed, device: device, inode: inode,
            map: ImageMap(levels: levels, root: root))
        guard levels == ImageMap.levels(for: image.blockCount) else { throw MalformedManifest("levels of the map") }
        return image
    }
}

/// Where the contents of an image are: a tree by position. The lowest pages stand for ``ImageBlock/perPage`` blocks each,
/// those above name ``fanOut`` pages; so an unchanged part of an image is the same chunks, and a change costs one page a level.
///
/// A name of 32 zero bytes is a page of zeros.
public struct ImageMap: Sendable, Equatable {
    static let fanOut = 256

    public var levels: Int
    /// Nil when the whole image is a hole.
    public var root: ChunkID?

    public init(levels: Int, root: ChunkID?) {
        self.levels = levels
        self.root = root
    }

    /// The least number of levels that can hold so many blocks; at least 1.
    static func levels(for blockCount: Int) -> Int {
        var levels = 1
        // Pages by division, not capacity by multiplication: a stored size may be as large as its field.
        var pages = (blockCount - 1) / ImageBlock.perPage
        while pages > 0 {
            levels += 1
            pages /= fanOut
        }
        return levels
    }

    /// How many blocks a page stands for.
    static func span(level: Int) -> Int { (0..<level).reduce(ImageBlock.perPage) { span, _ in span * fanOut } }
}
