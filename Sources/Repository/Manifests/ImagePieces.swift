/// Gives the contents of an image in order, a piece at a time.
public struct ImagePieces {
    public enum Piece: Sendable, Equatable {
        /// So many bytes read as zeros.
        case hole(Int64)
        case data([UInt8])
    }

    private let image: ImageRoot
    private let reader: ChunkReader
    private var cursor: ImageMapCursor

    public init(_ image: ImageRoot, reader: ChunkReader) {
        self.image = image
        self.reader = reader
        cursor = ImageMapCursor(image, fetch: { try reader.read($0) })
    }

    /// - Returns: nil at the end.
    /// - Throws: ``RepositoryError`` or ``MalformedManifest``; then the rest is lost.
    public mutating func next() throws -> Piece? {
        guard let range = try nextRange() else { return nil }
        guard case .data(let bytes, let extent) = range else {
            return .hole(range.bytes.upperBound - range.bytes.lowerBound)
        }
        return .data(try reader.contents(of: extent, sizeBytes: bytes.count))
    }

    /// Where there is data between the holes, without reading it. Memory: 16 bytes for each run of data.
    public static func dataRuns(of image: ImageRoot, reader: ChunkReader) throws -> [Range<Int64>] {
        var pieces = ImagePieces(image, reader: reader)
        var runs: [Range<Int64>] = []
        while let range = try pieces.nextRange() {
            guard case .data(let bytes, _) = range else { continue }
            if let last = runs.last, last.upperBound == bytes.lowerBound {
                runs[runs.count - 1] = last.lowerBound..<bytes.upperBound
            } else {
                runs.append(bytes)
            }
        }
        return runs
    }

    private enum Place {
        case hole(Range<Int64>)
        case data(Range<Int64>, ImageExtent)

        var bytes: Range<Int64> {
            switch self {
            case .hole(let bytes), .data(let bytes, _): bytes
            }
        }
    }

    private mutating func nextRange() throws -> Place? {
        do {
            switch try cursor.next() {
            case nil: return nil
            case .hole(let block, let count)?: return .hole(image.bytes(block..<block + count))
            case .extent(let block, let extent)?: return .data(image.bytes(block..<block + extent.blocks), extent)
            }
        } catch let damage as ImageMapCursor.DamagedRun { throw damage.cause }
    }
}
