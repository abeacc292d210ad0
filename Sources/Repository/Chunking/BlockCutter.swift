import Glibc

/// Cuts an image into extents where the contents of its blocks say so: the same file system contents give the same chunks
/// wherever in an image, and in whichever image of the domain, they begin, since file systems place files by blocks.
///
/// The idea of content-defined cuts is FastCDC's; that of judging whole blocks makes it as fast as memory.
/// Cuts are a property of the writer: any can be read, but only equal ones are stored once.
public enum BlockCutter {
    /// In blocks of ``ImageBlock/sizeBytes``: 256 KiB, some 768 KiB on average, 2 MiB.
    public static let blocksMin = 64
    static let blocksBetweenCuts: UInt64 = 128
    public static let blocksMax = 512
    /// So many blocks of zeros end an extent and are a hole, 64 KiB; fewer are not worth an extent of their own.
    public static let holeBlocksMin = 16

    public enum Piece: Equatable, Sendable {
        case hole(blocks: Int)
        case data(blocks: Int)
    }

    /// The first piece of these bytes.
    ///
    /// - Parameters:
    ///   - bytes: from the start of a block on, at least one. The last block may be short only if `isEnd`.
    ///   - isEnd: nothing follows that could belong to the same piece.
    /// - Returns: nil when more bytes are needed to tell; never with `isEnd`, or with ``blocksMax`` blocks and
    ///   ``holeBlocksMin`` more.
    public static func firstPiece(of bytes: UnsafeRawBufferPointer, isEnd: Bool) -> Piece? {
        let count = (bytes.count + ImageBlock.sizeBytes - 1) / ImageBlock.sizeBytes
        let zeros = zeroBlocks(bytes, from: 0, to: count)
        // A piece that begins with few zeros keeps them.
        if zeros == count { return isEnd || zeros >= holeBlocksMin ? .hole(blocks: zeros) : nil }
        if zeros >= holeBlocksMin { return .hole(blocks: zeros) }
        var block = zeros
        while block < count {
            let bytesOfBlock = self.block(block, of: bytes)
            if isZero(bytesOfBlock) {
                let run = zeroBlocks(bytes, from: block, to: min(count, block + holeBlocksMin))
                if run == holeBlocksMin || isEnd && block + run == count { return .data(blocks: block) }
                if block + run == count { return block + run >= blocksMax ? .data(blocks: blocksMax) : nil }
                if block + run >= blocksMax { return .data(blocks: blocksMax) }
                block += run
                continue
            }
            block += 1
            if block == blocksMax { return .data(blocks: block) }
            if block >= blocksMin, hash(bytesOfBlock) % blocksBetweenCuts == 0 { return .data(blocks: block) }
        }
        return isEnd ? .data(blocks: count) : nil
    }

    /// The pieces of an extent whose ends are given: none is shorter than ``blocksMin`` unless a hole or the whole is.
    ///
    /// - Parameter bytes: whole blocks, but for the last one.
    public static func pieces(of bytes: UnsafeRawBufferPointer) -> [Piece] {
        var pieces: [Piece] = []
        var start = 0
        while start < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
            guard let piece = firstPiece(of: rest, isEnd: true) else { break }
            switch piece {
            case .hole(let blocks):
                pieces.append(piece)
                start += blocks * ImageBlock.sizeBytes
            case .data(let blocks):
                let left = (rest.count + ImageBlock.sizeBytes - 1) / ImageBlock.sizeBytes - blocks
                let isTailShort = left > 0 && left < blocksMin && blocks + left <= ImageBlock.perExtentMax
                let tail = isTailShort ? zeroBlocks(rest, from: blocks, to: blocks + left) : 0
                let taken = isTailShort && tail < holeBlocksMin ? blocks + left : blocks
                pieces.append(.data(blocks: taken))
                start += taken * ImageBlock.sizeBytes
            }
        }
        return pieces
    }

    static func block(_ number: Int, of bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let start = number * ImageBlock.sizeBytes
        return UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + ImageBlock.sizeBytes, bytes.count)])
    }

    /// How many blocks of zeros follow each other.
    private static func zeroBlocks(_ bytes: UnsafeRawBufferPointer, from: Int, to: Int) -> Int {
        var block = from
        while block < to, isZero(self.block(block, of: bytes)) { block += 1 }
        return block - from
    }

    static func isZero(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let base = bytes.baseAddress, bytes.count > 0 else { return true }
        return bytes[0] == 0 && memcmp(base, base + 1, bytes.count - 1) == 0
    }

    /// 64 bits that depend on all whole words of a block. Four lanes, so that one multiplication need not wait for
    /// another; the constants are those of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
    static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var lanes = SIMD4<UInt64>(1, 2, 3, 4)
        var offset = 0
        while offset + 32 <= bytes.count {
            let words = SIMD4<UInt64>(
                bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self),
                bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self),
                bytes.loadUnaligned(fromByteOffset: offset + 16, as: UInt64.self),
                bytes.loadUnaligned(fromByteOffset: offset + 24, as: UInt64.self))
            lanes = (lanes ^ words) &* SIMD4(repeating: 0x9E37_79B9_7F4A_7C15)
            lanes ^= lanes &>> 29
            offset += 32
        }
        var hash = lanes[0] ^ lanes[1] << 1 ^ lanes[2] << 2 ^ lanes[3] << 3
        hash = (hash ^ hash >> 30) &* 0xBF58_476D_1CE4_E5B9
        hash = (hash ^ hash >> 27) &* 0x94D0_49BB_1331_11EB
        return hash ^ hash >> 31
    }
}
