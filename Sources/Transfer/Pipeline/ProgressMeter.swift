import HoldfastCore
import Synchronization

/// Counts what is done and reports it a few times a second, from whichever thread notices.
final class ProgressMeter: Sendable {
    private static let interval = Duration.milliseconds(200)

    private struct State {
        var totalBytes: Int64?
        var totalEntries: Int?
        var reported: Duration
    }

    private let doneBytes = Atomic<Int64>(0)
    private let doneEntries = Atomic<Int>(0)
    private let state: Mutex<State>
    private let uptime: @Sendable () -> Duration
    private let report: @Sendable (TransferProgress) -> Void

    init(seams: Seams, report: @escaping @Sendable (TransferProgress) -> Void) {
        uptime = seams.uptime
        self.report = report
        state = Mutex(State(reported: seams.uptime() - Self.interval))
    }

    var bytes: Int64 { doneBytes.load(ordering: .relaxed) }
    var entries: Int { doneEntries.load(ordering: .relaxed) }

    func expect(bytes: Int64, entries: Int) {
        state.withLock { state in
            state.totalBytes = bytes
            state.totalEntries = entries
        }
    }

    func add(bytes: Int64 = 0, entries: Int = 0) {
        doneBytes.add(bytes, ordering: .relaxed)
        doneEntries.add(entries, ordering: .relaxed)
        reportIfDue()
    }

    /// The last word: everything that is done is all there was.
    func finish() {
        expect(bytes: bytes, entries: entries)
        report(TransferProgress(doneBytes: bytes, totalBytes: bytes, doneEntries: entries, totalEntries: entries))
    }

    private func reportIfDue() {
        let now = uptime()
        let progress = state.withLock { state -> TransferProgress? in
            guard now - state.reported >= Self.interval else { return nil }
            state.reported = now
            // A total from the parent is a guess: it never stays behind what is done.
            return TransferProgress(
                doneBytes: bytes, totalBytes: state.totalBytes.map { max($0, bytes) }, doneEntries: entries,
                totalEntries: state.totalEntries.map { max($0, entries) })
        }
        if let progress { report(progress) }
    }
}
