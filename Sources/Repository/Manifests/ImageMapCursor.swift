/// Walks the extents of an image in order, holes as runs. Memory: one page a level.
///
/// A page that can't be read makes `next` throw ``DamagedRun``; calling it again goes on behind that page.
public struct ImageMapCursor {
    public enum Run: Sendable, Equatable {
        case extent(index: Int, ChunkID)
        /// So many extents from an index on read as zeros.
        case hole(index: Int, count: Int)
    }

    /// These extents are lost: the page that names their chunks can't be read.
    public struct DamagedRun: Error {
        public let firstIndex: Int
        public let count: Int
        public let cause: any Error
    }

    private struct Page {
        let level: Int
        var names: ManifestParser
        /// The first extent of the next name.
        var index: Int
    }

    private let fetch: NodeFetch
    private let extentCount: Int
    private var start: ImageMap?
    private var pages: [Page] = []

    public init(_ image: ImageRoot, fetch: @escaping NodeFetch) {
        self.fetch = fetch
        extentCount = image.extentCount
        start = image.map
    }

    /// - Returns: nil at the end.
    public mutating func next() throws -> Run? {
        if let map = start {
            start = nil
            if extentCount == 0 { return nil }
            guard let root = map.root else { return .hole(index: 0, count: extentCount) }
            try open(root, level: map.levels - 1, index: 0)
        }
        while let last = pages.indices.last {
            guard !pages[last].names.isAtEnd, pages[last].index < extentCount else {
                pages.removeLast()
                continue
            }
            let level = pages[last].level
            let index = pages[last].index
            let span = Self.span(level: level)
            pages[last].index += span
            let id = try pages[last].names.chunkID()
            if id.bytes.allSatisfy({ $0 == 0 }) { return .hole(index: index, count: min(span, extentCount - index)) }
            if level == 0 { return .extent(index: index, id) }
            try open(id, level: level - 1, index: index)
        }
        return nil
    }

    private mutating func open(_ id: ChunkID, level: Int, index: Int) throws {
        let span = Self.span(level: level)
        let count = min(span * ImageMap.fanOut, extentCount - index)
        do {
            let names = try PageKind.imageMap.open(try fetch(id), level: level)
            guard names.end - names.position == (count + span - 1) / span * 32 else {
                throw MalformedManifest("a map page of the wrong length")
            }
            pages.append(Page(level: level, names: names, index: index))
        } catch {
            throw DamagedRun(firstIndex: index, count: count, cause: error)
        }
    }

    /// How many extents one name stands for.
    private static func span(level: Int) -> Int {
        (0..<level).reduce(1) { span, _ in span * ImageMap.fanOut }
    }
}
