import Synchronization

/// Keeps objects in memory. The default in tests; the model the others are compared with.
public final class MemoryObjectStore: ObjectStore {
    private let objects: Mutex<[ObjectKey: [UInt8]]>

    public init(_ objects: [ObjectKey: [UInt8]] = [:]) { self.objects = Mutex(objects) }

    /// A copy of everything, for tests that damage or compare it.
    public var contents: [ObjectKey: [UInt8]] { objects.withLock { $0 } }

    public func put(_ bytes: UnsafeRawBufferPointer, at key: ObjectKey) throws(ObjectStoreError) {
        let isNew = objects.withLock { objects in
            guard objects[key] == nil else { return false }
            objects[key] = Array(bytes)
            return true
        }
        guard isNew else { throw .keyTaken(key) }
    }

    public func get(_ key: ObjectKey, range: Range<Int>?) throws(ObjectStoreError) -> [UInt8] {
        guard let bytes = objects.withLock({ $0[key] }) else { throw .missing(key) }
        guard let range else { return bytes }
        guard range.lowerBound >= 0, range.upperBound <= bytes.count else {
            throw .outOfRange(key, range, sizeBytes: bytes.count)
        }
        return Array(bytes[range])
    }

    public func list(_ folder: ObjectKey) throws(ObjectStoreError) -> [ObjectEntry] {
        objects.withLock { objects in
            objects.filter { $0.key.text.hasPrefix(folder.text + "/") }
                .map { ObjectEntry(key: $0.key, sizeBytes: $0.value.count) }
                .sorted { $0.key < $1.key }
        }
    }

    public func delete(_ key: ObjectKey) throws(ObjectStoreError) {
        objects.withLock { $0[key] = nil }
    }
}
