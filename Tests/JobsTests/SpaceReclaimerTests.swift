import Foundation
import HoldfastCore
import Logging
import Repository
import Synchronization
import TestSupport
import Testing

@testable import Jobs

@Suite("The repository is pruned from time to time")
struct SpaceReclaimerTests {
    /// Goal: it goes on after a failure, at the times that were asked for. Method: a sleep that only notes.
    @Test("a quarter of an hour after the start, then every so often, also after one that failed")
    func times() async throws {
        struct Refused: Error {}
        let slept = Mutex<[Duration]>([])
        let pruned = Atomic<Int>(0)
        var seams = Seams.live
        seams.sleep = { duration in
            let count = slept.withLock { slept in
                slept.append(duration)
                return slept.count
            }
            if count > 4 { throw CancellationError() }
        }
        let reclaimer = SpaceReclaimer(every: .seconds(86_400), seams: seams, logger: Logger(label: "test")) {
            if pruned.add(1, ordering: .relaxed).newValue == 2 { throw Refused() }
            return PruneReport()
        }
        await reclaimer.run()
        #expect(pruned.load(ordering: .relaxed) == 4)
        #expect(
            slept.withLock { $0 } == [SpaceReclaimer.firstPause] + Array(repeating: .seconds(86_400), count: 4))
    }

    @Test("a shutdown does not wait for one that runs")
    func shutdown() async throws {
        let started = AsyncStream.makeStream(of: Void.self)
        let release = DispatchSemaphore(value: 0)
        var seams = Seams.live
        seams.sleep = { _ in try Task.checkCancellation() }
        let reclaimer = SpaceReclaimer(every: .seconds(1), seams: seams, logger: Logger(label: "test")) {
            started.continuation.yield()
            release.wait()
            return PruneReport()
        }
        let task = Task { await reclaimer.run() }
        for await _ in started.stream { break }
        task.cancel()
        await task.value
        release.signal()
    }
}
