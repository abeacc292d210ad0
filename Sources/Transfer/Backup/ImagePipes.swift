import Repository

/// What connects the stages of one backup of an image.
///
/// Memory: (2 × workers + 3) × 4 MiB of buffers. A buffer with changed blocks stays taken until they are assembled; they
/// are in the order of the image, so the first of them is never waited for in vain.
struct ImagePipes: Sendable {
    let control: TransferControl
    let events: BoundedQueue<ImageEvent>
    let jobs: BoundedQueue<ImageBatch>
    let buffers: BufferPool
    let board: ChunkBoard
    let meter: ProgressMeter
    let counter = ReadCounter()
    let hooks: SourceHooks

    init(control: TransferControl, workers: Int, meter: ProgressMeter, hooks: SourceHooks) {
        self.control = control
        self.meter = meter
        self.hooks = hooks
        events = BoundedQueue(countMax: ImageReader.eventsMax, control: control)
        jobs = BoundedQueue(countMax: workers * 2, control: control)
        buffers = BufferPool(countMax: workers * 2 + 3, sizeBytes: ImageReader.bufferBytes, control: control)
        board = ChunkBoard(control: control)
    }
}
