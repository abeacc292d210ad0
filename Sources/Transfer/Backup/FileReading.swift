import Endpoints
import Foundation

/// Reads one open file, again while it changes.
struct FileReading {
    let file: Descriptor
    let path: String
    let pipes: TreePipes

    struct Small {
        let count: Int
        let isTorn: Bool
        let status: ItemStatus
    }

    struct Large {
        let sizeBytes: Int64
        let isTorn: Bool
        let status: ItemStatus
    }

    /// True when the file has holes; a file system that compresses also holds fewer bytes than a file is long.
    func hasRealHoles(_ status: ItemStatus) throws -> Bool {
        guard let run = try DataRuns.next(in: file, from: 0, to: status.sizeBytes) else { return status.sizeBytes > 0 }
        return run != 0..<status.sizeBytes
    }

    /// Reads all of a small file.
    ///
    /// - Parameters:
    ///   - buffer: has room for more than `limit` bytes.
    ///   - limit: in bytes.
    /// - Returns: nil when the file is longer than the limit.
    func whole(into buffer: UnsafeMutableRawBufferPointer, limit: Int) throws -> Small? {
        var attempt = 1
        while true {
            let before = try statusBeforeReading()
            // One byte more than it may have shows growth.
            let count = try WholeIO.read(file, into: .init(rebasing: buffer[0..<limit + 1]), at: 0)
            pipes.counter.add(count)
            pipes.hooks.didRead(path, Int64(count))
            guard count <= limit else { return nil }
            let after = try file.status()
            let isWhole = before.hasSameContents(as: after) && Int64(count) == after.sizeBytes
            if isWhole || attempt == TreeReader.Limits.readsMax {
                return Small(count: count, isTorn: !isWhole, status: before)
            }
            attempt += 1
        }
    }

    /// Reads a file piece by piece, cut into chunks where its contents say so; holes are not read.
    func stream(emit: (TreeEvent) throws -> Void, take: () throws -> PooledBuffer) throws -> Large {
        var attempt = 1
        while true {
            let before = try statusBeforeReading()
            let size = try pass(to: before.sizeBytes, isFirst: attempt == 1, emit: emit, take: take)
            let after = try file.status()
            let isWhole = before.hasSameContents(as: after) && size == after.sizeBytes
            if isWhole || attempt == TreeReader.Limits.readsMax {
                return Large(sizeBytes: size, isTorn: !isWhole, status: before)
            }
            attempt += 1
            try emit(.again)
        }
    }

    private func statusBeforeReading() throws -> ItemStatus {
        let status = try file.status()
        guard FileClock.mayRepeat(status.changed) else { return status }
        FileClock.passTick()
        return try file.status()
    }

    /// - Returns: the size that was covered; less than asked for when the file became shorter.
    private func pass(
        to end: Int64, isFirst: Bool, emit: (TreeEvent) throws -> Void, take: () throws -> PooledBuffer
    ) throws -> Int64 {
        var position: Int64 = 0
        while position < end {
            let run = try DataRuns.next(in: file, from: position, to: end) ?? end..<end
            if run.lowerBound > position {
                try emit(.hole(lengthBytes: run.lowerBound - position))
                if isFirst { pipes.meter.add(bytes: run.lowerBound - position) }
            }
            let covered = try readRun(run, isFirst: isFirst, emit: emit, take: take)
            if covered < run.upperBound { return covered }
            position = run.upperBound
        }
        return position
    }

    /// - Returns: the offset behind the last byte that was read.
    private func readRun(
        _ run: Range<Int64>, isFirst: Bool, emit: (TreeEvent) throws -> Void, take: () throws -> PooledBuffer
    ) throws -> Int64 {
        var position = run.lowerBound
        var carried: (buffer: PooledBuffer, range: Range<Int>)?
        while position < run.upperBound {
            try pipes.control.check()
            let buffer = try take()
            var filled = 0
            if let rest = carried {
                buffer.memory.copyMemory(from: rest.buffer.bytes(rest.range))
                filled = rest.range.count
                carried = nil
            }
            let wanted = Int(min(Int64(buffer.memory.count - filled), run.upperBound - position))
            let count = try WholeIO.read(
                file, into: .init(rebasing: buffer.memory[filled..<filled + wanted]), at: position)
            position += Int64(count)
            filled += count
            pipes.counter.add(count)
            pipes.hooks.didRead(path, position)
            if isFirst { pipes.meter.add(bytes: Int64(count)) }
            let isLast = count < wanted || position == run.upperBound
            let rest = try handOn(buffer, 0..<filled, isLast: isLast, emit: emit)
            if !rest.isEmpty { carried = (buffer, rest) }
            if isLast { break }
        }
        return position
    }

    /// Cuts what is in the buffer and hands the chunks on.
    ///
    /// - Returns: what may still be a part of a longer chunk.
    private func handOn(
        _ buffer: PooledBuffer, _ range: Range<Int>, isLast: Bool, emit: (TreeEvent) throws -> Void
    ) throws -> Range<Int> {
        var start = range.lowerBound
        var chunks: [(range: Range<Int>, pending: PendingChunk)] = []
        while start < range.upperBound && (isLast || range.upperBound - start >= pipes.cutter.chunkBytesMax) {
            let length = pipes.cutter.firstCut(buffer.bytes(start..<range.upperBound))
            chunks.append((start..<start + length, PendingChunk(on: pipes.board)))
            start += length
        }
        if !chunks.isEmpty {
            // The job first: an event in the queue must not wait for a job that waits for the queue.
            try pipes.jobs.push(StoreJob(buffer: buffer, chunks: chunks))
            for chunk in chunks { try emit(.extent(chunk.pending, lengthBytes: chunk.range.count)) }
        }
        return start..<range.upperBound
    }
}
