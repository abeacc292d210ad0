import Foundation
import Synchronization

/// Lets one thread at a time through.
final class Turnstile: Sendable {
    private let lock = NSLock()
    private let threads = Atomic<Int>(0)

    /// How many wait for the one that is inside.
    var waiting: Int { threads.load(ordering: .acquiring) }

    func pass<Value>(_ body: () throws -> Value) rethrows -> Value {
        threads.add(1, ordering: .acquiringAndReleasing)
        lock.lock()
        threads.subtract(1, ordering: .acquiringAndReleasing)
        defer { lock.unlock() }
        return try body()
    }
}
