import CHoldfast
import Glibc

/// The clock with which local file systems stamp inodes.
///
/// It moves in ticks: two writes within one tick leave the same time. So a file that changed within the last tick may
/// be written again without a trace. This is about file systems, not about what time it is; see `Seams.now` for that.
package enum FileClock {
    /// More than a tick: the kernel's is 1–10 ms.
    package static let tickMilliseconds: Int32 = 12

    /// True when a file that changed then could change again and keep the same time.
    package static func mayRepeat(_ time: ItemStatus.Time) -> Bool {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME_COARSE, &now)
        let age = (Int64(now.tv_sec) - time.seconds) * 1000 + (Int64(now.tv_nsec) - Int64(time.nanoseconds)) / 1_000_000
        return age >= -1000 && age < Int64(tickMilliseconds)
    }

    /// Lets one tick pass, so that whatever is written from now on gets a time of its own.
    package static func passTick() { poll(nil, 0, tickMilliseconds) }
}
