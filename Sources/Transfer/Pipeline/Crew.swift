import CHoldfast
import Foundation

/// The threads of one transfer. What one of them throws stops the transfer.
final class Crew: Sendable {
    private let control: TransferControl
    private let group = DispatchGroup()

    init(control: TransferControl) { self.control = control }

    /// - Parameter stage: whose time it takes.
    func start(_ name: String, stage: StageTimes.Stage = .other, _ body: @escaping @Sendable () throws -> Void) {
        group.enter()
        let thread = Thread { [control, group] in
            holdfast_name_thread(name)
            do { try control.times.live(as: stage, body) } catch { control.stop(error) }
            group.leave()
        }
        thread.stackSize = 2 << 20
        thread.start()
    }

    /// Waits until all threads have ended.
    func join() { group.wait() }

    /// One thread that computes for each core; at least two, so that one can wait for a disk.
    static var workerCount: Int { min(max(ProcessInfo.processInfo.activeProcessorCount, 2), 8) }
}
