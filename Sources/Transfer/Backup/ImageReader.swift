import Endpoints
import Foundation
import Repository

/// Reads an image and cuts it, or compares it with an earlier restore point. Runs on one thread.
///
/// Holes are not read; zeros are read and not stored.
struct ImageReader {
    /// Room for several extents.
    static let bufferBytes = 4 << 20
    /// Memory: (2 × workers + 3) buffers, and so many events of some 100 bytes.
    static let eventsMax = 4096
    /// Holes that are shorter are read: they are not worth an extent of their own.
    private static let holeBytesMin = Int64(BlockCutter.holeBlocksMin * ImageBlock.sizeBytes)

    let file: Descriptor
    let sizeBytes: Int64
    let path: String
    let control: TransferControl
    let events: BoundedQueue<ImageEvent>
    let jobs: BoundedQueue<ImageBatch>
    let buffers: BufferPool
    let board: ChunkBoard
    let meter: ProgressMeter
    let counter: ReadCounter
    let hooks: SourceHooks
    /// Nil: everything may have changed.
    let changes: ChangeList?
    let access: ChunkAccess

    private var open: (buffer: PooledBuffer, used: Int, jobs: [ImageJob])?
    private var found: [ImageEvent] = []

    init(
        file: Descriptor, sizeBytes: Int64, path: String, pipes: ImagePipes, changes: ChangeList?,
        access: ChunkAccess
    ) {
        self.file = file
        self.sizeBytes = sizeBytes
        self.path = path
        self.changes = changes
        self.access = access
        control = pipes.control
        events = pipes.events
        jobs = pipes.jobs
        buffers = pipes.buffers
        board = pipes.board
        meter = pipes.meter
        counter = pipes.counter
        hooks = pipes.hooks
    }

    mutating func run(_ plan: ImagePlan) throws {
        var plan = plan
        /// The data of the file around the place that was asked for last.
        var data: Range<Int64> = 0..<0
        while let part = plan.nextPart() {
            try control.check()
            switch part {
            case .compare(let first, let extent):
                let range = bytes(first..<first + extent.blocks)
                if let changes, isReliable(extent), try apply(changes, to: extent, range) { continue }
                if data.upperBound <= range.lowerBound {
                    data = try DataRuns.next(in: file, from: range.lowerBound, to: sizeBytes) ?? sizeBytes..<sizeBytes
                }
                if data.lowerBound >= range.upperBound {
                    try note(.holes(extent.blocks), bytes: range.count)
                } else {
                    try compare(extent, range)
                }
            case .cut(let blocks, let wasHole):
                let range = bytes(blocks)
                if wasHole, let changes, changes.blocks(in: range).isEmpty {
                    try note(.holes(blocks.count), bytes: range.count)
                } else {
                    try cut(range)
                }
            }
        }
        try flush()
    }

    private func isReliable(_ extent: ImageExtent) -> Bool {
        access.contains(extent.base) && extent.sources.allSatisfy(access.contains)
    }

    private func bytes(_ blocks: Range<Int>) -> Range<Int64> {
        let size = Int64(ImageBlock.sizeBytes)
        return Int64(blocks.lowerBound) * size..<min(Int64(blocks.upperBound) * size, sizeBytes)
    }

    /// Takes what the list of changes says for all that changed, and reads no more than that.
    ///
    /// - Returns: false when so much has changed that the extent is better stored anew.
    private mutating func apply(_ changes: ChangeList, to extent: ImageExtent, _ range: Range<Int64>) throws -> Bool {
        let runs = changes.blocks(in: range)
        if runs.isEmpty {
            try note(.kept(extent), bytes: range.count)
            return true
        }
        guard extent.accepts(runs.map { ChangedBlocks(block: $0.lowerBound, count: $0.count, bytes: 0..<0) }) else {
            return false
        }
        let (buffer, _) = try makeRoom(runs.reduce(0) { $0 + $1.count } * ImageBlock.sizeBytes)
        var changed: [ChangedBlocks] = []
        for run in runs {
            let start = range.lowerBound + Int64(run.lowerBound * ImageBlock.sizeBytes)
            let end = min(start + Int64(run.count * ImageBlock.sizeBytes), range.upperBound)
            changed.append(ChangedBlocks(block: run.lowerBound, count: run.count, bytes: try read(start..<end)))
        }
        let finding = Pending<ImageFinding>(on: board)
        finding.resolve(.patched(extent, contents: nil, changed: changed, buffer: buffer))
        try note(.compared(finding), bytes: range.count)
        return true
    }

    private mutating func compare(_ extent: ImageExtent, _ range: Range<Int64>) throws {
        let place = try read(range)
        let pending = Pending<ImageFinding>(on: board)
        open?.jobs.append(.compare(extent, place, pending))
        try note(.compared(pending), bytes: range.count)
    }

