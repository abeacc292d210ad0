import Repository

extension CopyPipes {
    private enum ImageCopyEvent: Sendable {
        case holes(Int)
        /// What its chunks are called in the target, in the order of `ImageExtent.sources`; and its contents.
        case extent(ImageExtent, base: PendingChunk, sources: [PendingChunk], contents: PendingChunk?)
    }

    func copyImage(_ root: ChunkID, _ basis: CopyBasis?) throws -> ChunkID {
        let pipes = self
        let events = BoundedQueue<ImageCopyEvent>(countMax: CopyPipes.eventsMax, control: pipes.control)
        let image = try CopyPipes.manifest { try ImageRoot.read(root, fetch: pipes.fetch) }
        let crew = Crew(control: pipes.control)
        pipes.startWorkers(crew)
        crew.start("copy-walk") {
            defer {
                events.close()
                pipes.jobs.close()
            }
            var earlier = basis.flatMap { ImageBasis($0, image, pipes: pipes) }
            var known = KnownCopies(pipes: pipes)
            var cursor = ImageMapCursor(image, fetch: pipes.fetch)
            while let run = try CopyPipes.manifest({ try cursor.next() }) {
                try pipes.control.check()
                switch run {
                case .hole(let block, let count):
                    try events.push(.holes(count))
                    pipes.add(bytes: image.byteCount(block..<block + count))
                case .extent(let block, let extent):
                    if let pair = earlier?.pair(at: block) { known.note(pair.source, pair.target) }
                    let sizeBytes = image.byteCount(block..<block + extent.blocks)
                    try events.push(
                        .extent(
                            extent, base: try known.copy(of: extent.base),
                            sources: try extent.sources.map { try known.copy(of: $0) },
                            contents: try known.contents(of: extent, sizeBytes: Int(sizeBytes))))
                    pipes.add(bytes: sizeBytes)
                }
            }
        }
        var builder = ImageMapBuilder()
        do {
            while let event = try events.pop() {
                switch event {
                case .holes(let count): try builder.appendHoles(count, store: pipes.access.store)
                case .extent(var extent, let base, let sources, let contents):
                    let names = Dictionary(
                        zip(extent.sources, try sources.map { try $0.wait() }), uniquingKeysWith: { first, _ in first })
                    extent.base = try base.wait()
                    extent.contents = try contents?.wait()
                    for index in extent.patches.indices {
                        extent.patches[index].source = extent.patches[index].source.flatMap { names[$0] }
                    }
                    try builder.append(extent, store: pipes.access.store)
                }
            }
        } catch { pipes.control.stop(error) }
        crew.join()
        try pipes.control.check()
        var copy = image
        copy.map = try builder.finish(store: pipes.access.store)
        pipes.add(entries: 1)
        return try copy.store(pipes.access.store)
    }
}

extension ImageRoot {
    fileprivate func byteCount(_ blocks: Range<Int>) -> Int64 {
        let range = bytes(blocks)
        return range.upperBound - range.lowerBound
    }
}

/// What chunks, and contents, of the source are called in the target.
private struct KnownCopies {
    let pipes: CopyPipes
    private var chunks = CopyMap()
    /// Names of contents that are no chunk: that they are known does not mean that the target has them.
    private var names = CopyMap()

    init(pipes: CopyPipes) { self.pipes = pipes }

    /// - Parameters:
    ///   - source: an extent that was copied before.
    ///   - target: what became of it.
    mutating func note(_ source: ImageExtent, _ target: ImageExtent) {
        guard source.patches.count == target.patches.count else { return }
        func insert(_ id: ChunkID, _ copy: ChunkID) {
            if chunks[id] == nil, pipes.access.contains(copy) { chunks.insert(id, pipes.resolved(copy)) }
        }
        insert(source.base, target.base)
        for (old, copy) in zip(source.patches, target.patches) {
            if let id = old.source, let copy = copy.source { insert(id, copy) }
        }
        if let old = source.contents, let copy = target.contents { names.insert(old, pipes.resolved(copy)) }
    }

    mutating func copy(of id: ChunkID) throws -> PendingChunk {
        if let known = chunks[id] { return known }
        let pending = try pipes.queue(id)
        chunks.insert(id, pending)
        return pending
    }

    mutating func contents(of extent: ImageExtent, sizeBytes: Int) throws -> PendingChunk? {
        guard let name = extent.contents else { return nil }
        if extent.patches.isEmpty, name == extent.base { return try copy(of: name) }
        if let known = names[name] { return known }
        let pending = try pipes.queueName(of: extent, sizeBytes: sizeBytes)
        names.insert(name, pending)
        return pending
    }
}

/// The extents of an earlier image, in the source and in the target. What can't be read ends it.
private struct ImageBasis {
    private var cursors: (source: ImageMapCursor, target: ImageMapCursor)
    private var waiting: (source: (Int, ImageExtent)?, target: (Int, ImageExtent)?)

    init?(_ basis: CopyBasis, _ image: ImageRoot, pipes: CopyPipes) {
        guard let old = try? ImageRoot.read(basis.source, fetch: pipes.fetch),
            let copy = try? ImageRoot.read(basis.target, fetch: pipes.access.fetch)
        else { return nil }
        cursors = (ImageMapCursor(old, fetch: pipes.fetch), ImageMapCursor(copy, fetch: pipes.access.fetch))
    }

    /// The extents that begin at a block, if both have one there.
    ///
    /// - Parameter block: behind that of the call before.
    mutating func pair(at block: Int) -> (source: ImageExtent, target: ImageExtent)? {
        Self.advance(&cursors.source, &waiting.source, to: block)
        Self.advance(&cursors.target, &waiting.target, to: block)
        guard let old = waiting.source, let copy = waiting.target, old.0 == block, copy.0 == block else { return nil }
        return (old.1, copy.1)
    }

    private static func advance(_ cursor: inout ImageMapCursor, _ waiting: inout (Int, ImageExtent)?, to block: Int) {
        while (waiting?.0 ?? -1) < block {
            guard let run = try? cursor.next() else { return }
            if case .extent(let found, let extent) = run { waiting = (found, extent) }
        }
    }
}
