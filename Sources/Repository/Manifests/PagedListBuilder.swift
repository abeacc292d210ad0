/// Puts a chunk of a manifest into the repository and returns its name.
public typealias NodeStore = (UnsafeRawBufferPointer) throws -> ChunkID

/// Builds a ``PagedList`` from its items in order. Memory: one page a level.
struct PagedListBuilder {
    /// Sizes in bytes. A page ends at an item whose hash says so, between the minimum and the maximum.
    struct Limits {
        var minimum: Int
        var target: Int
        var maximum: Int
        /// A list up to this size is kept in place.
        var inline: Int
    }

    private struct Level {
        var bytes: [UInt8] = []
    }

    private let kind: PageKind
    private let limits: Limits
    private var levels: [Level] = [Level()]
    private var flushed = false

    init(kind: PageKind, limits: Limits) {
        self.kind = kind
        self.limits = limits
    }

    /// Items and index together: what this builder holds right now.
    var heldBytes: Int { levels.reduce(0) { $0 + $1.bytes.count } }

    /// - Parameter hash: of what names the item: the same item must always have the same.
    mutating func append(_ item: [UInt8], hash: UInt64, store: NodeStore) throws {
        try append(item, hash: hash, level: 0, limits: limits, store: store)
    }

    mutating func finish(store: NodeStore) throws -> PagedList {
        if !flushed && levels[0].bytes.count <= limits.inline { return .inline(levels[0].bytes) }
        var level = 0
        while true {
            let isTop = level == levels.count - 1
            if isTop && level > 0, levels[level].bytes.count == 32 {
                // One page below: it is the root itself.
                guard let root = ChunkID(bytes: levels[level].bytes) else { throw MalformedManifest("chunk name") }
                return .tree(levels: level, root: root)
            }
            if !levels[level].bytes.isEmpty { try flush(level, store: store) }
            level += 1
        }
    }

    private mutating func append(
        _ item: [UInt8], hash: UInt64, level: Int, limits: Limits, store: NodeStore
    ) throws {
        if levels.count == level { levels.append(Level()) }
        levels[level].bytes.append(contentsOf: item)
        let size = levels[level].bytes.count
        // The chance that an item ends its page grows with its size, so pages are `target` long on average.
        let threshold = UInt64(Double(item.count) / Double(limits.target) * 0x1p63) << 1
        if size >= limits.maximum || size >= limits.minimum && Self.mix(hash) < threshold {
            try flush(level, store: store)
        }
    }

    private mutating func flush(_ level: Int, store: NodeStore) throws {
        let page = kind.header(level: level) + levels[level].bytes
        let id = try page.withUnsafeBytes { try store($0) }
        levels[level].bytes.removeAll(keepingCapacity: true)
        if level == 0 { flushed = true }
        let name = id.bytes
        let hash = name.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        try append(Array(name), hash: hash, level: level + 1, limits: Self.indexLimits, store: store)
    }

    /// Some 128 to 2,048 pages for each index page.
    private static let indexLimits = Limits(minimum: 4096, target: 16384, maximum: 65536, inline: 0)

    /// The finaliser of MurmurHash3 (Appleby): spreads hashes that differ in few bits.
    private static func mix(_ hash: UInt64) -> UInt64 {
        var value = hash
        value = (value ^ (value >> 33)) &* 0xFF51_AFD7_ED55_8CCD
        value = (value ^ (value >> 33)) &* 0xC4CE_B9FE_1A85_EC53
        return value ^ (value >> 33)
    }
}

/// FNV-1a (draft-eastlake-fnv), 64 bits: where pages end depends on it, so it is part of the repository format.
func fingerprint(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
}
