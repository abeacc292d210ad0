/// A chunk that small files share, while it is filled.
struct SharedChunk {
    let buffer: PooledBuffer
    let pending: PendingChunk
    var used = 0

    init(buffer: PooledBuffer, pending: PendingChunk) {
        self.buffer = buffer
        self.pending = pending
    }

    /// Whether the chunk ends after a file: its contents say so. Files that did not change then end up in the same
    /// chunks again when everything is read anew, and a copied directory in those of its original.
    func ends(after file: Range<Int>) -> Bool {
        typealias Limits = TreeReader.Limits
        guard used >= Limits.sharedBytesMin else { return false }
        // The two ends tell files apart well enough, at a fixed price. FNV-1a, 64 bits.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(file.count)
        for byte in buffer.bytes(file.lowerBound..<min(file.upperBound, file.lowerBound + 256)) {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        }
        for byte in buffer.bytes(max(file.lowerBound, file.upperBound - 256)..<file.upperBound) {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        }
        hash ^= hash >> 32
        let chance = min(Double(file.count) / Double(Limits.sharedBytesTarget), 1)
        return Double(hash & 0xFFFF_FFFF) < chance * 0x1p32
    }
}
