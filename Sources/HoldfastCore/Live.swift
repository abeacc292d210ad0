import Foundation

extension Seams {
    /// The real clock, the system's random source, and real time passing.
    public static let live = Seams(
        now: { Date() },
        uptime: {
            // Never fails for CLOCK_MONOTONIC with a valid pointer.
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
        },
        randomBytes: { count in
            var generator = SystemRandomNumberGenerator()
            return Data((0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
        },
        sleep: { duration in try await Task.sleep(for: duration) }
    )
}
