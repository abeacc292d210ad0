/// Cuts bytes where their content says so, so an insertion moves few boundaries.
///
/// Gear rolling hash with normalised cutting after Xia et al., "FastCDC: a Fast and Efficient Content-Defined Chunking
/// Approach for Data Deduplication", USENIX ATC 2016, sections 3.2 to 3.5. The gear table is SplitMix64 from 0; changing
/// it, or a limit, moves boundaries: old chunks stay readable, but nothing new equals them.
public struct FastCDC: Sendable {
    public static let sizeBytesMin = 128 << 10
    public static let sizeBytesAverage = 512 << 10
    public static let sizeBytesMax = 2 << 20

    /// More bits, so rarer cuts, before the average; fewer after it. The bits are spread over the upper half of the
    /// word, where the gear hash mixes the most bytes.
    private static let maskBefore: UInt64 = mask(bits: 21)
    private static let maskAfter: UInt64 = mask(bits: 17)

    private let gear: [UInt64]

    public init() {
        var state: UInt64 = 0
        gear = (0..<256).map { _ in
            // SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    /// The length of the first chunk.
    ///
    /// - Parameter bytes: at least ``sizeBytesMax``, or all that is left of the source.
    /// - Returns: 0 for no bytes; else `sizeBytesMin...sizeBytesMax`, or fewer when that is all there is.
    /// - Complexity: O(*n*) in the length returned.
    public func firstBoundary(in bytes: UnsafeRawBufferPointer) -> Int {
        guard bytes.count > Self.sizeBytesMin else { return bytes.count }
        let end = min(bytes.count, Self.sizeBytesMax)
        let middle = min(end, Self.sizeBytesAverage)
        // Taken out of the loop: looking at a static of its own for every byte takes twice as long as hashing it.
        let (maskBefore, maskAfter) = (Self.maskBefore, Self.maskAfter)
        return gear.withUnsafeBufferPointer { gear in
            var hash: UInt64 = 0
            var position = Self.sizeBytesMin
            while position < middle {
                hash = (hash << 1) &+ gear[Int(bytes[position])]
                position += 1
                if hash & maskBefore == 0 { return position }
            }
            while position < end {
                hash = (hash << 1) &+ gear[Int(bytes[position])]
                position += 1
                if hash & maskAfter == 0 { return position }
            }
            return end
        }
    }

    private static func mask(bits: Int) -> UInt64 {
        (0..<bits).reduce(0) { mask, bit in mask | 1 << UInt64(63 - bit * 2) }
    }
}
