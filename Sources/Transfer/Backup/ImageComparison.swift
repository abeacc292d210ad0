import Endpoints
import Repository

/// Compares an extent with that of an earlier restore point, and decides how to store it.
struct ImageComparison: Sendable {
    /// An extent is stored anew when more of it than this comes from elsewhere than its base: it bounds both what a
    /// restore reads and what outlived blocks cost.
    static let patchedShareMax = 4
    static let sourcesMax = 8
    static let patchesMax = 64

    let access: ChunkAccess

    enum Look {
        case done(ImageFinding)
        /// The contents are others: what they are called now.
        case differs(ChunkID)
    }

    /// Compares names alone, and lets the store bring near what ``compare(_:named:in:_:)`` will ask for.
    ///
    /// - Parameter bytes: the extent's contents of now.
    func look(at extent: ImageExtent, _ bytes: UnsafeRawBufferPointer) throws -> Look {
        if WholeIO.isZero(bytes) { return .done(.replaced([(extent.blocks, nil)])) }
        guard ([extent.base] + extent.sources).allSatisfy(access.contains) else { return .done(try replace(bytes)) }
        let name = try access.name(bytes)
        if name == extent.contents { return .done(.kept(extent)) }
        if access.contains(name) { return .done(.replaced([(extent.blocks, name)])) }
        access.willFetch(extent.base)
        return .differs(name)
    }

    /// Compares block by block.
    ///
    /// - Parameter buffer: holds the extent's contents of now at `range`.
    func compare(
        _ extent: ImageExtent, named name: ChunkID, in buffer: PooledBuffer, _ range: Range<Int>
    ) throws -> ImageFinding {
        let bytes = buffer.bytes(range)
        // What can't be read is stored anew.
        guard let old = try? access.contents(extent, bytes.count) else { return try replace(bytes) }
        let changed = old.withUnsafeBytes { Self.differences(bytes, $0, at: range.lowerBound) }
        if changed.isEmpty {
            var known = extent
            known.contents = name
            return .kept(known)
        }
        guard extent.accepts(changed) else { return try replace(bytes) }
        return .patched(extent, contents: name, changed: changed, buffer: buffer)
    }

    private func replace(_ bytes: UnsafeRawBufferPointer) throws -> ImageFinding {
        var start = 0
        return .replaced(
            try BlockCutter.pieces(of: bytes).map { piece in
                switch piece {
                case .hole(let blocks):
                    start += blocks * ImageBlock.sizeBytes
                    return (blocks, nil)
                case .data(let blocks):
                    let end = min(start + blocks * ImageBlock.sizeBytes, bytes.count)
                    defer { start = end }
                    return (blocks, try access.store(UnsafeRawBufferPointer(rebasing: bytes[start..<end])))
                }
            })
    }

    /// Blocks that differ, those that follow each other as one.
    ///
    /// - Parameter offset: of `new` in its buffer.
    static func differences(
        _ new: UnsafeRawBufferPointer, _ old: UnsafeRawBufferPointer, at offset: Int
    ) -> [ChangedBlocks] {
        var found: [ChangedBlocks] = []
        var start = 0
        while start < new.count {
            let end = min(start + ImageBlock.sizeBytes, new.count)
            let isEqual = WholeIO.isEqual(
                UnsafeRawBufferPointer(rebasing: new[start..<end]), UnsafeRawBufferPointer(rebasing: old[start..<end]))
            if !isEqual {
                let block = start / ImageBlock.sizeBytes
                if let last = found.indices.last, found[last].block + found[last].count == block {
                    found[last].count += 1
                    found[last].bytes = found[last].bytes.lowerBound..<offset + end
                } else {
                    found.append(ChangedBlocks(block: block, count: 1, bytes: offset + start..<offset + end))
                }
            }
            start = end
        }
        return found
    }
}

extension ImageExtent {
    /// Whether these blocks may be patched too.
    func accepts(_ changed: [ChangedBlocks]) -> Bool {
        let result = patched(
            changed.map { ImageExtent.Patch(block: $0.block, count: $0.count, source: nil, sourceBlock: 0) })
        return result.patchedBlocks * ImageComparison.patchedShareMax <= blocks
            && result.sources.count < ImageComparison.sourcesMax && result.patches.count <= ImageComparison.patchesMax
    }

    /// With further blocks patched, those over these.
    func patched(_ newer: [Patch]) -> ImageExtent {
        var result = self
        result.patches = []
        for old in patches {
            // What is left of an older patch when newer ones lie over it.
            var start = old.block
            let end = old.block + old.count
            for patch in newer where patch.block < end && patch.block + patch.count > start {
                if patch.block > start { result.patches.append(old.part(start..<patch.block)) }
                start = max(start, patch.block + patch.count)
            }
            if start < end { result.patches.append(old.part(start..<end)) }
        }
        result.patches = (result.patches + newer).sorted { $0.block < $1.block }
        return result
    }
}

extension ImageExtent.Patch {
    fileprivate func part(_ range: Range<Int>) -> ImageExtent.Patch {
        ImageExtent.Patch(
            block: range.lowerBound, count: range.count, source: source,
            sourceBlock: source == nil ? 0 : sourceBlock + range.lowerBound - block)
    }
}
