import ArgumentParser
import Foundation
import HoldfastCore
import Transfer

struct ProgressOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Show no progress.")
    var quiet = false

    /// Where the time went.
    func show(_ time: TimeReport?) {
        if let time, !quiet { TransferSentence.line(TimeSentence.text(time)) }
    }

    func display() -> TransferDisplay { TransferDisplay(isQuiet: quiet, seams: .live) }
}

/// Shows how far a transfer is on standard error: a bar on a terminal, plain lines elsewhere.
final class TransferDisplay: Sendable {
    private let progress: ProgressDisplay?

    init(isQuiet: Bool, seams: Seams) {
        progress = isQuiet ? nil : ProgressDisplay(isTerminal: isatty(STDERR_FILENO) == 1, uptime: seams.uptime)
    }

    func show(_ transfer: TransferProgress) {
        // The last word of a transfer has equal numbers; a line more in between does no harm.
        let isOver = transfer.totalBytes == transfer.doneBytes && transfer.totalEntries == transfer.doneEntries
        progress?.show(
            ProgressReading(
                percent: nil, doneBytes: transfer.doneBytes, totalBytes: transfer.totalBytes, isOver: isOver))
    }

    /// For work that is not counted in bytes.
    func show(done: Int, of total: Int) {
        let percent = total > 0 ? done * 100 / total : 100
        progress?.show(ProgressReading(percent: percent, doneBytes: nil, totalBytes: nil, isOver: done == total))
    }

    /// Ends the line that a bar stands on.
    func end() { progress?.end() }
}
