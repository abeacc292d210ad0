import Endpoints
import Foundation
import Repository

/// Reads an image in extents of one size. Runs on one thread.
///
/// Holes are not read; extents of zeros are read and not stored.
struct ImageReader {
    static let bufferBytes = 1 << 20
    /// Memory: (2 × workers + 3) × 1 MiB of buffers, and so many events of some 50 bytes.
    static let eventsMax = 16384

    let file: Descriptor
    let sizeBytes: Int64
    let extentBytes: Int
    let path: String
    let control: TransferControl
    let events: BoundedQueue<ImageEvent>
    let jobs: BoundedQueue<StoreJob>
    let buffers: BufferPool
    let board: ChunkBoard
    let meter: ProgressMeter
    let counter: ReadCounter
    let hooks: SourceHooks

    func run() throws {
        let extent = Int64(extentBytes)
        let count = Int((sizeBytes + extent - 1) / extent)
        var next = 0
        while next < count {
            try control.check()
            let position = Int64(next) * extent
            let run = try DataRuns.next(in: file, from: position, to: sizeBytes)
            let start = run.map { max(Int($0.lowerBound / extent), next) } ?? count
            if start > next {
                try events.push(.holes(start - next))
                meter.add(bytes: min(Int64(start) * extent, sizeBytes) - position)
            }
            guard let run else { return }
            let end = Int((run.upperBound + extent - 1) / extent)
            try read(start..<end)
            next = end
        }
    }

    private func read(_ extents: Range<Int>) throws {
        let perBuffer = max(buffers.sizeBytes / extentBytes, 1)
        var first = extents.lowerBound
        while first < extents.upperBound {
            try control.check()
            let last = min(first + perBuffer, extents.upperBound)
            let start = Int64(first) * Int64(extentBytes)
            let length = Int(min(Int64(last) * Int64(extentBytes), sizeBytes) - start)
            let buffer = try buffers.take()
            let got = try WholeIO.read(file, into: .init(rebasing: buffer.memory[0..<length]), at: start)
            guard got == length else {
                throw TransferError(
                    code: .sourceUnreachable,
                    message: "\(path) became shorter while it was being backed up; start the backup again",
                    facts: ["path": path, "expected_bytes": "\(sizeBytes)"])
            }
            counter.add(length)
            hooks.didRead(path, start + Int64(length))
            try handOn(buffer, length)
            meter.add(bytes: Int64(length))
            first = last
        }
    }

    private func handOn(_ buffer: PooledBuffer, _ length: Int) throws {
        var found: [ImageEvent] = []
        var chunks: [(range: Range<Int>, pending: PendingChunk)] = []
        for start in stride(from: 0, to: length, by: extentBytes) {
            let range = start..<min(start + extentBytes, length)
            if WholeIO.isZero(buffer.bytes(range)) {
                found.append(.holes(1))
            } else {
                let pending = PendingChunk(on: board)
                chunks.append((range, pending))
                found.append(.extent(pending))
            }
        }
        // The job first: an event in the queue must not wait for a job that waits for the queue.
        if !chunks.isEmpty { try jobs.push(StoreJob(buffer: buffer, chunks: chunks)) }
        for event in found { try events.push(event) }
    }
}
