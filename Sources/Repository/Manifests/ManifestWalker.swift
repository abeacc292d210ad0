/// Visits every chunk that a restore point needs, with what it is for. Iterative: a tree may be deeper than a stack.
///
/// Memory: for each directory on the way down, one page a level. Nothing is kept of what was visited.
public struct ManifestWalker {
    public enum Role: Sendable, Equatable {
        /// A page of the manifest itself.
        case node
        /// Contents of a file or of an image.
        case contents
    }

    /// One use of one chunk.
    public struct Visit: Sendable {
        public let chunk: ChunkID
        public let role: Role
        /// The names from the root to the item; empty for the root itself and for an image.
        public let path: [[UInt8]]
    }

    private let fetch: NodeFetch
    private let descend: (ChunkID) throws -> Bool

    /// - Parameters:
    ///   - fetch: authenticated plain bytes of a chunk.
    ///   - descend: asked once for the topmost page of each directory and each file's extents, and for each page of an
    ///     image's map; false leaves out all of it, that page included.
    public init(fetch: @escaping NodeFetch, descend: @escaping (ChunkID) throws -> Bool = { _ in true }) {
        self.fetch = fetch
        self.descend = descend
    }

    private func isWanted(_ list: PagedList) throws -> Bool {
        guard case .tree(_, let root) = list else { return true }
        return try descend(root)
    }

    /// - Parameters:
    ///   - visit: called before a node is read, and for each chunk of contents, which is not read. Throwing stops.
    ///   - damaged: called with the path and the error when a node can't be read or makes no sense. The walk goes on
    ///     with what is beside it.
    public func walkTree(
        _ root: ChunkID, visit: @escaping (Visit) throws -> Void, damaged: ([[UInt8]], any Error) throws -> Void
    ) throws {
        let stop = Stop()
        var names: [[UInt8]] = []
        let fetching = visiting(stop, { names }, visit)
        func report(_ error: any Error) throws {
            if let own = stop.error { throw own }
            try damaged(names, error)
        }

        var cursors: [DirectoryCursor] = []
        do {
            let entry = try TreeRoot.read(root, fetch: fetching)
            guard case .directory(let entries) = entry.body else { return }
            cursors.append(DirectoryCursor(entries, fetch: fetching))
        } catch { try report(error) }
        while let last = cursors.indices.last {
            let next: TreeEntry?
            do { next = try cursors[last].next() } catch {
                try report(error)
                continue
            }
            guard let entry = next else {
                cursors.removeLast()
                if !names.isEmpty { names.removeLast() }
                continue
            }
            names.append(entry.name)
            switch entry.body {
            case .directory(let entries) where try isWanted(entries):
                cursors.append(DirectoryCursor(entries, fetch: fetching))
                continue
            case .file(_, let extents, _) where try isWanted(extents):
                var cursor = ExtentsCursor(extents, fetch: fetching)
                while true {
                    do {
                        guard let extent = try cursor.next() else { break }
                        guard case .chunk(let id, _) = extent.source else { continue }
                        do { try visit(Visit(chunk: id, role: .contents, path: names)) } catch {
                            stop.error = error
                            throw error
                        }
                    } catch { try report(error) }
                }
            default: break
            }
            names.removeLast()
        }
    }

    /// As ``walkTree(_:visit:damaged:)``, for an image.
    public func walkImage(
        _ root: ChunkID, visit: @escaping (Visit) throws -> Void, damaged: (any Error) throws -> Void
    ) throws {
        let stop = Stop()
        let fetching = visiting(stop, { [] }, visit)
        let image: ImageRoot
        do { image = try ImageRoot.read(root, fetch: fetching) } catch {
            if let own = stop.error { throw own }
            return try damaged(error)
        }
        var cursor = ImageMapCursor(image, fetch: fetching, isWanted: descend)
        while true {
            do {
                guard let run = try cursor.next() else { return }
                guard case .extent(_, let extent) = run else { continue }
                do {
                    for id in [extent.base] + extent.sources {
                        try visit(Visit(chunk: id, role: .contents, path: []))
                    }
                } catch {
                    stop.error = error
                    throw error
                }
            } catch {
                if let own = stop.error { throw own }
                try damaged(error)
            }
        }
    }

    /// Remembers that the visitor wanted to stop: its error passes through cursors that treat errors as damage.
    private final class Stop { var error: (any Error)? }

    private func visiting(
        _ stop: Stop, _ path: @escaping () -> [[UInt8]], _ visit: @escaping (Visit) throws -> Void
    ) -> NodeFetch {
        { [fetch] id in
            do { try visit(Visit(chunk: id, role: .node, path: path())) } catch {
                stop.error = error
                throw error
            }
            return try fetch(id)
        }
    }
}
