/// A run of a file's bytes: where they are, or that they are a hole.
///
/// `tag(1) || length || [chunk name(32) || [offset]]`; tag 0 is a hole, 1 a chunk from its start, 2 from an offset.
public struct FileExtent: Sendable, Equatable {
    public enum Source: Sendable, Equatable {
        /// Never written: reads as zeros and takes no space.
        case hole
        /// Bytes of a chunk, from an offset on. Small files share chunks.
        case chunk(ChunkID, offset: Int)
    }

    /// Never 0.
    public var lengthBytes: Int64
    public var source: Source

    public init(lengthBytes: Int64, source: Source) {
        self.lengthBytes = lengthBytes
        self.source = source
    }

    func encoded() -> [UInt8] {
        var writer = ManifestWriter()
        switch source {
        case .hole:
            writer.byte(0)
            writer.integer(UInt64(lengthBytes))
        case .chunk(let id, let offset):
            writer.byte(offset == 0 ? 1 : 2)
            writer.integer(UInt64(lengthBytes))
            writer.raw(id.bytes)
            if offset != 0 { writer.integer(UInt64(offset)) }
        }
        return writer.bytes
    }

    init(from parser: inout ManifestParser) throws(MalformedManifest) {
        let tag = try parser.byte()
        lengthBytes = Int64(try parser.integer(atMost: UInt64(Int64.max), "extent length"))
        guard lengthBytes > 0 else { throw MalformedManifest("empty extent") }
        switch tag {
        case 0: source = .hole
        case 1: source = .chunk(try parser.chunkID(), offset: 0)
        case 2:
            let id = try parser.chunkID()
            source = .chunk(id, offset: Int(try parser.integer(atMost: UInt64(UInt32.max), "offset in chunk")))
        default: throw MalformedManifest("unknown kind of extent")
        }
    }
}
