import Repository

/// Walks a tree of the source and tells the assembler what to make of it in the target. Runs on one thread.
///
/// Beside it walks the basis: an earlier restore point, and its copy in the target. What is the same in the earlier one is
/// taken over from its copy, whole directories at once, without reading it.
struct TreeCopier {
    /// An item of the basis: as it is in the source, and in the target.
    struct Pair {
        let source: TreeEntry
        let target: TreeEntry
    }

    let pipes: CopyPipes
    let emit: (TreeEvent) throws -> Void

    private struct Frame {
        var cursor: DirectoryCursor
        var basis: BasisCursor?
    }

    private var frames: [Frame] = []
    private var map = CopyMap()

    init(pipes: CopyPipes, emit: @escaping (TreeEvent) throws -> Void) {
        self.pipes = pipes
        self.emit = emit
    }

    mutating func run(_ root: TreeEntry, basis: Pair?) throws {
        try enter(root, basis)
        while let last = frames.indices.last {
            try pipes.control.check()
            guard let entry = try frames[last].cursor.next() else {
                frames.removeLast()
                try emit(.leaveDirectory)
                continue
            }
            try visit(entry, frames[last].basis?.pair(named: entry.name))
        }
    }

    private mutating func enter(_ entry: TreeEntry, _ basis: Pair?) throws {
        guard case .directory(let entries) = entry.body else { throw MalformedManifest.notADirectory }
        var opened = entry
        opened.body = .directory(.empty)
        try emit(.enterDirectory(opened))
        pipes.add(entries: 1)
        frames.append(
            Frame(
                cursor: DirectoryCursor(entries, fetch: pipes.fetch),
                basis: basis.flatMap { BasisCursor($0, pipes: pipes) }))
    }

    private mutating func visit(_ entry: TreeEntry, _ pair: Pair?) throws {
        if let pair, pair.source.body == entry.body, isStored(pair.target) {
            var taken = entry
            taken.body = pair.target.body
            pipes.add(bytes: Self.countedBytes(entry), entries: 1)
            return try emit(.entry(taken))
        }
        switch entry.body {
        case .directory: try enter(entry, pair)
        case .file(_, let extents, _):
            try emit(.beginFile)
            try copy(extents, basis: pair, isCounted: !entry.isHardLink)
            try emit(.endFile(entry))
            pipes.add(entries: 1)
        default:
            try emit(.entry(entry))
            pipes.add(entries: 1)
        }
    }

    private mutating func copy(_ extents: PagedList, basis: Pair?, isCounted: Bool) throws {
        let known = basis.map { knownChunks($0) } ?? [:]
        var cursor = ExtentsCursor(extents, fetch: pipes.fetch)
        while let extent = try cursor.next() {
            switch extent.source {
            case .hole: try emit(.hole(lengthBytes: extent.lengthBytes))
            case .chunk(let id, let offset):
                guard extent.lengthBytes <= Int64(Chunk.plainBytesMax) else {
                    throw MalformedManifest.wrongLength
                }
                try emit(
                    .extent(try pending(id, known), offset: offset, lengthBytes: Int(extent.lengthBytes)))
            }
            if isCounted { pipes.add(bytes: extent.lengthBytes) }
        }
    }

    private mutating func pending(_ id: ChunkID, _ known: [ChunkID: ChunkID]) throws -> PendingChunk {
        if let pending = map[id] { return pending }
        let pending = if let copy = known[id] { pipes.resolved(copy) } else { try pipes.queue(id) }
        map.insert(id, pending)
        return pending
    }

    /// What the chunks of an earlier state of the file are called in the target; of a very long file, of its beginning.
    private func knownChunks(_ pair: Pair) -> [ChunkID: ChunkID] {
        guard case .file(_, let old, _) = pair.source.body, case .file(_, let copy, _) = pair.target.body else {
            return [:]
        }
        var known: [ChunkID: ChunkID] = [:]
        var cursors = (ExtentsCursor(old, fetch: pipes.fetch), ExtentsCursor(copy, fetch: pipes.access.fetch))
        while known.count < CopyMap.countMax, let one = try? cursors.0.next(), let other = try? cursors.1.next() {
            guard case .chunk(let id, let start) = one.source, case .chunk(let name, start) = other.source,
                one.lengthBytes == other.lengthBytes, pipes.access.contains(name)
            else { continue }
            known[id] = name
        }
        return known
    }

    /// A chunk that the target's index has lost is copied again.
    private func isStored(_ entry: TreeEntry) -> Bool {
        switch entry.body {
        case .directory(.tree(_, let root)), .file(_, .tree(_, let root), _): return pipes.access.contains(root)
        case .file(_, let extents, _):
            var cursor = ExtentsCursor(extents, fetch: pipes.access.fetch)
            while let extent = try? cursor.next() {
                if case .chunk(let id, _) = extent.source, !pipes.access.contains(id) { return false }
            }
            return true
        // A short directory is kept in place, and may name anything below it.
        case .directory(.inline(let entries)): return entries.isEmpty
        case .symbolicLink, .pipe, .socket, .characterDevice, .blockDevice: return true
        }
    }

    /// A file with several names counts once. Which name came first is not remembered, so they count when all is done.
    private static func countedBytes(_ entry: TreeEntry) -> Int64 {
        if case .file(let size, _, _) = entry.body, !entry.isHardLink { size } else { 0 }
    }
}

/// The entries of a directory of the basis, in the source and in the target. What can't be read ends it.
struct BasisCursor {
    private var cursors: (source: DirectoryCursor, target: DirectoryCursor)
    private var waiting: TreeCopier.Pair?
    private var isOver = false

    init?(_ pair: TreeCopier.Pair, pipes: CopyPipes) {
        guard case .directory(let old) = pair.source.body, case .directory(let copy) = pair.target.body else {
            return nil
        }
        cursors = (DirectoryCursor(old, fetch: pipes.fetch), DirectoryCursor(copy, fetch: pipes.access.fetch))
    }

    /// - Parameter name: behind that of the call before.
    mutating func pair(named name: [UInt8]) -> TreeCopier.Pair? {
        while !isOver {
            guard let pair = waiting ?? nextPair() else {
                isOver = true
                return nil
            }
            waiting = nil
            if pair.source.name == name { return pair }
            if name.lexicographicallyPrecedes(pair.source.name) {
                waiting = pair
                return nil
            }
        }
        return nil
    }

    private mutating func nextPair() -> TreeCopier.Pair? {
        guard let old = try? cursors.source.next(), let copy = try? cursors.target.next(), old.name == copy.name else {
            return nil
        }
        return TreeCopier.Pair(source: old, target: copy)
    }
}
