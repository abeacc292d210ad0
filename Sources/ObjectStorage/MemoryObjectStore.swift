public import Foundation
import Synchronization

/// Keeps objects in memory. The default in tests; the model the others are compared with.
public final class MemoryObjectStore: ObjectStore {
    private struct State {
        var objects: [ObjectKey: [UInt8]]
        var protected: Set<ObjectKey>
    }

    private let state: Mutex<State>
    private let answer: ObjectProtection

    /// - Parameters:
    ///   - protected: keys of objects that are protected from the start.
    ///   - answer: what it does when it is asked to protect an object.
    public init(
        _ objects: [ObjectKey: [UInt8]] = [:], protected: Set<ObjectKey> = [],
        answer: ObjectProtection = .refusesRemoval
    ) {
        state = Mutex(State(objects: objects, protected: protected))
        self.answer = answer
    }

    /// A copy of everything, for tests that damage or compare it.
    public var contents: [ObjectKey: [UInt8]] { state.withLock { $0.objects } }

    /// The keys of objects that it refuses to remove.
    public var protectedKeys: Set<ObjectKey> { state.withLock { $0.protected } }

    public func put(_ bytes: UnsafeRawBufferPointer, at key: ObjectKey) throws(ObjectStoreError) {
        let isNew = state.withLock { state in
            guard state.objects[key] == nil else { return false }
            state.objects[key] = Array(bytes)
            return true
        }
        guard isNew else { throw .keyTaken(key) }
    }

    public func get(_ key: ObjectKey, range: Range<Int>?) throws(ObjectStoreError) -> [UInt8] {
        guard let bytes = state.withLock({ $0.objects[key] }) else { throw .missing(key) }
        guard let range else { return bytes }
        guard range.lowerBound >= 0, range.upperBound <= bytes.count else {
            throw .outOfRange(key, range, sizeBytes: bytes.count)
        }
        return Array(bytes[range])
    }

    public func list(_ folder: ObjectKey) throws(ObjectStoreError) -> [ObjectEntry] {
        state.withLock { state in
            state.objects.filter { $0.key.text.hasPrefix(folder.text + "/") }
                .map { ObjectEntry(key: $0.key, sizeBytes: $0.value.count) }
                .sorted { $0.key < $1.key }
        }
    }

    public func delete(_ key: ObjectKey) throws(ObjectStoreError) {
        let isRemoved = state.withLock { state in
            guard !state.protected.contains(key) else { return false }
            state.objects[key] = nil
            return true
        }
        guard isRemoved else { throw .protected(key) }
    }

    public func protect(_ key: ObjectKey, until: Date?) throws(ObjectStoreError) -> ObjectProtection {
        let isThere = state.withLock { state in
            guard state.objects[key] != nil else { return false }
            if answer == .refusesRemoval { state.protected.insert(key) }
            return true
        }
        guard isThere else { throw .missing(key) }
        return answer
    }

    public func release(_ key: ObjectKey) throws(ObjectStoreError) {
        state.withLock { _ = $0.protected.remove(key) }
    }
}
