import Foundation

/// Looks into the tree of a restore point without restoring it.
///
/// Reads manifests, and of contents only what is asked for. Iterative: a tree may be deeper than a stack.
public struct TreeBrowser {
    private let fetch: NodeFetch
    public let root: TreeEntry

    /// - Throws: ``RepositoryError``, or ``MalformedManifest``.
    public init(_ root: ChunkID, fetch: @escaping NodeFetch) throws {
        self.fetch = fetch
        self.root = try TreeRoot.read(root, fetch: fetch)
    }

    /// - Parameter path: names from the root down; none is the root itself.
    /// - Returns: nil when there is nothing of that path.
    public func entry(at path: [[UInt8]]) throws -> TreeEntry? {
        var found = root
        for name in path {
            guard case .directory(let entries) = found.body else { return nil }
            var cursor = DirectoryCursor(entries, fetch: fetch)
            var next: TreeEntry?
            while let entry = try cursor.next() {
                guard entry.name.lexicographicallyPrecedes(name) else {
                    if entry.name == name { next = entry }
                    break
                }
            }
            guard let next else { return nil }
            found = next
        }
        return found
    }

    /// Visits what is below an entry, each directory before what is in it, in the order of names.
    public func walk(below entry: TreeEntry, _ visit: (_ path: [[UInt8]], TreeEntry) throws -> Void) throws {
        guard case .directory(let entries) = entry.body else { return }
        var names: [[UInt8]] = []
        var cursors = [DirectoryCursor(entries, fetch: fetch)]
        while let last = cursors.indices.last {
            guard let entry = try cursors[last].next() else {
                cursors.removeLast()
                if !names.isEmpty { names.removeLast() }
                continue
            }
            try visit(names + [entry.name], entry)
            guard case .directory(let below) = entry.body else { continue }
            names.append(entry.name)
            cursors.append(DirectoryCursor(below, fetch: fetch))
        }
    }

    /// Gives the contents of a file in order, a piece at a time; holes are zeros.
    ///
    /// - Parameter write: gets at most ``Chunk/plainBytesMax`` at once.
    public func contents(of extents: PagedList, write: (ArraySlice<UInt8>) throws -> Void) throws {
        var pieces = ContentsCursor(extents, fetch: fetch)
        while let piece = try pieces.next() { try write(piece) }
    }
}

/// Gives the contents of a file in order, a piece at a time.
struct ContentsCursor {
    private static let zeros = [UInt8](repeating: 0, count: 1 << 20)

    private var extents: ExtentsCursor
    private let fetch: NodeFetch
    private var holeBytes: Int64 = 0

    init(_ extents: PagedList, fetch: @escaping NodeFetch) {
        self.extents = ExtentsCursor(extents, fetch: fetch)
        self.fetch = fetch
    }

    /// - Returns: nil at the end; never an empty piece.
    mutating func next() throws -> ArraySlice<UInt8>? {
        if holeBytes == 0 {
            guard let extent = try extents.next() else { return nil }
            switch extent.source {
            case .hole: holeBytes = extent.lengthBytes
            case .chunk(let id, let offset):
                let plain = try fetch(id)
                guard Int64(offset) + extent.lengthBytes <= Int64(plain.count) else {
                    throw MalformedManifest("an extent ends behind its chunk")
                }
                return plain[offset..<offset + Int(extent.lengthBytes)]
            }
        }
        let count = min(holeBytes, Int64(Self.zeros.count))
        holeBytes -= count
        return Self.zeros[..<Int(count)]
    }

    /// Whether two files have the same bytes. Their chunks may differ all the same: small files share chunks with others.
    static func areEqual(_ old: PagedList, _ new: PagedList, fetch: @escaping NodeFetch) throws -> Bool {
        if old == new { return true }
        var cursors = (ContentsCursor(old, fetch: fetch), ContentsCursor(new, fetch: fetch))
        var pieces: (ArraySlice<UInt8>, ArraySlice<UInt8>) = ([], [])
        while true {
            if pieces.0.isEmpty { pieces.0 = try cursors.0.next() ?? [] }
            if pieces.1.isEmpty { pieces.1 = try cursors.1.next() ?? [] }
            let count = min(pieces.0.count, pieces.1.count)
            guard count > 0 else { return pieces.0.isEmpty && pieces.1.isEmpty }
            guard pieces.0.prefix(count) == pieces.1.prefix(count) else { return false }
            pieces = (pieces.0.dropFirst(count), pieces.1.dropFirst(count))
        }
    }
}
