/// Walks the extents of an image in order. Memory: one page a level.
///
/// A page that can't be read makes `next` throw ``DamagedRun``; calling it again goes on behind that page.
public struct ImageMapCursor {
    public enum Run: Sendable, Equatable {
        case extent(block: Int, ImageExtent)
        /// So many blocks from one on read as zeros.
        case hole(block: Int, count: Int)
    }

    /// These blocks are lost: the page that says where they are can't be read.
    public struct DamagedRun: Error {
        public let firstBlock: Int
        public let count: Int
        public let cause: any Error
    }

    private struct Page {
        let level: Int
        var names: ManifestParser
        /// The first block of the next name.
        var block: Int
    }

    private let fetch: NodeFetch
    private let isWanted: (ChunkID) throws -> Bool
    private let blockCount: Int
    private var start: ImageMap?
    private var pages: [Page] = []
    /// What is left of the lowest page, the last first.
    private var runs: [ImageMapPage.Run] = []
    private var block = 0

    /// - Parameter isWanted: asked for each page before it is read; all that is below one that is not is left out.
    public init(
        _ image: ImageRoot, fetch: @escaping NodeFetch, isWanted: @escaping (ChunkID) throws -> Bool = { _ in true }
    ) {
        self.fetch = fetch
        self.isWanted = isWanted
        blockCount = image.blockCount
        start = image.map
    }

    /// - Returns: nil at the end.
    public mutating func next() throws -> Run? {
        if let map = start {
            start = nil
            if blockCount == 0 { return nil }
            guard let root = map.root else { return .hole(block: 0, count: blockCount) }
            try open(root, level: map.levels - 1, block: 0)
        }
        while true {
            if let run = runs.popLast() {
                defer { block += run.blocks }
                switch run {
                case .hole(let blocks): return .hole(block: block, count: blocks)
                case .extent(let extent): return .extent(block: block, extent)
                }
            }
            guard let last = pages.indices.last else { return nil }
            guard !pages[last].names.isAtEnd, pages[last].block < blockCount else {
                pages.removeLast()
                continue
            }
            let below = pages[last].level - 1
            let first = pages[last].block
            let span = ImageMap.span(level: below)
            pages[last].block += span
            let id = try pages[last].names.chunkID()
            if id.isZero { return .hole(block: first, count: min(span, blockCount - first)) }
            try open(id, level: below, block: first)
        }
    }

    private mutating func open(_ id: ChunkID, level: Int, block first: Int) throws {
        let span = ImageMap.span(level: level)
        let count = min(span, blockCount - first)
        guard try isWanted(id) else { return }
        do {
            let bytes = try fetch(id)
            if level == 0 {
                runs = try ImageMapPage(decoding: bytes, blocks: count).runs.reversed()
                block = first
                return
            }
            let names = try PageKind.imageMap.open(bytes, level: level)
            let below = ImageMap.span(level: level - 1)
            guard names.end - names.position == (count + below - 1) / below * ChunkID.sizeBytes else {
                throw MalformedManifest("a map page of the wrong length")
            }
            pages.append(Page(level: level, names: names, block: first))
        } catch {
            throw DamagedRun(firstBlock: first, count: count, cause: error)
        }
    }
}
