import Synchronization

/// Reads a file of a tree at any offset. May be used by many threads.
///
/// The list of extents can only be walked forward, so places on the way are kept: at most ``marksMax``, each with the pages
/// it stands in. A file of up to 64 × ``marksMax`` extents, some gigabytes, is never walked further than 64 extents for one
/// read; a longer one by its part. Memory: the pages of the places, at most 128 KiB each and mostly shared.
public final class FileContents: Sendable {
    private static let marksMax = 128

    private struct Place {
        /// Behind the extent.
        var cursor: ExtentsCursor
        var extent: FileExtent
        var start: Int64
        var number: Int

        var end: Int64 { start + extent.lengthBytes }
    }

    private struct State {
        var current: Place?
        var marks: [Place] = []
        /// Extents between marks.
        var spacing = 64
    }

    public let sizeBytes: Int64
    private let extents: PagedList
    private let reader: ChunkReader
    private let state = Mutex(State())

    public init(sizeBytes: Int64, extents: PagedList, reader: ChunkReader) {
        self.sizeBytes = sizeBytes
        self.extents = extents
        self.reader = reader
    }

    /// Fills the room from an offset on, as far as the file goes.
    ///
    /// - Returns: how many bytes; fewer than there is room for only at the end.
    /// - Throws: ``RepositoryError`` or ``MalformedManifest``.
    public func read(at offset: Int64, into room: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = Int(max(0, min(Int64(room.count), sizeBytes - offset)))
        var done = 0
        while done < count {
            let position = offset + Int64(done)
            let (extent, start) = try locate(position)
            let skipped = position - start
            let part = Int(min(extent.lengthBytes - skipped, Int64(count - done)))
            let target = UnsafeMutableRawBufferPointer(rebasing: room[done..<done + part])
            switch extent.source {
            case .hole: target.initializeMemory(as: UInt8.self, repeating: 0)
            case .chunk(let id, let offsetInChunk):
                let plain = try reader.read(id)
                let first = offsetInChunk + Int(skipped)
                guard first + part <= plain.count else { throw MalformedManifest.wrongLength }
                plain.withUnsafeBytes {
                    target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[first..<first + part]))
                }
            }
            done += part
        }
        return count
    }

    /// The extent that a byte lies in, and where that begins.
    private func locate(_ offset: Int64) throws -> (extent: FileExtent, start: Int64) {
        try state.withLock { state in
            if state.current.map({ offset < $0.start }) ?? true {
                state.current = state.marks.last { $0.start <= offset }
            }
            var place = try state.current ?? first()
            while offset >= place.end {
                guard let extent = try place.cursor.next() else { throw MalformedManifest.wrongLength }
                place = Place(cursor: place.cursor, extent: extent, start: place.end, number: place.number + 1)
                mark(place, &state)
            }
            state.current = place
            return (place.extent, place.start)
        }
    }

    private func first() throws -> Place {
        var cursor = ExtentsCursor(extents, fetch: { [reader] in try reader.read($0) })
        guard let extent = try cursor.next() else { throw MalformedManifest.wrongLength }
        return Place(cursor: cursor, extent: extent, start: 0, number: 0)
    }

    private func mark(_ place: Place, _ state: inout State) {
        guard place.number % state.spacing == 0, place.number > state.marks.last?.number ?? 0 else { return }
        state.marks.append(place)
        guard state.marks.count > Self.marksMax else { return }
        state.spacing *= 2
        state.marks.removeAll { $0.number % state.spacing != 0 }
    }
}
