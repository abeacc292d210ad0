/// Collects the entries of one directory, in the order of their names, into pages.
public struct DirectoryBuilder {
    private var list = PagedListBuilder(
        kind: .entries, limits: .init(minimum: 16 << 10, target: 48 << 10, maximum: 192 << 10, inline: 4 << 10))
    private var lastName: [UInt8] = []

    public init() {}

    /// - Parameter entry: its name must come behind that of the entry before it.
    public mutating func append(_ entry: TreeEntry, store: NodeStore) throws {
        precondition(lastName.lexicographicallyPrecedes(entry.name), "entries come in the order of their names")
        lastName = entry.name
        try list.append(entry.encoded(), hash: fingerprint(entry.name), store: store)
    }

    public mutating func finish(store: NodeStore) throws -> PagedList { try list.finish(store: store) }
}

/// Collects the extents of one file, in order, into pages.
public struct ExtentsBuilder {
    private var list = PagedListBuilder(
        kind: .extents, limits: .init(minimum: 4 << 10, target: 16 << 10, maximum: 64 << 10, inline: 1 << 10))
    public private(set) var sizeBytes: Int64 = 0

    public init() {}

    public mutating func append(_ extent: FileExtent, store: NodeStore) throws {
        let hash: UInt64 =
            switch extent.source {
            case .hole: UInt64(extent.lengthBytes)
            case .chunk(let id, _): fingerprint(id.bytes)
            }
        sizeBytes += extent.lengthBytes
        try list.append(extent.encoded(), hash: hash, store: store)
    }

    public mutating func finish(store: NodeStore) throws -> PagedList { try list.finish(store: store) }
}

/// The topmost node of a tree: `header || entry of the root directory`, whose name is empty.
public enum TreeRoot {
    public static func store(_ entry: TreeEntry, store: NodeStore) throws -> ChunkID {
        try (PageKind.treeRoot.header(level: 0) + entry.encoded()).withUnsafeBytes { try store($0) }
    }

    /// - Throws: what `fetch` throws, or ``MalformedManifest``.
    public static func read(_ id: ChunkID, fetch: NodeFetch) throws -> TreeEntry {
        var parser = try PageKind.treeRoot.open(try fetch(id), level: 0)
        let entry = try TreeEntry(from: &parser, isRoot: true)
        guard case .directory = entry.body else { throw MalformedManifest("the root is not a directory") }
        guard parser.isAtEnd else { throw MalformedManifest("bytes behind the root") }
        return entry
    }
}
