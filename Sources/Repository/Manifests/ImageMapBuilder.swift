/// Builds the map of an image from its extents in order. Memory: one page of 8 KiB a level.
public struct ImageMapBuilder {
    private static let hole = [UInt8](repeating: 0, count: 32)

    private struct Level {
        var names: [UInt8] = []
        var count = 0
        var isHole = true
    }

    private var levels: [Level] = [Level()]
    public private(set) var extentCount = 0

    public init() {}

    public mutating func append(_ id: ChunkID, store: NodeStore) throws {
        extentCount += 1
        try append(id.bytes, isHole: false, level: 0, store: store)
    }

    /// Takes time by the number of pages, not of extents.
    public mutating func appendHoles(_ count: Int, store: NodeStore) throws {
        extentCount += count
        try appendHoles(count, level: 0, store: store)
    }

    public mutating func finish(store: NodeStore) throws -> ImageMap {
        let count = ImageMap.levels(for: extentCount)
        for level in 0..<count - 1 where levels.count > level && levels[level].count > 0 {
            try flush(level, store: store)
        }
        // The topmost page is flushed by hand: there is nothing above it to enter its name in. A page that filled up
        // exactly has its name in the level above already.
        if levels.count > count {
            let top = levels[count]
            return ImageMap(levels: count, root: top.isHole ? nil : ChunkID(bytes: top.names))
        }
        let top = levels[count - 1]
        return ImageMap(levels: count, root: top.isHole ? nil : try put(top, level: count - 1, store: store))
    }

    private mutating func append(
        _ name: some Sequence<UInt8>, isHole: Bool, level: Int, store: NodeStore
    ) throws {
        if levels.count == level { levels.append(Level()) }
        levels[level].names.append(contentsOf: name)
        levels[level].count += 1
        if !isHole { levels[level].isHole = false }
        if levels[level].count == ImageMap.fanOut { try flush(level, store: store) }
    }

    private mutating func appendHoles(_ count: Int, level: Int, store: NodeStore) throws {
        if levels.count == level { levels.append(Level()) }
        var left = count
        while left > 0 {
            if levels[level].count == 0 && left >= ImageMap.fanOut {
                try appendHoles(left / ImageMap.fanOut, level: level + 1, store: store)
                left %= ImageMap.fanOut
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
            let id = try put(full, level: level, store: store)
            try append(id.bytes, isHole: false, level: level + 1, store: store)
        }
    }

    private func put(_ level: Level, level number: Int, store: NodeStore) throws -> ChunkID {
        try (PageKind.imageMap.header(level: number) + level.names).withUnsafeBytes { try store($0) }
    }
}
