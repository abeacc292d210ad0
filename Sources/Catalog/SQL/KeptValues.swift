internal import Foundation

/// Values that depend on nothing but the catalog and a key, kept for as long as nothing is committed.
///
/// Ask for the version first, then read: what is kept is then never older than the version that it is kept for. Holds values of one
/// version at most, ``sizeMax`` of them together, by the size that whoever keeps them says.
public final class KeptValues<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct State {
        var version: CatalogVersion?
        var values: [Key: Value] = [:]
        var size = 0
    }

    private let sizeMax: Int
    // Guards `state`. Every request asks, from as many threads as there are cores: a `Mutex` would spin.
    private let lock = NSLock()
    private nonisolated(unsafe) var state = State()  // only touched with `lock` held

    public init(sizeMax: Int) { self.sizeMax = sizeMax }

    public func value(for key: Key, at version: CatalogVersion) -> Value? {
        lock.withLock { state.version == version ? state.values[key] : nil }
    }

    /// Nothing is kept of what is older than something else that is kept, or has no room: an eighth of all for one value.
    public func keep(_ value: Value, for key: Key, size: Int, at version: CatalogVersion) {
        guard size <= sizeMax / 8 else { return }
        lock.withLock {
            if let kept = state.version, version < kept { return }
            if version != state.version || state.size + size > sizeMax {
                state.values.removeAll(keepingCapacity: true)
                state.size = 0
                state.version = version
            }
            if state.values.updateValue(value, forKey: key) == nil { state.size += size }
        }
    }
}
