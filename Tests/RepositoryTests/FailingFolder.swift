import Foundation
import ObjectStorage

/// A store whose disk is full for the objects of one folder, until told otherwise.
struct FailingFolder: ObjectStore {
    let isFailing = Locked(true)
    private let store: MemoryObjectStore
    private let folder: String

    init(_ store: MemoryObjectStore, folder: String) {
        self.store = store
        self.folder = folder
    }

    func put(_ bytes: UnsafeRawBufferPointer, at key: ObjectKey) throws(ObjectStoreError) {
        if isFailing.with({ $0 }), key.text.hasPrefix(folder) {
            throw ObjectStoreError(code: .full, message: "no space")
        }
        try store.put(bytes, at: key)
    }

    func get(_ key: ObjectKey, range: Range<Int>?) throws(ObjectStoreError) -> [UInt8] {
        try store.get(key, range: range)
    }

    func list(_ folder: ObjectKey) throws(ObjectStoreError) -> [ObjectEntry] { try store.list(folder) }

    func delete(_ key: ObjectKey) throws(ObjectStoreError) { try store.delete(key) }

    func protect(_ key: ObjectKey, until: Date?) throws(ObjectStoreError) -> ObjectProtection {
        try store.protect(key, until: until)
    }
    func release(_ key: ObjectKey) throws(ObjectStoreError) { try store.release(key) }
}
