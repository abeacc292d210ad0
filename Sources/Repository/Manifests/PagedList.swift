/// A list of any length, kept in pages with an index above them; or in place, when it is short.
///
/// Pages end where their contents say so, so an insertion changes the page it falls in and the index above it, and
/// the rest stays the same chunks. `0 || counted items` in place; `levels(1) || chunk name(32)` otherwise.
public enum PagedList: Sendable, Equatable {
    /// The items themselves, one after the other.
    case inline([UInt8])
    /// The chunk of the topmost page. One level is a single page of items.
    case tree(levels: Int, root: ChunkID)

    public static let empty = PagedList.inline([])

    /// More than any list can need: the smallest index page holds over a hundred pages.
    static let levelsMax = 12
    static let inlineBytesMax = 16384

    func encode(into writer: inout ManifestWriter) {
        switch self {
        case .inline(let bytes):
            writer.byte(0)
            writer.counted(bytes)
        case .tree(let levels, let root):
            writer.byte(UInt8(levels))
            writer.raw(root.bytes)
        }
    }

    init(from parser: inout ManifestParser) throws(MalformedManifest) {
        let levels = Int(try parser.byte())
        guard levels <= Self.levelsMax else { throw MalformedManifest("too many levels") }
        if levels == 0 {
            self = .inline(try parser.counted(atMost: Self.inlineBytesMax, "list length"))
        } else {
            self = .tree(levels: levels, root: try parser.chunkID())
        }
    }
}

/// What the pages of a list hold; the first byte of each page.
enum PageKind: UInt8, Sendable {
    case treeRoot = 0x74  // t
    case entries = 0x65  // e
    case extents = 0x78  // x
    case imageRoot = 0x69  // i
    case imageMap = 0x6D  // m

    static let headerBytes = 3
    private static let version: UInt8 = 1

    /// `kind(1) || version(1) || level(1)`; level 0 holds items, level *n* names pages of level *n* − 1.
    func header(level: Int) -> [UInt8] { [rawValue, Self.version, UInt8(level)] }

    /// Checks the header of a page and returns a parser behind it.
    func open(_ page: [UInt8], level: Int) throws(MalformedManifest) -> ManifestParser {
        guard page.count >= Self.headerBytes, page.starts(with: header(level: level)) else {
            throw MalformedManifest("not the page that was expected here")
        }
        return ManifestParser(page, range: Self.headerBytes..<page.count)
    }
}
