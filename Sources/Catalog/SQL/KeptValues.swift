internal import Synchronization

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
    private let state = Mutex(State())

    public init(sizeMax: Int) { self.sizeMax = sizeMax }

    public func value(for key: Key, at version: CatalogVersion) -> Value? {
        state.withLock { $0.version == version ? $0.values[key] : nil }
    }

    /// Nothing is kept of what is older than something else that is kept, or has no room: an eighth of all for one value.
    public func keep(_ value: Value, for key: Key, size: Int, at version: CatalogVersion) {
        guard size <= sizeMax / 8 else { return }
        state.withLock { state in
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
