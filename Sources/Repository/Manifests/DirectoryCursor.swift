/// Walks the entries of one directory in the order of their names.
///
/// A page that can't be read makes `next` throw once; calling it again goes on behind that page.
public struct DirectoryCursor {
    private var list: PagedListCursor
    private var lastName: [UInt8] = []

    public init(_ entries: PagedList, fetch: @escaping NodeFetch) {
        list = PagedListCursor(entries, kind: .entries, fetch: fetch)
    }

    /// - Returns: nil at the end.
    /// - Throws: what `fetch` throws, or ``MalformedManifest``; names out of order are malformed.
    public mutating func next() throws -> TreeEntry? {
        let entry = try list.next { parser throws(MalformedManifest) in try TreeEntry(from: &parser) }
        guard let entry else { return nil }
        guard lastName.lexicographicallyPrecedes(entry.name) else { throw MalformedManifest("names out of order") }
        lastName = entry.name
        return entry
    }
}

/// Walks the extents of one file in order.
public struct ExtentsCursor {
    private var list: PagedListCursor

    public init(_ extents: PagedList, fetch: @escaping NodeFetch) {
        list = PagedListCursor(extents, kind: .extents, fetch: fetch)
    }

    /// - Returns: nil at the end.
    /// - Throws: what `fetch` throws, or ``MalformedManifest``.
    public mutating func next() throws -> FileExtent? {
        try list.next { parser throws(MalformedManifest) in try FileExtent(from: &parser) }
    }
}
