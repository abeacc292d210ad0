public import Foundation

/// Durable bytes by key. Knows nothing of packs, encryption or CBR.
///
/// Calls block: make them on a named thread. All may be made from several threads at once.
///
/// Every implementation guarantees (`verifyObjectStore` in the tests):
/// - **Write once**: `put` on a taken key throws `.keyTaken` and changes nothing.
/// - **Atomic**: a reader sees all of an object or none of it.
/// - **Durable**: once `put` returns, the bytes survive power loss.
/// - **Read after write**: once `put` or `delete` returns, `get` and `list` agree with it.
/// - **Protection**: where `protect` answers `.refusesRemoval`, `delete` throws `.protected` until `release` has returned,
///   whoever calls it.
public protocol ObjectStore: Sendable {
    func put(_ bytes: UnsafeRawBufferPointer, at key: ObjectKey) throws(ObjectStoreError)

    /// - Parameter range: byte offsets in the object, half-open; `nil` reads it all.
    /// - Throws: `.missing`, or `.outOfRange` when the range is not inside the object.
    func get(_ key: ObjectKey, range: Range<Int>?) throws(ObjectStoreError) -> [UInt8]

    /// Reads a whole object: from the system's cache what is there, the rest past it where the store can, so that the cache
    /// is left to those who read what they cache.
    ///
    /// - Parameter memory: aligned to pages, and a page longer than the object, the cache can be passed by.
    /// - Returns: the object's length.
    /// - Throws: `.missing`, or `.outOfRange` when the object is longer than `memory`.
    func load(_ key: ObjectKey, into memory: UnsafeMutableRawBufferPointer) throws(ObjectStoreError) -> Int

    /// Says that this range will be asked for soon, so that the store can begin to bring it near. Returns at once; promises
    /// nothing, and an object that is not there is no error.
    func willRead(_ key: ObjectKey, range: Range<Int>)

    /// Objects whose key begins with `folder` and a `/`, at any depth, in order of their keys.
    func list(_ folder: ObjectKey) throws(ObjectStoreError) -> [ObjectEntry]

    /// Removes the object. One that is not there is no error, so a repeated call is safe.
    ///
    /// - Throws: `.protected` when the store refuses: nothing was removed.
    func delete(_ key: ObjectKey) throws(ObjectStoreError)

    /// Asks the store to refuse the removal of an object by itself, until it is released. May be repeated; never shortens what
    /// was asked before.
    ///
    /// - Parameter until: when the store may give the object free; nil: when it is released. A store that knows no times
    ///   keeps it until it is released.
    /// - Returns: what the store does. That it can't is an answer, no error.
    /// - Throws: `.missing`, or as the store fails.
    func protect(_ key: ObjectKey, until: Date?) throws(ObjectStoreError) -> ObjectProtection

    /// Gives an object free. One that is not there, or is not protected, is no error.
    ///
    /// - Throws: `.protected` where the store itself holds on to it until its time.
    func release(_ key: ObjectKey) throws(ObjectStoreError)
}

/// What a store does against the removal of an object.
public enum ObjectProtection: Sendable, Hashable {
    /// The store itself refuses to remove or change it.
    case refusesRemoval
    /// The store can't, and why.
    case unavailable(reason: String)

    /// Nil where the store refuses.
    public var reason: String? {
        switch self {
        case .refusesRemoval: nil
        case .unavailable(let reason): reason
        }
    }
}

public struct ObjectEntry: Hashable, Sendable {
    public let key: ObjectKey
    public let sizeBytes: Int

    public init(key: ObjectKey, sizeBytes: Int) {
        self.key = key
        self.sizeBytes = sizeBytes
    }
}

extension ObjectStore {
    public func willRead(_ key: ObjectKey, range: Range<Int>) {}

    public func load(
        _ key: ObjectKey, into memory: UnsafeMutableRawBufferPointer
    ) throws(ObjectStoreError) -> Int {
        let bytes = try get(key, range: nil)
        guard bytes.count <= memory.count else { throw .outOfRange(key, 0..<memory.count, sizeBytes: bytes.count) }
        memory.copyBytes(from: bytes)
        return bytes.count
    }

    public func put(_ bytes: [UInt8], at key: ObjectKey) throws(ObjectStoreError) {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(ObjectStoreError) in try put(buffer, at: key) }
        }
        try result.get()
    }
}