    /// Cuts a part of the image: data where the file has data, holes around it.
    private mutating func cut(_ range: Range<Int64>) throws {
        var position = range.lowerBound
        while position < range.upperBound {
            guard let run = try nextData(from: position, to: range.upperBound) else {
                return try note(
                    .holes(ImageBlock.count(bytes: range.upperBound - position)),
                    bytes: Int(range.upperBound - position))
            }
            if run.lowerBound > position {
                let length = Int(run.lowerBound - position)
                try note(.holes(length / ImageBlock.sizeBytes), bytes: length)
            }
            try cutData(run)
            position = run.upperBound
        }
    }

    /// Data at or behind an offset, in whole blocks, across holes that are too short to be worth it.
    private func nextData(from position: Int64, to end: Int64) throws -> Range<Int64>? {
        let size = Int64(ImageBlock.sizeBytes)
        guard var run = try DataRuns.next(in: file, from: position, to: end) else { return nil }
        while run.upperBound < end, let further = try DataRuns.next(in: file, from: run.upperBound, to: end),
            further.lowerBound - run.upperBound < Self.holeBytesMin
        {
            run = run.lowerBound..<further.upperBound
        }
        let start = max(run.lowerBound / size * size, position)
        return start..<min((run.upperBound + size - 1) / size * size, end)
    }

    private mutating func cutData(_ run: Range<Int64>) throws {
        var position = run.lowerBound
        while position < run.upperBound {
            try control.check()
            let (buffer, used) = try makeRoom(
                (BlockCutter.blocksMax + BlockCutter.holeBlocksMin) * ImageBlock.sizeBytes)
            let room = buffers.sizeBytes - used
            let wanted = min(Int64(room), run.upperBound - position)
            let place = try read(position..<position + wanted, isCounted: false)
            var start = place.lowerBound
            while start < place.upperBound,
                let piece = BlockCutter.firstPiece(
                    of: buffer.bytes(start..<place.upperBound), isEnd: position + wanted == run.upperBound)
            {
                switch piece {
                case .hole(let blocks):
                    let length = min(blocks * ImageBlock.sizeBytes, place.upperBound - start)
                    start += length
                    try note(.holes(blocks), bytes: length)
                case .data(let blocks):
                    let length = min(blocks * ImageBlock.sizeBytes, place.upperBound - start)
                    let pending = PendingChunk(on: board)
                    open?.jobs.append(.store(start..<start + length, pending))
                    start += length
                    try note(.data(blocks: blocks, pending), bytes: length)
                }
            }
            counter.add(start - place.lowerBound)
            position += Int64(start - place.lowerBound)
            // The rest begins an extent whose end is not in the buffer: it is read again into the next.
            if start < place.upperBound {
                open?.used = start
                try flush()
            }
        }
    }

    /// Reads into the open buffer.
    ///
    /// - Returns: where in the buffer the bytes are.
    private mutating func read(_ range: Range<Int64>, isCounted: Bool = true) throws -> Range<Int> {
        let length = Int(range.upperBound - range.lowerBound)
        let (buffer, used) = try makeRoom(length)
        let place = used..<used + length
        let got = try WholeIO.read(file, into: .init(rebasing: buffer.memory[place]), at: range.lowerBound)
        guard got == length else {
            throw TransferError(
                code: .sourceUnreachable,
                message: "\(path) became shorter while it was being backed up; start the backup again",
                facts: ["path": path, "expected_bytes": "\(sizeBytes)"])
        }
        open?.used = place.upperBound
        if isCounted { counter.add(length) }
        hooks.didRead(path, range.upperBound)
        return place
    }

    /// - Returns: the open buffer, and where in it the room begins.
    @discardableResult
    private mutating func makeRoom(_ length: Int) throws -> (buffer: PooledBuffer, used: Int) {
        if let open, open.used + length > buffers.sizeBytes { try flush() }
        if let open { return (open.buffer, open.used) }
        let buffer = try buffers.take()
        open = (buffer, 0, [])
        return (buffer, 0)
    }

    private mutating func note(_ event: ImageEvent, bytes: Int) throws {
        found.append(event)
        meter.add(bytes: Int64(bytes))
        if open == nil { try flush() }
    }

    /// Hands on what is in the buffer.
    ///
    /// The jobs first: an event in the queue must not wait for a job that waits for the queue.
    private mutating func flush() throws {
        if let (buffer, _, jobs) = open, !jobs.isEmpty {
            try self.jobs.push(ImageBatch(buffer: buffer, jobs: jobs))
        }
        open = nil
        for event in found { try events.push(event) }
        found = []
    }
}
