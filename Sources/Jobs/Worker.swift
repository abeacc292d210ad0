import Catalog
public import ControlPlane
public import HoldfastCore
public import Logging
public import ServiceLifecycle
import Synchronization

/// Takes up queued operations and runs them, at most ``WorkerLimits/parallel`` at once.
///
/// Projects take turns; within a project the oldest operation comes first. On a graceful shutdown it takes up nothing
/// more, cancels what runs, puts it back to the queue, and ends within the limit for that.
public struct Worker: Service {
    private let name: String
    private let control: ControlPlane
    private let dataPlane: any DataPlane
    private let limits: WorkerLimits
    private let seams: Seams
    private let logger: Logger
    private let sender: (any ReplicaSender)?
    private let gate = PlaceGate()

    /// - Parameters:
    ///   - name: tells workers apart in logs and leases.
    ///   - sender: nil: there are no other regions.
    public init(
        name: String, control: ControlPlane, dataPlane: any DataPlane, limits: WorkerLimits = WorkerLimits(),
        sender: (any ReplicaSender)? = nil, seams: Seams, logger: Logger
    ) {
        precondition(limits.parallel > 0)
        self.name = name
        self.control = control
        self.dataPlane = dataPlane
        self.limits = limits
        self.sender = sender
        self.seams = seams
        self.logger = logger
    }

    /// Runs until a graceful shutdown, or until the task is cancelled, which is the same here.
    public func run() async {
        _ = await cancelWhenGracefulShutdown { await work() }
    }

    private func work() async {
        let (wakeups, waker) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        // Listening begins before the first look: nothing that is queued in between is missed.
        let signals = control.signal.listen()
        let slots = Slots(limits.parallel)
        await withDiscardingTaskGroup { group in
            group.addTask { for await _ in signals { waker.yield() } }
            group.addTask {
                waker.yield()
                while (try? await seams.sleep(limits.pollEvery)) != nil { waker.yield() }
            }
            for await _ in wakeups {
                while !Task.isCancelled, slots.take() {
                    guard let leased = await lease() else {
                        slots.give()
                        break
                    }
                    group.addTask {
                        await execute(leased)
                        slots.give()
                        waker.yield()
                    }
                }
            }
            // Reached when the task is cancelled; the group then waits for what runs, and that stops in bounded time.
        }
    }

    private func lease() async -> LeasedOperation? {
        do {
            return try await control.leaseOperation(worker: name, for: limits.leaseDuration)
        } catch {
            logger.warning("no operation could be taken up", metadata: ["error": "\(error)"])
            return nil
        }
    }

    private func execute(_ leased: LeasedOperation) async {
        var log = logger
        log[metadataKey: "operation.id"] = "\(leased.id)"
        log[metadataKey: "operation.kind"] = "\(leased.kind.rawValue)"
        log[metadataKey: "project.id"] = "\(leased.project)"
        log[metadataKey: "request.id"] = "\(leased.requestID)"
        let task = OperationTask(
            leased: leased, control: control, dataPlane: dataPlane, gate: gate, leaseDuration: limits.leaseDuration,
            sender: sender)
        await OperationRun(leased: leased, control: control, task: task, limits: limits, seams: seams, logger: log)
            .run()
    }
}

/// How many more operations may begin.
private final class Slots: Sendable {
    private let free: Mutex<Int>

    init(_ count: Int) { free = Mutex(count) }

    func take() -> Bool {
        free.withLock { free in
            guard free > 0 else { return false }
            free -= 1
            return true
        }
    }

    func give() { free.withLock { $0 += 1 } }
}
