public import Foundation
import Synchronization

/// A store that fails, crashes or loses an answer at a chosen call: what disks and networks do, on demand.
public final class FaultyObjectStore: ObjectStore {
    public enum Fault: Sendable, CaseIterable {
        /// The call does nothing and fails; later calls work.
        case fail
        /// The call does its work and fails all the same: the answer was lost.
        case loseAnswer
        /// The call does nothing, and every later call fails too: the process is gone.
        case crash
        /// As `crash`, but the call's work was done.
        case crashAfter
    }

    private let store: any ObjectStore
    private let fault: Fault
    private let faultyCall: Int
    private let calls = Atomic<Int>(0)

    /// - Parameter faultyCall: counted from 1 over all calls.
    public init(_ store: any ObjectStore, _ fault: Fault, atCall faultyCall: Int) {
        self.store = store
        self.fault = fault
        self.faultyCall = faultyCall
    }

    /// How many calls were made.
    public var callCount: Int { calls.load(ordering: .relaxed) }

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

    private func around<Value>(
        _ body: () throws(ObjectStoreError) -> Value
    ) throws(ObjectStoreError) -> Value {
        let call = calls.add(1, ordering: .relaxed).newValue
        let injected = ObjectStoreError.unavailable("make call \(call)", nil, reason: "injected fault")
        if call > faultyCall {
            if fault == .crash || fault == .crashAfter { throw injected }
            return try body()
        }
        guard call == faultyCall else { return try body() }
        if fault == .loseAnswer || fault == .crashAfter { _ = try body() }
        throw injected
    }
}
