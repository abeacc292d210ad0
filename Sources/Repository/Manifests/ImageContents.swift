import Synchronization

/// Reads an image at any offset. May be used by many threads.
///
/// Pages of the map are found by position, so it takes no longer at the end of a large image than at its beginning. Memory:
/// the extents of ``pagesMax`` pages, and the contents of ``piecesMax`` extents of at most 4 MiB, since readers ask for an
/// extent in many parts.
public final class ImageContents: Sendable {
    private static let pagesMax = 8
    private static let piecesMax = 4

    private struct Page {
        let first: Int
        /// The first block of each run, and the run.
        let runs: [(block: Int, run: ImageMapPage.Run)]
    }

    private struct State {
        /// The one asked for last is the last.
        var pages: [Page] = []
        var pieces: [(block: Int, bytes: [UInt8])] = []
    }

    private let image: ImageRoot
    private let reader: ChunkReader
    private let state = Mutex(State())

    public init(_ image: ImageRoot, reader: ChunkReader) {
        self.image = image
        self.reader = reader
    }

    /// Fills the room from an offset on, as far as the image goes.
    ///
    /// - Returns: how many bytes; fewer than there is room for only at the end.
    /// - Throws: ``RepositoryError`` or ``MalformedManifest``.
    public func read(at offset: Int64, into room: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = Int(max(0, min(Int64(room.count), image.sizeBytes - offset)))
        var done = 0
        while done < count {
            let position = offset + Int64(done)
            let (block, run) = try locate(Int(position / Int64(ImageBlock.sizeBytes)))
            let range = image.bytes(block..<block + run.blocks)
            let part = Int(min(range.upperBound - position, Int64(count - done)))
            let target = UnsafeMutableRawBufferPointer(rebasing: room[done..<done + part])
            switch run {
            case .hole: target.initializeMemory(as: UInt8.self, repeating: 0)
            case .extent(let extent):
                let bytes = try contents(of: extent, at: block, sizeBytes: range.count)
                let first = Int(position - range.lowerBound)
                bytes.withUnsafeBytes {
                    target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[first..<first + part]))
                }
            }
            done += part
        }
        return count
    }

    private func contents(of extent: ImageExtent, at block: Int, sizeBytes: Int) throws -> [UInt8] {
        let kept = state.withLock { state -> [UInt8]? in
            guard let index = state.pieces.firstIndex(where: { $0.block == block }) else { return nil }
            let piece = state.pieces.remove(at: index)
            state.pieces.append(piece)
            return piece.bytes
        }
        if let kept { return kept }
        let bytes = try reader.contents(of: extent, sizeBytes: sizeBytes)
        state.withLock { state in
            if state.pieces.count == Self.piecesMax { state.pieces.removeFirst() }
            state.pieces.append((block, bytes))
        }
        return bytes
    }

    /// The run that a block lies in, and where that begins.
    private func locate(_ block: Int) throws -> (block: Int, run: ImageMapPage.Run) {
        let runs = try page(of: block).runs
        var range = 0..<runs.count
        while range.count > 1 {
            let middle = range.lowerBound + range.count / 2
            range = runs[middle].block <= block ? middle..<range.upperBound : range.lowerBound..<middle
        }
        guard let found = range.first.map({ runs[$0] }) else { throw MalformedManifest.wrongLength }
        return found
    }

    private func page(of block: Int) throws -> Page {
        let first = block / ImageBlock.perPage * ImageBlock.perPage
        let kept = state.withLock { state -> Page? in
            guard let index = state.pages.firstIndex(where: { $0.first == first }) else { return nil }
            let page = state.pages.remove(at: index)
            state.pages.append(page)
            return page
        }
        if let kept { return kept }
        let page = try read(pageFrom: first)
        state.withLock { state in
            if state.pages.count == Self.pagesMax { state.pages.removeFirst() }
            state.pages.append(page)
        }
        return page
    }

    private func read(pageFrom first: Int) throws -> Page {
        let blocks = min(ImageBlock.perPage, image.blockCount - first)
        guard let id = try name(ofPageFrom: first) else {
            return Page(first: first, runs: [(first, .hole(blocks: blocks))])
        }
        var block = first
        let runs = try ImageMapPage(decoding: try reader.read(id), blocks: blocks).runs.map { run in
            defer { block += run.blocks }
            return (block, run)
        }
        return Page(first: first, runs: runs)
    }

    /// - Returns: nil for a page of zeros.
    private func name(ofPageFrom first: Int) throws -> ChunkID? {
        var name = image.map.root
        for level in (1..<image.map.levels).reversed() {
            guard let id = name else { return nil }
            let page = try reader.read(id)
            var parser = try PageKind.imageMap.open(page, level: level)
            let number = first % ImageMap.span(level: level) / ImageMap.span(level: level - 1)
            for _ in 0..<number { _ = try parser.chunkID() }
            let below = try parser.chunkID()
            name = below.isZero ? nil : below
        }
        return name
    }
}
