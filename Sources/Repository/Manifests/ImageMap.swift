/// The topmost node of an image.
///
/// `header || size || extent size || flags(1) || modified || changed || device || inode || levels(1) || [name(32)]`.
/// No name: all of it is a hole. Flags: 1 the source was a regular file, 2 it changed while it was read.
public struct ImageRoot: Sendable, Equatable {
    public var sizeBytes: Int64
    public var extentBytes: Int
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
        sizeBytes: Int64, extentBytes: Int, isRegularFile: Bool, isTorn: Bool, modified: ItemTime, changed: ItemTime,
        device: UInt64, inode: UInt64, map: ImageMap
    ) {
        self.sizeBytes = sizeBytes
        self.extentBytes = extentBytes
        self.isRegularFile = isRegularFile
        self.isTorn = isTorn
        self.modified = modified
        self.changed = changed
        self.device = device
        self.inode = inode
        self.map = map
    }

    /// How many extents the image has; the last may be shorter than the others.
    public var extentCount: Int { Int((sizeBytes + Int64(extentBytes) - 1) / Int64(extentBytes)) }

    public func store(_ store: NodeStore) throws -> ChunkID {
        var writer = ManifestWriter()
        writer.raw(PageKind.imageRoot.header(level: 0))
        writer.integer(UInt64(sizeBytes))
        writer.integer(UInt64(extentBytes))
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
        let extent = Int(try parser.integer(atMost: 64 << 20, "extent size"))
        guard extent > 0 else { throw MalformedManifest("empty extents") }
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
            sizeBytes: size, extentBytes: extent, isRegularFile: flags & 1 != 0, isTorn: flags & 2 != 0,
            modified: modified, changed: changed, device: device, inode: inode,
            map: ImageMap(levels: levels, root: root))
        guard levels == ImageMap.levels(for: image.extentCount) else { throw MalformedManifest("levels of the map") }
        return image
    }
}

/// Extent number → chunk: a tree of pages with ``fanOut`` names each, by position, so an unchanged part of an image is
/// the same chunks and a changed extent costs one page a level.
///
/// A name of 32 zero bytes is a hole: an extent, or a whole page of them, that reads as zeros.
public struct ImageMap: Sendable, Equatable {
    static let fanOut = 256

    public var levels: Int
    /// Nil when the whole image is a hole.
    public var root: ChunkID?

    public init(levels: Int, root: ChunkID?) {
        self.levels = levels
        self.root = root
    }

    /// The least number of levels that can hold so many extents; at least 1.
    static func levels(for extentCount: Int) -> Int {
        var levels = 1
        // Pages by division, not capacity by multiplication: a stored size may be as large as its field.
        var pages = (extentCount - 1) / fanOut
        while pages > 0 {
            levels += 1
            pages /= fanOut
        }
        return levels
    }
}
