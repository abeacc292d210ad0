import Foundation
import ObjectStorage
import Synchronization
import Testing

/// Does something else in the middle of a call: as if the caller had been held up there.
final class HookedStore: ObjectStore {
    private let store: any ObjectStore
    private let hookedCall: Int
    private let hook: @Sendable () throws -> Void
    private let calls = Atomic<Int>(0)

    /// - Parameter hookedCall: counted from 1 over all calls; `hook` runs before its work is done.
    init(_ store: any ObjectStore, atCall hookedCall: Int, hook: @escaping @Sendable () throws -> Void) {
        self.store = store
        self.hookedCall = hookedCall
        self.hook = hook
    }

    func put(_ bytes: UnsafeRawBufferPointer, at key: ObjectKey) throws(ObjectStoreError) {
        count()
        try store.put(bytes, at: key)
    }

    func get(_ key: ObjectKey, range: Range<Int>?) throws(ObjectStoreError) -> [UInt8] {
        count()
        return try store.get(key, range: range)
    }

    func list(_ folder: ObjectKey) throws(ObjectStoreError) -> [ObjectEntry] {
        count()
        return try store.list(folder)
    }

    func delete(_ key: ObjectKey) throws(ObjectStoreError) {
        count()
        try store.delete(key)
    }

    func protect(_ key: ObjectKey, until: Date?) throws(ObjectStoreError) -> ObjectProtection {
        count()
        return try store.protect(key, until: until)
    }

    func release(_ key: ObjectKey) throws(ObjectStoreError) {
        count()
        try store.release(key)
    }

    private func count() {
        guard calls.add(1, ordering: .relaxed).newValue == hookedCall else { return }
        do { try hook() } catch { Issue.record(error) }
    }
}
