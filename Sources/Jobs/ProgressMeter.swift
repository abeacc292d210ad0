import Synchronization
import Transfer

/// Turns a transfer's counts into whole percent that only grow.
///
/// Bytes and items both count, an item as much as ``bytesPerEntry`` bytes, so that a tree of a million empty files
/// moves too. 100 is kept for what is finished: a running transfer stays below.
struct ProgressScale: Sendable {
    /// About what opening, reading and recording a small file costs, measured in bytes of a large one.
    static let bytesPerEntry: Int64 = 4096
    /// While totals are unknown, progress nears ``unknownMax`` and is half-way there after this many bytes.
    static let unknownHalfBytes: Int64 = 1 << 30
    static let unknownMax = 50
    static let runningMax = 99

    private(set) var percent = 0
    /// Work done in the units above; grows even while `percent` stays.
    private(set) var latest: TransferProgress?

    mutating func note(_ progress: TransferProgress) {
        latest = progress
        percent = max(percent, Self.percent(of: progress))
    }

    static func percent(of progress: TransferProgress) -> Int {
        let done = work(bytes: progress.doneBytes, entries: progress.doneEntries)
        guard progress.totalBytes != nil || progress.totalEntries != nil else {
            return Int(Double(unknownMax) * done / (done + Double(unknownHalfBytes)))
        }
        // A total that is not known is taken as what is done: the one that is known then decides.
        let total = work(
            bytes: progress.totalBytes ?? progress.doneBytes, entries: progress.totalEntries ?? progress.doneEntries)
        guard total > 0 else { return 0 }
        return min(runningMax, max(0, Int(100 * done / total)))
    }

    private static func work(bytes: Int64, entries: Int) -> Double {
        Double(bytes) + Double(entries) * Double(bytesPerEntry)
    }
}

/// A progress scale that a transfer's threads write and its worker reads.
final class ProgressMeter: Sendable {
    private let scale = Mutex(ProgressScale())

    func note(_ progress: TransferProgress) { scale.withLock { $0.note(progress) } }

    /// For work that is counted in pieces rather than bytes.
    func note(done: Int, of total: Int) {
        note(TransferProgress(doneBytes: 0, totalBytes: 0, doneEntries: done, totalEntries: total))
    }

    var reading: (percent: Int, latest: TransferProgress?) { scale.withLock { ($0.percent, $0.latest) } }
}
