/// A whole directory in memory, as it is stored, to look names up in.
///
/// Memory: ``sizeBytes``, which is some 100 to 200 bytes for each entry.
public final class PackedDirectory: Sendable {
    private let bytes: [UInt8]
    /// Where each entry begins, in the order of names.
    private let starts: [Int]

    /// Reads all pages.
    ///
    /// - Throws: what `fetch` throws, or ``MalformedManifest``.
    public init(_ entries: PagedList, fetch: @escaping NodeFetch) throws {
        var cursor = DirectoryCursor(entries, fetch: fetch)
        var bytes: [UInt8] = []
        var starts: [Int] = []
        while let entry = try cursor.next() {
            starts.append(bytes.count)
            bytes += entry.encoded()
        }
        self.bytes = bytes
        self.starts = starts
    }

    public var count: Int { starts.count }
    public var sizeBytes: Int { bytes.count + starts.count * MemoryLayout<Int>.size }

    /// - Parameter index: in the order of names, below ``count``.
    public func entry(at index: Int) throws -> TreeEntry {
        var parser = ManifestParser(bytes, range: starts[index]..<bytes.count)
        return try TreeEntry(from: &parser)
    }

    /// - Returns: nil when there is none of that name.
    public func entry(named name: [UInt8]) throws -> TreeEntry? {
        var range = 0..<count
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            let entry = try entry(at: middle)
            if entry.name == name { return entry }
            range =
                entry.name.lexicographicallyPrecedes(name)
                ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return nil
    }
}
