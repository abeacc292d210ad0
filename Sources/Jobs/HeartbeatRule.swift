/// When a worker writes to the catalog about an operation it runs. A value: the clock's readings come in.
///
/// Progress is written when it has grown, at most once in ``progressEvery``. The lease is extended when a third of it
/// has passed without a write, whether or not progress grew. A lease that could not be extended until its end is lost:
/// another worker may have the operation by then.
struct HeartbeatRule: Sendable, Equatable {
    enum Verdict: Sendable, Equatable {
        case rest, write, lost
    }

    let leaseDuration: Duration
    let progressEvery: Duration
    private(set) var writtenAt: Duration
    private(set) var writtenPercent = 0

    /// - Parameter now: when the lease was granted, by the monotonic clock.
    init(leaseDuration: Duration, progressEvery: Duration, now: Duration) {
        self.leaseDuration = leaseDuration
        self.progressEvery = progressEvery
        writtenAt = now
    }

    func verdict(now: Duration, percent: Int) -> Verdict {
        let age = now - writtenAt
        if age >= leaseDuration { return .lost }
        if age >= leaseDuration / 3 { return .write }
        return percent > writtenPercent && age >= progressEvery ? .write : .rest
    }

    /// - Parameter askedAt: when the write began: the lease counts from there at the earliest.
    mutating func wrote(percent: Int, askedAt: Duration) {
        writtenAt = askedAt
        writtenPercent = max(writtenPercent, percent)
    }
}
