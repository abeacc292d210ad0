import Repository

/// Makes the manifest of a tree from what its reader found. Runs on one thread; waits for chunks in the reader's order.
///
/// Memory: for each directory on the way down, one page a level; one entry for each file with further names to come.
struct TreeAssembler {
    private let access: ChunkAccess
    private var directories: [(entry: TreeEntry, builder: DirectoryBuilder)] = []
    private var extents = ExtentsBuilder()
    private var linked: [FileIdentity: TreeEntry] = [:]

    private(set) var root: ChunkID?
    private(set) var entryCount = 0
    private(set) var logicalBytes: Int64 = 0

    private let hasLinkEvents: Bool

    /// - Parameter hasLinkEvents: false when further names of a file come as whole entries: then none is kept for them.
    init(access: ChunkAccess, hasLinkEvents: Bool = true) {
        self.access = access
        self.hasLinkEvents = hasLinkEvents
    }

    mutating func apply(_ event: TreeEvent) throws {
        switch event {
        case .enterDirectory(let entry):
            directories.append((entry, DirectoryBuilder()))
        case .leaveDirectory:
            try leaveDirectory()
        case .entry(let entry):
            try add(entry)
        case .small(var entry, let pending, let offset, let length):
            extents = ExtentsBuilder()
            try extents.append(
                FileExtent(lengthBytes: Int64(length), source: .chunk(try pending.wait(), offset: offset)),
                store: access.store)
            entry.setExtents(try extents.finish(store: access.store))
            try add(entry)
        case .beginFile, .again, .dropFile:
            extents = ExtentsBuilder()
        case .hole(let length):
            try extents.append(FileExtent(lengthBytes: length, source: .hole), store: access.store)
        case .extent(let pending, let offset, let length):
            try extents.append(
                FileExtent(lengthBytes: Int64(length), source: .chunk(try pending.wait(), offset: offset)),
                store: access.store)
        case .endFile(var entry):
            entry.setExtents(try extents.finish(store: access.store))
            try add(entry)
        case .link(let name, let identity, let isLast):
            guard var entry = linked[identity] else { return }
            if isLast { linked[identity] = nil }
            entry.name = name
            try append(entry)
        }
    }

    private mutating func add(_ entry: TreeEntry) throws {
        if case .file(let size, _, _) = entry.body {
            logicalBytes += size
            if entry.isHardLink && hasLinkEvents {
                let identity = FileIdentity(device: entry.attributes.device, inode: entry.attributes.inode)
                linked[identity] = entry
            }
        }
        try append(entry)
    }

    private mutating func append(_ entry: TreeEntry) throws {
        entryCount += 1
        guard let last = directories.indices.last else { preconditionFailure("entries lie in directories") }
        try directories[last].builder.append(entry, store: access.store)
    }

    private mutating func leaveDirectory() throws {
        guard var (entry, builder) = directories.popLast() else { preconditionFailure("left more than entered") }
        entry.body = .directory(try builder.finish(store: access.store))
        if directories.isEmpty {
            entryCount += 1
            root = try TreeRoot.store(entry, store: access.store)
        } else {
            try append(entry)
        }
    }
}

extension TreeEntry {
    fileprivate mutating func setExtents(_ extents: PagedList) {
        if case .file(let size, _, let isTorn) = body {
            body = .file(sizeBytes: size, extents: extents, isTorn: isTorn)
        }
    }
}
