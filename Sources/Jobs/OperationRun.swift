import Catalog
import ControlPlane
import HoldfastCore
import Logging
import Synchronization

/// One leased operation from its beginning to its end, in one process.
///
/// The transfer runs beside; here its progress and the lease are stored, and what stops it is decided: a shutdown
/// (the operation goes back to the queue) or a lost lease (it is somebody else's now). Whatever ends well is stored,
/// also when a stop came in between: the bytes are durable then.
struct OperationRun: Sendable {
    private enum Event: Sendable {
        case tick, stop, graceOver
        case ended(Result<OperationOutcome, any Error>)
    }

    private enum Stop: Sendable { case shutdown, leaseLost }

    /// How long a shutdown waits for a catalog that does not answer; the next start recovers what it did not hear.
    private static let catalogPatience = Duration.seconds(5)

    let leased: LeasedOperation
    let control: ControlPlane
    let task: OperationTask
    let limits: WorkerLimits
    let seams: Seams
    let logger: Logger
    private let stopAsked = StopFlag()

    init(
        leased: LeasedOperation, control: ControlPlane, task: OperationTask, limits: WorkerLimits, seams: Seams,
        logger: Logger
    ) {
        self.leased = leased
        self.control = control
        self.task = task
        self.limits = limits
        self.seams = seams
        self.logger = logger
    }

    /// Returns when the operation has ended, is back in the queue, or is lost. Cancel it to stop.
    func run() async {
        let (events, feed) = AsyncStream.makeStream(of: Event.self)
        let began = seams.uptime()
        logger.info("operation begins", metadata: ["attempt": "\(leased.attempt)"])
        // Neither is a child task: a transfer that hangs in the kernel must not hold up a shutdown, and what has to be
        // stored has to be stored also when this task is cancelled.
        let transfer = Task { [task] in
            do { feed.yield(.ended(.success(try await task.perform()))) } catch { feed.yield(.ended(.failure(error))) }
        }
        let ticker = Task { [seams, limits] in
            while true {
                try await seams.sleep(limits.progressEvery)
                feed.yield(.tick)
            }
        }
        let loop = Task { await drive(events, feed: feed, transfer: transfer, began: began) }
        await withTaskCancellationHandler {
            await loop.value
        } onCancel: {
            stopAsked.raise()
            feed.yield(.stop)
        }
        ticker.cancel()
    }

    private func drive(
        _ events: AsyncStream<Event>, feed: AsyncStream<Event>.Continuation, transfer: Task<Void, Never>,
        began: Duration
    ) async {
        var rule = HeartbeatRule(leaseDuration: limits.leaseDuration, progressEvery: limits.progressEvery, now: began)
        var stop: Stop?
        var grace: Task<Void, any Error>?
        defer { grace?.cancel() }
        for await event in events {
            switch event {
            case .tick:
                guard stop != .leaseLost, await isLost(&rule) else { continue }
                logger.warning("operation lost: its lease could not be extended")
                stop = .leaseLost
                transfer.cancel()
            case .stop:
                guard stop == nil else { continue }
                stop = .shutdown
                transfer.cancel()
                grace = Task { [seams, limits] in
                    try await seams.sleep(limits.shutdownGrace)
                    feed.yield(.graceOver)
                }
            case .graceOver:
                logger.warning("transfer left behind: it did not stop in time")
                return await release()
            case .ended(let result):
                return await settle(result, stop: stop, began: began)
            }
        }
    }

    /// Extends the lease and stores progress when one of them is due.
    private func isLost(_ rule: inout HeartbeatRule) async -> Bool {
        let (percent, latest) = task.meter.reading
        let askedAt = seams.uptime()
        switch rule.verdict(now: askedAt, percent: percent) {
        case .rest: return false
        case .lost: return true
        case .write: break
        }
        do {
            try await control.extendLease(
                leased, for: limits.leaseDuration, progressPercent: percent,
                details: latest.map { OperationDetails($0) })
            rule.wrote(percent: percent, askedAt: askedAt)
            return false
        } catch {
            if Self.isLeaseLost(error) { return true }
            // The catalog may answer again before the lease ends.
            logger.warning("progress could not be stored", metadata: ["error": "\(error)"])
            return false
        }
    }

    private func settle(_ result: Result<OperationOutcome, any Error>, stop: Stop?, began: Duration) async {
        var log = logger
        log[metadataKey: "duration_ms"] = "\(milliseconds(seams.uptime() - began))"
        switch (result, stop) {
        case (.success(let outcome), _):
            // Also when the lease seems lost: the catalog knows, and refuses if it is.
            let stored = await store { try await control.completeOperation(leased, outcome) }
            if stored { log.info("operation succeeded") }
        case (.failure, .shutdown):
            await release()
        case (.failure, .leaseLost):
            log.info("transfer of a lost operation has stopped")
        case (.failure(let error), nil) where Self.isUnavailable(error):
            // A step between two calls of the engine could not be stored; it is safe to repeat all of them.
            await release()
        case (.failure(let error), nil):
            await fail(FailureTable.failure(for: error), error: error, log: log)
        }
    }

    private func fail(_ failure: OperationFailure, error: any Error, log: Logger) async {
        var log = log
        log[metadataKey: "error.code"] = "\(failure.code.rawValue)"
        log[metadataKey: "error.message"] = "\(failure.message)"
        let details = task.meter.reading.latest.map { OperationDetails($0) }
        let stillThere = await task.stillThere()
        let stored = await store {
            try await control.failOperation(leased, failure, details: details, stillThere: stillThere)
        }
        if stored { log.error("operation failed", metadata: ["error": "\(error)"]) }
    }

    private func release() async {
        if await store({ try await control.releaseOperation(leased) }) { logger.info("operation back in the queue") }
    }

    /// Stores an end, trying again while the catalog does not answer and the lease may still hold.
    ///
    /// - Returns: false when it could not be stored. Then the lease ends by itself, and the operation is taken up again.
    private func store(_ body: () async throws -> Void) async -> Bool {
        let began = seams.uptime()
        while true {
            do {
                try await body()
                return true
            } catch {
                let patience = stopAsked.isRaised ? Self.catalogPatience : limits.leaseDuration
                guard Self.isUnavailable(error), seams.uptime() - began < patience else {
                    if Self.isLeaseLost(error) {
                        logger.warning("operation lost: another worker has it, or it has ended")
                    } else {
                        logger.error("operation's end could not be stored", metadata: ["error": "\(error)"])
                    }
                    return false
                }
                logger.warning("catalog does not answer; trying again", metadata: ["error": "\(error)"])
                do { try await seams.sleep(limits.progressEvery) } catch { return false }
            }
        }
    }

    private func milliseconds(_ duration: Duration) -> Int64 {
        duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
    }

    private static func isLeaseLost(_ error: any Error) -> Bool { (error as? ControlError)?.code == .leaseLost }
    private static func isUnavailable(_ error: any Error) -> Bool { (error as? ControlError)?.code == .unavailable }
}

/// Raised once, seen by whoever looks.
private final class StopFlag: Sendable {
    private let raised = Mutex(false)

    var isRaised: Bool { raised.withLock { $0 } }

    func raise() { raised.withLock { $0 = true } }
}
