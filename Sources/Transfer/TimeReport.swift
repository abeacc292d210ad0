import HoldfastCore

/// Where the time of a transfer went: how long each part was what the others waited for. The parts add up to the whole.
public struct TimeReport: Sendable, Equatable, Codable {
    public enum Part: String, Sendable, Codable, CaseIterable {
        /// Walking and reading what is backed up.
        case source
        /// Naming, compressing and sealing, or the reverse.
        case cpu
        /// The repository's disk.
        case store
        /// Writing what is restored, and reading it back.
        case target
    }

    public let totalSeconds: Double
    public let sourceSeconds: Double
    public let cpuSeconds: Double
    public let storeSeconds: Double
    public let targetSeconds: Double

    /// Parts that took any time at all, the longest first, with their shares of the whole, 0 to 1.
    public var shares: [(part: Part, share: Double)] {
        let all: [(Part, Double)] = [
            (.source, sourceSeconds), (.cpu, cpuSeconds), (.store, storeSeconds), (.target, targetSeconds),
        ]
        return all.filter { $0.1 > 0 && totalSeconds > 0 }.map { ($0.0, $0.1 / totalSeconds) }
            .sorted { $0.share > $1.share }
    }

    /// What would make the next one faster: a sentence without its full stop.
    public var advice: String {
        guard let (part, share) = shares.first, share >= 0.5 else { return "no part stands out" }
        return switch part {
        case .source: "a source that is read faster would help most"
        case .cpu: "more or faster processor cores would help most"
        case .store: "a faster disk for the repository would help most"
        case .target: "a faster disk at the target would help most"
        }
    }

    /// Cuts parts so that they fit into the whole; what is left of it goes to `rest`.
    init(total: Duration, parts: [Part: Duration], rest: Part) {
        totalSeconds = max(total.seconds, 0)
        var left = totalSeconds
        var seconds: [Part: Double] = [:]
        for part in Part.allCases {
            let own = min(max(parts[part]?.seconds ?? 0, 0), left)
            seconds[part] = own
            left -= own
        }
        seconds[rest, default: 0] += left
        sourceSeconds = seconds[.source] ?? 0
        cpuSeconds = seconds[.cpu] ?? 0
        storeSeconds = seconds[.store] ?? 0
        targetSeconds = seconds[.target] ?? 0
    }

    /// - Parameter storeWaits: how long all threads together waited for a pack to be stored.
    static func backup(_ times: StageTimes, storeWaits: Duration) -> TimeReport {
        let sums = times.sums
        let threads = max(sums.workers.threads, 1)
        let (life, idle) = (sums.workers.lives / threads, sums.workers.waits / threads)
        // Workers that have nothing to do wait for the source only while the source is at work.
        let source = min(idle, sums.source.lives - sums.source.waits)
        let full = min(storeWaits / threads, life - idle)
        // Before and after the workers the repository is opened, and what waits is made durable.
        return TimeReport(
            total: times.uptime() - times.started, parts: [.source: source, .cpu: life - source - full], rest: .store)
    }

    static func restore(_ times: StageTimes) -> TimeReport {
        let sums = times.sums
        let threads = max(sums.workers.threads, 1)
        let idle = sums.workers.waits / threads
        let before = (sums.firstStart ?? times.started) - times.started
        let (fetches, reads) = (sums.fetches / threads, sums.storeReads / threads)
        return TimeReport(
            total: times.uptime() - times.started,
            parts: [.cpu: fetches - reads, .store: before + reads + min(idle, sums.manifestReads)], rest: .target)
    }
}

extension Duration {
    fileprivate var seconds: Double { self / .seconds(1) }
}
