import Foundation
import HoldfastCore
import Synchronization

/// How many bytes may go out, and when. A value: the clock's readings come in.
///
/// It fills with ``bytesPerSecond`` up to one second's worth. Who takes more than there is owes the rest, and waits until it
/// is paid; so large pieces go through whole, and the rate holds over any longer time.
struct TokenBucket: Sendable, Equatable {
    let bytesPerSecond: Int64
    private(set) var level: Double
    private var readAt: Duration

    /// - Parameter now: by the monotonic clock. The bucket begins full.
    init(bytesPerSecond: Int64, now: Duration) {
        precondition(bytesPerSecond > 0)
        self.bytesPerSecond = bytesPerSecond
        level = Double(bytesPerSecond)
        readAt = now
    }

    /// Takes so many bytes.
    ///
    /// - Returns: how long to wait before they go out.
    mutating func take(_ bytes: Int, now: Duration) -> Duration {
        // A clock that stands still or goes back fills nothing.
        let passed = max(0, (now - readAt) / .seconds(1))
        readAt = max(readAt, now)
        level = min(Double(bytesPerSecond), level + passed * Double(bytesPerSecond)) - Double(bytes)
        return level >= 0 ? .zero : .seconds(-level / Double(bytesPerSecond))
    }
}

/// The bandwidth of one region, shared by all that is sent there.
final class BandwidthLimit: Sendable {
    private let bucket: Mutex<TokenBucket?>
    private let seams: Seams

    /// - Parameter bytesPerSecond: nil: no limit.
    init(bytesPerSecond: Int64?, seams: Seams) {
        self.seams = seams
        bucket = Mutex(bytesPerSecond.map { TokenBucket(bytesPerSecond: $0, now: seams.uptime()) })
    }

    /// Waits until so many bytes may go out.
    func pass(_ bytes: Int) async throws {
        let wait = bucket.withLock { [now = seams.uptime()] in $0?.take(bytes, now: now) ?? .zero }
        if wait > .zero { try await seams.sleep(wait) }
    }
}
