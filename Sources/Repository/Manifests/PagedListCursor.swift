/// Reads a chunk of a manifest: authenticated plain bytes.
public typealias NodeFetch = (ChunkID) throws -> [UInt8]

/// Walks the items of a ``PagedList`` in order. Memory: one page a level.
///
/// A page that can't be read makes `next` throw once; calling it again goes on behind that page.
struct PagedListCursor {
    private let kind: PageKind
    private let fetch: NodeFetch
    private var root: (level: Int, id: ChunkID)?
    private var items: ManifestParser?
    /// Index pages from the top down, each with the level of its pages.
    private var indexes: [(level: Int, parser: ManifestParser)] = []

    init(_ list: PagedList, kind: PageKind, fetch: @escaping NodeFetch) {
        self.kind = kind
        self.fetch = fetch
        switch list {
        case .inline(let bytes): items = ManifestParser(bytes)
        case .tree(let levels, let id): root = (levels - 1, id)
        }
    }

    /// - Returns: nil at the end.
    mutating func next<Item>(
        _ decode: (inout ManifestParser) throws(MalformedManifest) -> Item
    ) throws -> Item? {
        while true {
            if var parser = items, !parser.isAtEnd {
                // Dropped first: a bad item ends its page, or we would never get past it.
                items = nil
                let item = try decode(&parser)
                items = parser
                return item
            }
            items = nil
            guard try openNextPage() else { return nil }
        }
    }

    private mutating func openNextPage() throws -> Bool {
        if let (level, id) = root {
            root = nil
            try open(id, level: level)
            return true
        }
        while let last = indexes.indices.last {
            if indexes[last].parser.isAtEnd {
                indexes.removeLast()
                continue
            }
            let level = indexes[last].level
            let id: ChunkID
            do { id = try indexes[last].parser.chunkID() } catch {
                indexes.removeLast()
                throw error
            }
            try open(id, level: level)
            return true
        }
        return false
    }

    private mutating func open(_ id: ChunkID, level: Int) throws {
        let parser = try kind.open(try fetch(id), level: level)
        if level == 0 { items = parser } else { indexes.append((level - 1, parser)) }
    }
}
