import Repository

/// The entries of one directory in an earlier restore point, looked up in ascending order of names.
struct ParentDirectory {
    private var cursor: DirectoryCursor
    private var peeked: TreeEntry?
    private var isAtEnd = false

    init(_ entries: PagedList, fetch: @escaping NodeFetch) {
        cursor = DirectoryCursor(entries, fetch: fetch)
    }

    /// - Returns: nil when there is none. Pages that can't be read count as missing: then the source is read.
    mutating func entry(named name: [UInt8]) -> TreeEntry? {
        while true {
            if peeked == nil && !isAtEnd {
                do {
                    peeked = try cursor.next()
                    isAtEnd = peeked == nil
                } catch { continue }
            }
            guard let entry = peeked else { return nil }
            if entry.name == name {
                peeked = nil
                return entry
            }
            guard entry.name.lexicographicallyPrecedes(name) else { return nil }
            peeked = nil
        }
    }
}
