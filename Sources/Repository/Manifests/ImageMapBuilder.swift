/// Builds the map of an image from its extents in order. Memory: a page a level.
public struct ImageMapBuilder {
    private static let hole = [UInt8](repeating: 0, count: ChunkID.sizeBytes)

    private struct Level {
        var names: [UInt8] = []
        var count = 0
        var isHole = true
    }

    private var page = ImageMapPage()
    /// Of the lowest page.
    private var pageBlocks = 0
    /// Pages of names; the first is the one above the lowest.
    private var levels: [Level] = []
    public private(set) var blockCount = 0

    public init() {}

    /// How many blocks the page still has room for; never 0.
    public var blocksLeft: Int { ImageBlock.perPage - pageBlocks }

    /// - Parameter extent: at most ``blocksLeft`` blocks.
    public mutating func append(_ extent: ImageExtent, store: NodeStore) throws {
        precondition(extent.blocks > 0 && extent.blocks <= blocksLeft, "an extent lies in one page")
        page.runs.append(.extent(extent))
        try advance(extent.blocks, store: store)
    }

    /// Takes time by the number of pages, not of blocks.
    public mutating func appendHoles(_ count: Int, store: NodeStore) throws {
        var left = count
        while left > 0 {
            if pageBlocks == 0, left >= ImageBlock.perPage {
                let pages = left / ImageBlock.perPage
                try appendHoles(pages, level: 0, store: store)
                blockCount += pages * ImageBlock.perPage
                left -= pages * ImageBlock.perPage
                continue
            }
            let part = min(left, blocksLeft)
            if case .hole(let before)? = page.runs.last {
                page.runs[page.runs.count - 1] = .hole(blocks: before + part)
            } else {
                page.runs.append(.hole(blocks: part))
            }
            left -= part
            try advance(part, store: store)
        }
    }

    public mutating func finish(store: NodeStore) throws -> ImageMap {
        let count = ImageMap.levels(for: blockCount)
        if blockCount == 0 { return ImageMap(levels: count, root: nil) }
        if pageBlocks > 0 { try flushPage(store: store) }
        for level in 0..<max(count - 2, 0) { try flush(level, store: store) }
        // The topmost page is stored by hand: there is nothing above it to enter its name in. Where one page of extents
        // is all, it is the topmost itself.
        let top = levels[max(count - 2, 0)]
        if top.isHole { return ImageMap(levels: count, root: nil) }
        if count == 1 { return ImageMap(levels: 1, root: ChunkID(bytes: top.names)) }
        return ImageMap(levels: count, root: try put(top, level: count - 1, store: store))
    }

    private mutating func advance(_ blocks: Int, store: NodeStore) throws {
        blockCount += blocks
        pageBlocks += blocks
        if pageBlocks == ImageBlock.perPage { try flushPage(store: store) }
    }

    private mutating func flushPage(store: NodeStore) throws {
        let full = page
        page = ImageMapPage()
        pageBlocks = 0
        if full.isHole { return try append(Self.hole, isHole: true, level: 0, store: store) }
        let id = try full.encoded().withUnsafeBytes { try store($0) }
        try append(id.bytes, isHole: false, level: 0, store: store)
    }

    private mutating func append(
        _ name: some Sequence<UInt8>, isHole: Bool, level: Int, store: NodeStore
    ) throws {
        // A full page is stored only when one more name comes: the topmost one is never entered in one above it.
        if levels.count > level, levels[level].count == ImageMap.fanOut { try flush(level, store: store) }
        if levels.count == level { levels.append(Level()) }
        levels[level].names.append(contentsOf: name)
        levels[level].count += 1
        if !isHole { levels[level].isHole = false }
    }

    private mutating func appendHoles(_ count: Int, level: Int, store: NodeStore) throws {
        if levels.count == level { levels.append(Level()) }
        var left = count
        while left > 0 {
            if levels[level].count == ImageMap.fanOut { try flush(level, store: store) }
            if levels[level].count == 0 && left > ImageMap.fanOut {
                // One page at least is kept back, so that the last of this level is always in it.
                let pages = (left - 1) / ImageMap.fanOut
                try appendHoles(pages, level: level + 1, store: store)
                left -= pages * ImageMap.fanOut
            } else {
                try append(Self.hole, isHole: true, level: level, store: store)
                left -= 1
            }
        }
    }

    private mutating func flush(_ level: Int, store: NodeStore) throws {
        let full = levels[level]
        levels[level] = Level()
        if full.isHole {
            try append(Self.hole, isHole: true, level: level + 1, store: store)
        } else {
            let id = try put(full, level: level + 1, store: store)
            try append(id.bytes, isHole: false, level: level + 1, store: store)
        }
    }

    private func put(_ level: Level, level number: Int, store: NodeStore) throws -> ChunkID {
        try (PageKind.imageMap.header(level: number) + level.names).withUnsafeBytes { try store($0) }
    }
}
