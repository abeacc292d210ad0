import Repository

extension CopyRun {
    private enum Event: Sendable {
        case holes(Int)
        case extent(PendingChunk)
    }

    func copyImage(_ point: RestorePoint, _ basis: Basis?, _ pipes: CopyPipes) throws -> ChunkID {
        let events = BoundedQueue<Event>(countMax: CopyPipes.eventsMax, control: pipes.control)
        let image = try CopyPipes.manifest { try ImageRoot.read(point.description.root, fetch: pipes.fetch) }
        let crew = Crew(control: pipes.control)
        pipes.startWorkers(crew)
        crew.start("copy-walk") {
            defer {
                events.close()
                pipes.jobs.close()
            }
            var earlier = basis.flatMap { ImageBasis($0, image, pipes: pipes) }
            var map = CopyMap()
            var cursor = ImageMapCursor(image, fetch: pipes.fetch)
            while let run = try CopyPipes.manifest({ try cursor.next() }) {
                try pipes.control.check()
                switch run {
                case .hole(let index, let count):
                    try events.push(.holes(count))
                    pipes.add(bytes: image.byteCount(index..<index + count))
                case .extent(let index, let id):
                    let pending =
                        if let known = map[id] { known } else if let copy = earlier?.copy(of: id, at: index) {
                            pipes.resolved(copy)
                        } else { try pipes.queue(id) }
                    map.insert(id, pending)
                    try events.push(.extent(pending))
                    pipes.add(bytes: image.byteCount(index..<index + 1))
                }
            }
        }
        var builder = ImageMapBuilder()
        do {
            while let event = try events.pop() {
                switch event {
                case .holes(let count): try builder.appendHoles(count, store: pipes.access.store)
                case .extent(let pending): try builder.append(try pending.wait(), store: pipes.access.store)
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
    fileprivate func byteCount(_ extents: Range<Int>) -> Int64 {
        min(Int64(extents.upperBound) * Int64(extentBytes), sizeBytes) - Int64(extents.lowerBound) * Int64(extentBytes)
    }
}

/// The extents of an earlier image, in the source and in the target. What can't be read ends it.
private struct ImageBasis {
    private var cursors: (source: ImageMapCursor, target: ImageMapCursor)
    private var waiting: (source: (Int, ChunkID)?, target: (Int, ChunkID)?)
    private let contains: @Sendable (ChunkID) -> Bool

    init?(_ basis: CopyRun.Basis, _ image: ImageRoot, pipes: CopyPipes) {
        guard let old = try? ImageRoot.read(basis.source.description.root, fetch: pipes.fetch),
            let copy = try? ImageRoot.read(basis.target.description.root, fetch: pipes.access.fetch),
            old.extentBytes == image.extentBytes
        else { return nil }
        cursors = (ImageMapCursor(old, fetch: pipes.fetch), ImageMapCursor(copy, fetch: pipes.access.fetch))
        contains = pipes.access.contains
    }

    /// What a chunk is called in the target, if it was there before.
    ///
    /// - Parameter index: behind that of the call before.
    mutating func copy(of id: ChunkID, at index: Int) -> ChunkID? {
        Self.advance(&cursors.source, &waiting.source, to: index)
        Self.advance(&cursors.target, &waiting.target, to: index)
        guard let old = waiting.source, let copy = waiting.target, old.0 == index, copy.0 == index, old.1 == id,
            contains(copy.1)
        else { return nil }
        return copy.1
    }

    private static func advance(_ cursor: inout ImageMapCursor, _ waiting: inout (Int, ChunkID)?, to index: Int) {
        while (waiting?.0 ?? -1) < index {
            guard let run = try? cursor.next() else { return }
            if case .extent(let found, let id) = run { waiting = (found, id) }
        }
    }
}
