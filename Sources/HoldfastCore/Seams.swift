public import Foundation

/// Everything the service cannot make up itself. Production and tests each build one; see `Seams.live`.
public struct Seams: Sendable {
    /// The wall clock. May jump either way: never use it to measure how long something took.
    public var now: @Sendable () -> Date
    /// A monotonic clock, from an arbitrary start.
    public var uptime: @Sendable () -> Duration
    /// Cryptographically strong random bytes.
    public var randomBytes: @Sendable (_ count: Int) -> Data
    /// Returns after the duration, or throws `CancellationError` when the task is cancelled.
    public var sleep: @Sendable (_ duration: Duration) async throws -> Void

    public init(
        now: @escaping @Sendable () -> Date,
        uptime: @escaping @Sendable () -> Duration,
        randomBytes: @escaping @Sendable (_ count: Int) -> Data,
        sleep: @escaping @Sendable (_ duration: Duration) async throws -> Void
    ) {
        self.now = now
        self.uptime = uptime
        self.randomBytes = randomBytes
        self.sleep = sleep
    }
}
