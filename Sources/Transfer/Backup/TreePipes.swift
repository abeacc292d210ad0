import Repository

/// What connects the stages of one backup of a tree.
///
/// Memory: (2 × workers + 4) × 4 MiB of buffers, and ``eventsMax`` events of some 400 bytes: 2 workers hold at most 32 + 8 MiB.
struct TreePipes: Sendable {
    static let eventsMax = 16384
    static let bufferBytes = 4 << 20

    let control: TransferControl
    let events: BoundedQueue<TreeEvent>
    let jobs: BoundedQueue<StoreJob>
    let buffers: BufferPool
    let board: ChunkBoard
    let warnings: WarningLog
    let meter: ProgressMeter
    let counter: ReadCounter
    let cutter: ChunkCutter
    let hooks: SourceHooks

    init(
        control: TransferControl, workers: Int, warnings: WarningLog, meter: ProgressMeter, cutter: ChunkCutter,
        hooks: SourceHooks
    ) {
        self.control = control
        self.warnings = warnings
        self.meter = meter
        self.cutter = cutter
        self.hooks = hooks
        counter = ReadCounter()
        events = BoundedQueue(countMax: Self.eventsMax, control: control)
        jobs = BoundedQueue(countMax: workers * 2, control: control)
        // One being worked on and one waiting for each worker, one being filled, one shared by small files, and two
        // for the way between.
        buffers = BufferPool(countMax: workers * 2 + 4, sizeBytes: Self.bufferBytes, control: control)
        board = ChunkBoard(control: control)
    }
}
