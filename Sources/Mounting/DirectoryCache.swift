import Repository
import Synchronization

/// Directories that were looked into lately, by their topmost page: restore points share most of theirs.
///
/// Memory: 2 × ``bytesMax``, and one directory more that is larger than that by itself.
final class DirectoryCache: Sendable {
    private static let bytesMax = 24 << 20

    private struct State {
        var young: [ChunkID: PackedDirectory] = [:]
        var youngBytes = 0
        var old: [ChunkID: PackedDirectory] = [:]
    }

    private let reader: ChunkReader
    private let state = Mutex(State())

    init(reader: ChunkReader) { self.reader = reader }

    /// - Throws: ``RepositoryError`` or ``MalformedManifest``.
    func directory(_ entries: PagedList) throws -> PackedDirectory {
        // A short one lies in its entry, and is taken apart faster than found.
        guard case .tree(_, let root) = entries else { return try read(entries) }
        if let kept = state.withLock({ $0.young[root] ?? $0.old[root] }) { return kept }
        let directory = try read(entries)
        state.withLock { state in
            if state.youngBytes + directory.sizeBytes > Self.bytesMax {
                state.old = state.young
                state.young = [:]
                state.youngBytes = 0
            }
            guard state.young.updateValue(directory, forKey: root) == nil else { return }
            state.youngBytes += directory.sizeBytes
        }
        return directory
    }

    private func read(_ entries: PagedList) throws -> PackedDirectory {
        try PackedDirectory(entries, fetch: { [reader] in try reader.read($0) })
    }
}
