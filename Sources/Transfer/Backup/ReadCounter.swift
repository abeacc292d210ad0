import Synchronization

/// Bytes read from the source.
final class ReadCounter: Sendable {
    private let count = Atomic<Int64>(0)

    var bytes: Int64 { count.load(ordering: .relaxed) }

    func add(_ bytes: Int) { count.add(Int64(bytes), ordering: .relaxed) }
}
