import Endpoints
import Repository

/// Makes the map of an image from what its reader found. Runs on one thread, in the order of the image.
///
/// Changed blocks of neighbouring extents are put together into chunks of their own. None outlives a page of the map, so
/// what a page refers to is known when the page is stored. Memory: such a chunk, and the extents of a page.
struct ImageAssembler {
    /// Blocks gathered: enough to compress well; few, since one that is still needed keeps all of them.
    private static let gatheredBytesMin = 128 << 10

    private let access: ChunkAccess
    private var builder = ImageMapBuilder()
    /// What waits for the chunk of gathered blocks to be stored.
    private var waiting: [Waiting] = []
    private var waitingBlocks = 0
    private var gathered: [UInt8] = []

    private enum Waiting {
        case hole(Int)
        case extent(ImageExtent)
        case patched(ImageExtent, [NewPatch])
    }

    /// A patch without its source: the chunk of gathered blocks, or zeros.
    private struct NewPatch {
        var patch: ImageExtent.Patch
        var isGathered: Bool
    }

    init(access: ChunkAccess) { self.access = access }

    mutating func apply(_ event: ImageEvent) throws {
        switch event {
        case .holes(let count): try appendHole(count)
        case .kept(let extent): try append(.extent(extent), blocks: extent.blocks)
        case .data(let blocks, let pending):
            try append(.extent(ImageExtent(blocks: blocks, chunk: try pending.wait())), blocks: blocks)
        case .compared(let pending):
            switch try pending.wait() {
            case .kept(let extent): try append(.extent(extent), blocks: extent.blocks)
            case .replaced(let pieces):
                for piece in pieces {
                    if let chunk = piece.chunk {
                        try append(.extent(ImageExtent(blocks: piece.blocks, chunk: chunk)), blocks: piece.blocks)
                    } else {
                        try appendHole(piece.blocks)
                    }
                }
            case .patched(var extent, let contents, let changed, let buffer):
                extent.contents = contents
                try append(.patched(extent, gather(changed, buffer)), blocks: extent.blocks)
                if gathered.count >= Self.gatheredBytesMin { try storeGathered() }
            }
        }
    }

    mutating func finish() throws -> ImageMap {
        try storeGathered()
        return try builder.finish(store: access.store)
    }

    private mutating func appendHole(_ count: Int) throws {
        if waiting.isEmpty { return try builder.appendHoles(count, store: access.store) }
        var left = count
        while left > 0 {
            // Within a page as long as something waits.
            let part = waiting.isEmpty ? left : min(left, builder.blocksLeft - waitingBlocks)
            if waiting.isEmpty { return try builder.appendHoles(left, store: access.store) }
            try append(.hole(part), blocks: part)
            left -= part
        }
    }

    private mutating func append(_ next: Waiting, blocks: Int) throws {
        waiting.append(next)
        waitingBlocks += blocks
        if gathered.isEmpty || waitingBlocks == builder.blocksLeft { try storeGathered() }
    }

    private mutating func gather(_ changed: [ChangedBlocks], _ buffer: PooledBuffer) -> [NewPatch] {
        changed.map { changed in
            var patch = ImageExtent.Patch(block: changed.block, count: changed.count, source: nil, sourceBlock: 0)
            let bytes = buffer.bytes(changed.bytes)
            if WholeIO.isZero(bytes) { return NewPatch(patch: patch, isGathered: false) }
            patch.sourceBlock = gathered.count / ImageBlock.sizeBytes
            gathered.append(contentsOf: bytes)
            // One that the end of the image cuts short.
            let rest = gathered.count % ImageBlock.sizeBytes
            if rest > 0 { gathered.append(contentsOf: repeatElement(0, count: ImageBlock.sizeBytes - rest)) }
            return NewPatch(patch: patch, isGathered: true)
        }
    }

    private mutating func storeGathered() throws {
        let source = gathered.isEmpty ? nil : try gathered.withUnsafeBytes { try access.store($0) }
        gathered.removeAll(keepingCapacity: true)
        for item in waiting {
            switch item {
            case .hole(let count): try builder.appendHoles(count, store: access.store)
            case .extent(let extent): try builder.append(extent, store: access.store)
            case .patched(let extent, let patches):
                let resolved = patches.map { new in
                    var patch = new.patch
                    if new.isGathered { patch.source = source }
                    return patch
                }
                try builder.append(extent.patched(resolved), store: access.store)
            }
        }
        waiting = []
        waitingBlocks = 0
    }
}
