import Foundation
import Synchronization

/// How far some work is.
struct ProgressReading: Sendable, Equatable {
    /// 0 to 100; nil where it is made from the bytes.
    var percent: Int?
    /// Nil where work is not counted in bytes: then there is a percentage.
    var doneBytes: Int64?
    /// Nil until it is known.
    var totalBytes: Int64?
    var isOver: Bool
}

/// Writes to standard error how far work is: bytes, rate, time left.
final class ProgressDisplay: Sendable {
    private static let barWidth = 24
    /// Between two plain lines.
    private static let lineEvery = Duration.seconds(5)

    private struct State {
        var started: Duration?
        var lastLine: Duration?
        var lastText = ""
    }

    private let isTerminal: Bool
    private let uptime: @Sendable () -> Duration
    private let state = Mutex(State())

    init(isTerminal: Bool, uptime: @escaping @Sendable () -> Duration) {
        self.isTerminal = isTerminal
        self.uptime = uptime
    }

    func show(_ reading: ProgressReading) {
        let now = uptime()
        let text = state.withLock { state -> String? in
            let started = state.started ?? now
            state.started = started
            let text = Self.text(reading, elapsed: now - started)
            if isTerminal { return "\r\u{1B}[K\(text)" }
            let isDue = state.lastLine.map { now - $0 >= Self.lineEvery } ?? true
            guard (isDue || reading.isOver) && text != state.lastText else { return nil }
            state.lastLine = now
            state.lastText = text
            return text + "\n"
        }
        if let text { write(text) }
    }

    /// Ends the line that a bar stands on, if there is one.
    func end() {
        let hasBar = state.withLock { state in
            defer { state.started = nil }
            return state.started != nil
        }
        if isTerminal && hasBar { write("\n") }
    }

    func line(_ text: String) { write(text + "\n") }

    static func text(_ reading: ProgressReading, elapsed: Duration) -> String {
        let (done, total) = (reading.doneBytes ?? 0, reading.totalBytes ?? 0)
        let share = total > 0 ? Int(min(100, Double(done) * 100 / Double(total))) : 0
        let percent = reading.isOver ? 100 : reading.percent ?? share
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        let filled = percent * barWidth / 100
        var text = "[" + String(repeating: "=", count: filled) + String(repeating: " ", count: barWidth - filled) + "]"
        guard reading.doneBytes != nil else {
            text += " \(percent)%"
            guard seconds > 0.5, (1..<100).contains(percent) else { return text }
            return text + "  \(Int((seconds * Double(100 - percent) / Double(percent)).rounded(.up))) s left"
        }
        text += " \(percent)%  \(ByteText.text(done))" + (total > 0 ? " of \(ByteText.text(total))" : "")
        guard seconds > 0.5, done > 0 else { return text }
        let rate = Double(done) / seconds
        text += "  \(ByteText.text(Int64(rate)))/s"
        if total > done { text += "  \(Int((Double(total - done) / rate).rounded(.up))) s left" }
        return text
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}

/// Byte counts for people: `1.5 GiB`.
enum ByteText {
    static func text(_ bytes: Int64) -> String {
        var value = Double(bytes)
        var units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"][...]
        while value >= 1024, units.count > 1 {
            value /= 1024
            units = units.dropFirst()
        }
        let number = units.first == "B" ? "\(bytes)" : String(format: value < 10 ? "%.1f" : "%.0f", value)
        return "\(number) \(units.first ?? "B")"
    }
}
