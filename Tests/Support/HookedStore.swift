public import Foundation
public import ObjectStorage
import Synchronization
import Testing

/// Does something else in the middle of a call: as if the caller had been held up there.
public final class HookedStore: ObjectStore {
    private let store: any ObjectStore
    private let hookedCall: Int
    private let hook: @Sendable () throws -> Void
    private let calls = Atomic<Int>(0)

    private let isAfter: Bool

    /// - Parameters:
    ///   - hookedCall: counted from 1 over all calls.
    ///   - isAfter: `hook` runs when the call's work is done, and before its caller knows; else before it.
    public init(
        _ store: any ObjectStore, atCall hookedCall: Int, isAfter: Bool = false,
        hook: @escaping @Sendable () throws -> Void
    ) {
        self.store = store
        self.hookedCall = hookedCall
        self.isAfter = isAfter
        self.hook = hook
    }

    public var count: Int { calls.load(ordering: .relaxed) }

    public func put(_ bytes: UnsafeRawBufferPointer, at key: ObjectKey) throws(ObjectStoreError) {
        try around { () throws(ObjectStoreError) in try store.put(bytes, at: key) }
    }

    public func get(_ key: ObjectKey, range: Range<Int>?) throws(ObjectStoreError) -> [UInt8] {
        try around { () throws(ObjectStoreError) in try store.get(key, range: range) }
    }

    public func list(_ folder: ObjectKey) throws(ObjectStoreError) -> [ObjectEntry] {
        try around { () throws(ObjectStoreError) in try store.list(folder) }
    }

    public func delete(_ key: ObjectKey) throws(ObjectStoreError) {
        try around { () throws(ObjectStoreError) in try store.delete(key) }
    }

    public func protect(_ key: ObjectKey, until: Date?) throws(ObjectStoreError) -> ObjectProtection {
        try around { () throws(ObjectStoreError) in try store.protect(key, until: until) }
    }

    public func release(_ key: ObjectKey) throws(ObjectStoreError) {
        try around { () throws(ObjectStoreError) in try store.release(key) }
    }

    private func around<Value>(_ work: () throws(ObjectStoreError) -> Value) throws(ObjectStoreError) -> Value {
        let isHooked = calls.add(1, ordering: .relaxed).newValue == hookedCall
        if isHooked, !isAfter { runHook() }
        defer { if isHooked, isAfter { runHook() } }
        return try work()
    }

    private func runHook() { do { try hook() } catch { Issue.record(error) } }
}
