/// What a prune would do: which packs go, and which chunks are written anew because the rest of their pack goes.
///
/// A pure function of what is stored and needed, so that what is predicted is what happens, to the byte.
struct PruneSelection: Equatable {
    /// A pack as the choice sees it.
    struct Pack: Equatable {
        let id: PackID
        let domain: DomainTag
        let sizeBytes: Int64
        /// How many of its chunks are needed, and their stored lengths together.
        let liveChunks: Int
        let liveBytes: Int64
        /// Written anew however much of it is needed.
        var isOutdated = false
        /// Stays as it is while anything of it is needed: a lock covers it.
        var isCovered = false

        var unusedBytes: Int64 { max(0, sizeBytes - liveBytes - Int64(PackLayout.overhead(chunks: liveChunks))) }
    }

    var removed: [Pack] = []
    var rewritten: [Pack] = []
    /// What stays unused in packs that stay.
    var unusedBytes: Int64 = 0
    /// What stays unused in packs that only a lock keeps from being written anew. No part of `unusedBytes`.
    var coveredBytes: Int64 = 0

    /// Packs that nothing needs go. Of the others, those with the largest unused share are rewritten until what stays
    /// unused is at most a share of what is needed.
    ///
    /// - Parameter maxUnused: 0 rewrites every pack that holds anything unneeded; 0.05 leaves a twentieth.
    init(_ packs: [Pack], maxUnused: Double) {
        var partly: [Pack] = []
        var neededBytes: Int64 = 0
        for pack in packs {
            if pack.liveChunks == 0 {
                removed.append(pack)
                continue
            }
            neededBytes += pack.liveBytes
            if pack.isCovered {
                coveredBytes += pack.unusedBytes
                continue
            }
            if pack.isOutdated {
                rewritten.append(pack)
                continue
            }
            unusedBytes += pack.unusedBytes
            if pack.unusedBytes > 0 { partly.append(pack) }
        }
        let allowed = Int64(Double(neededBytes) * maxUnused)
        partly.sort { left, right in
            let (a, b) = (
                Double(left.unusedBytes) / Double(left.sizeBytes), Double(right.unusedBytes) / Double(right.sizeBytes)
            )
            return a != b ? a > b : left.id.bytes.lexicographicallyPrecedes(right.id.bytes)
        }
        for pack in partly where unusedBytes > allowed {
            rewritten.append(pack)
            unusedBytes -= pack.unusedBytes
        }
        // In this order they are written anew; the order of domains decides which chunks share a pack.
        rewritten.sort { left, right in
            left.domain != right.domain
                ? left.domain.bytes.lexicographicallyPrecedes(right.domain.bytes)
                : left.id.bytes.lexicographicallyPrecedes(right.id.bytes)
        }
    }

    /// The packs that the rewriting makes: how many chunks each has, and its length.
    ///
    /// - Parameter lengths: of the chunks that are needed from a pack, in the order of the pack.
    func newPacks(_ lengths: (PackID) -> [UInt32]) -> [(chunks: Int, sizeBytes: Int64)] {
        var made: [(chunks: Int, sizeBytes: Int64)] = []
        var domain: DomainTag?
        var open: (chunks: Int, bytes: Int) = (0, 0)
        func close() {
            guard open.chunks > 0 else { return }
            made.append((open.chunks, Int64(open.bytes + PackLayout.overhead(chunks: open.chunks))))
            open = (0, 0)
        }
        for pack in rewritten {
            if pack.domain != domain { close() }
            domain = pack.domain
            for bytes in lengths(pack.id) {
                open.chunks += 1
                open.bytes += Int(bytes)
                if open.bytes >= PackLayout.chunkBytesTarget || open.chunks >= PackLayout.chunksMax { close() }
            }
        }
        close()
        return made
    }
}

extension PackLayout {
    /// What a pack has beside its sealed chunks.
    static func overhead(chunks: Int) -> Int {
        headBytes + DomainTag.sizeBytes + chunks * PackEntry.sizeBytes + Cipher.tagBytes + tailBytes
    }
}

extension IndexSegment {
    /// Of the stored object.
    static func sizeBytes(packs: Int, chunks: Int) -> Int64 {
        Int64(8 + Cipher.saltBytes + 12 + packs * (PackRecord.sizeBytes + 4) + chunks * PackEntry.sizeBytes)
            + Int64(Cipher.tagBytes)
    }
}
