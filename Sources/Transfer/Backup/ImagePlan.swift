import Repository

/// What to do with each part of an image, in order: compare it with the earlier restore point, or cut it anew.
///
/// Every part lies in one page of the map.
struct ImagePlan {
    enum Part {
        /// Blocks that the earlier restore point has as an extent of the same length.
        case compare(first: Int, ImageExtent)
        case cut(Range<Int>, wasHole: Bool)
    }

    private let blockCount: Int
    private var parent: ImageMapCursor?
    private var next = 0
    /// What the earlier restore point has from `next` on: an extent, or blocks without any.
    private var pending: Run?
    /// Blocks of the earlier restore point that lie behind the end of the shorter of the two are not comparable.
    private var usableBlocks = 0

    private struct Run {
        var extent: ImageExtent?
        var end: Int
        var isHole = false
    }

    /// - Parameters:
    ///   - sizeBytes: of the image.
    ///   - parent: of the same image at an earlier time; one that became larger or smaller counts as far as it goes.
    init(sizeBytes: Int64, parent: ImageRoot?, fetch: @escaping NodeFetch) {
        blockCount = ImageBlock.count(bytes: sizeBytes)
        guard let parent else { return }
        self.parent = ImageMapCursor(parent, fetch: fetch)
        // A last block that was cut short, or is now, has another length.
        let isSameEnd = parent.sizeBytes == sizeBytes
        usableBlocks = isSameEnd ? blockCount : Int(min(parent.sizeBytes, sizeBytes) / Int64(ImageBlock.sizeBytes))
    }

    /// - Returns: nil at the end.
    mutating func nextPart() -> Part? {
        guard next < blockCount else { return nil }
        guard let run = pending ?? nextOfParent() else { return cut(Run(end: blockCount)) }
        pending = nil
        guard let extent = run.extent, run.end <= usableBlocks else { return cut(run) }
        defer { next = run.end }
        return .compare(first: next, extent)
    }

    private mutating func cut(_ run: Run) -> Part {
        let pageEnd = (next / ImageBlock.perPage + 1) * ImageBlock.perPage
        let end = min(run.end, blockCount)
        let stop = min(end, pageEnd)
        if stop < end { pending = Run(end: end, isHole: run.isHole) }
        defer { next = stop }
        return .cut(next..<stop, wasHole: run.isHole)
    }

    private mutating func nextOfParent() -> Run? {
        guard next < usableBlocks, parent != nil else { return nil }
        do {
            switch try parent?.next() {
            case nil: return nil
            case .extent(let block, let extent): return Run(extent: extent, end: block + extent.blocks)
            case .hole(let block, let count): return Run(end: block + count, isHole: block + count <= usableBlocks)
            }
        } catch let damage as ImageMapCursor.DamagedRun {
            return Run(end: damage.firstBlock + damage.count)
        } catch {
            parent = nil
            return nil
        }
    }
}
