import Foundation
import Transfer

/// Where the time of a transfer went, for a person.
enum TimeSentence {
    /// `took 12.3 s: CPU 71 %, store 21 %, source 8 %; more or faster processor cores would help most`
    static func text(_ time: TimeReport) -> String {
        let shares = time.shares.map { "\(name($0.part)) \(Int(($0.share * 100).rounded())) %" }
        let total = String(format: time.totalSeconds < 10 ? "%.1f" : "%.0f", time.totalSeconds)
        // What is over before one has looked needs no advice.
        let advice = time.totalSeconds >= 1 ? "; \(time.advice)" : ""
        return "took \(total) s: \(shares.joined(separator: ", "))\(advice)"
    }

    private static func name(_ part: TimeReport.Part) -> String {
        switch part {
        case .source: "source"
        case .cpu: "CPU"
        case .store: "store"
        case .target: "target"
        }
    }
}
