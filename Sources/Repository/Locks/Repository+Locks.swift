import Foundation
public import HoldfastCore
import ObjectStorage

/// Locks and legal holds of restore points: in the repository itself, so that they bind whoever has its key, and outlive
/// every catalog.
extension Repository {
    /// An older version, which knows no locks, refuses a repository that has this feature.
    static let locksFeature = "locks"

    /// What keeps a restore point.
    ///
    /// - Throws: ``RepositoryError`` when the store does not answer.
    public func protection(of id: RestorePointID) throws -> Protection {
        guard Self.isWellFormed(id) else { return Protection() }
        return try protections(in: StoredKeys.locks(of: id.text))[id] ?? Protection()
    }

    /// What keeps restore points, of all that were ever locked or held and have not gone since.
    ///
    /// - Throws: ``RepositoryError`` when the store does not answer.
    public func protections() throws -> [RestorePointID: Protection] { try protections(in: StoredKeys.allLocks()) }

    /// Locks a restore point until a time, or for ever. A time that is earlier than one that was set before changes nothing.
    ///
    /// - Returns: for how long it is locked now.
    /// - Throws: ``RepositoryError`` with `.restorePointMissing`, or as the store fails.
    @discardableResult
    public func keep(_ id: RestorePointID, until time: KeepTime) throws -> KeepTime {
        let before = try protection(of: id).keep
        if let before, before >= time {
            try mustBeThere(id)
            return before
        }
        var record = LockRecord(point: id.text, now: seams.now())
        switch time {
        case .forever: record.keepsForever = true
        case .until(let date): record.keepUntil = LockRecord.microseconds(date)
        }
        try add(record, to: id)
        return time
    }

    /// Puts a restore point under a legal hold. One that is held already stays as it is.
    ///
    /// - Throws: ``RepositoryError`` with `.restorePointMissing`, or as the store fails.
    public func hold(_ id: RestorePointID, reason: String) throws {
        guard try protection(of: id).holds.isEmpty else { return try mustBeThere(id) }
        var record = LockRecord(point: id.text, now: seams.now())
        record.hold = Hex.encode(seams.randomBytes(16))
        // Any prefix of a text is better than a backup that is not held.
        record.reason = String(decoding: reason.utf8.prefix(LockRecord.reasonBytesMax - 8), as: UTF8.self)
        try add(record, to: id)
    }

    /// Ends all legal holds of a restore point. No command does this: the server does, for an administrator.
    public func endHolds(of id: RestorePointID) throws {
        let holds = try protection(of: id).holds
        guard !holds.isEmpty else { return }
        var record = LockRecord(point: id.text, now: seams.now())
        record.endedHolds = holds.keys.sorted()
        try add(record, to: id)
    }

    /// - Throws: ``RepositoryError`` with `.restorePointLocked`, `.restorePointHeld`, or `.objectCorrupt` when nobody knows.
    public func mustBeRemovable(_ id: RestorePointID) throws {
        guard let bar = try protection(of: id).bar(now: seams.now()) else { return }
        throw RepositoryError.barred(id, bar)
    }

    /// Removes an object that nothing keeps any more. Where the store protects it, that ends first.
    func remove(_ key: ObjectKey) throws(RepositoryError) {
        do throws(ObjectStoreError) {
            do throws(ObjectStoreError) { try store.delete(key) } catch {
                guard error.code == .protected else { throw error }
                try store.release(key)
                try store.delete(key)
            }
        } catch { throw .store(error) }
    }

    /// Removes the records of a restore point that is gone.
    func removeLocks(of id: RestorePointID) throws(RepositoryError) {
        let folder = try StoredKeys.locks(of: id.text)
        for object in try store.wrapping({ store throws(ObjectStoreError) in try store.list(folder) }) {
            try remove(object.key)
        }
    }

    /// Removes records that restore points left behind whose removal was interrupted. Those of one that should be there
    /// stay: a check then finds out.
    ///
    /// - Parameter points: all there are, those included that are about to become visible.
    func removeOutlivedLocks(besides points: Set<RestorePointID>, _ protections: [RestorePointID: Protection]) throws {
        let now = seams.now()
        for (id, protection) in protections.sorted(by: { $0.key < $1.key })
        where !points.contains(id) && protection.bar(now: now) == nil { try removeLocks(of: id) }
    }

    private func mustBeThere(_ id: RestorePointID) throws {
        guard try hasObject(StoredKeys.restorePoint(id.text)) else { throw RepositoryError.missing(id) }
    }

    private func add(_ record: LockRecord, to id: RestorePointID) throws {
        guard Self.isWellFormed(id) else { throw RepositoryError.missing(id) }
        try mustBeThere(id)
        let feature = try StoredKeys.feature(Self.locksFeature)
        if try !hasObject(feature) {
            do throws(ObjectStoreError) { try store.put([], at: feature) } catch {
                guard error.code == .keyTaken else { throw RepositoryError.store(error) }
            }
        }
        let bytes = try SealedRecord.lock.seal(record.encoded(), keys: keys, salt: keys.salt(seams.randomBytes))
        let key = try StoredKeys.lock(Hex.encode(try Digest.sha256(bytes)), of: id.text)
        do throws(ObjectStoreError) { try store.put(bytes, at: key) } catch {
            // The name is the hash of bytes that only this call has: it was this very write that a store did twice.
            guard error.code == .keyTaken else { throw RepositoryError.store(error) }
        }
        // One whose removal was under way is not said to be locked.
        try mustBeThere(id)
    }

    private func protections(in folder: ObjectKey) throws -> [RestorePointID: Protection] {
        var records: [RestorePointID: (read: [LockRecord], unreadable: [String])] = [:]
        for object in try store.wrapping({ store throws(ObjectStoreError) in try store.list(folder) }) {
            let parts = object.key.text.split(separator: "/")
            guard parts.count == 3 else { continue }
            let id = RestorePointID(String(parts[1]))
            do throws(RepositoryError) {
                records[id, default: ([], [])].read.append(try lockRecord(object, of: id))
            } catch {
                switch error.code {
                case .objectCorrupt: records[id, default: ([], [])].unreadable.append(object.key.text)
                // Gone with its restore point since the list was made.
                case .objectMissing: continue
                default: throw error
                }
            }
        }
        return records.mapValues { Protection($0.read, unreadable: $0.unreadable) }
    }

    private func lockRecord(_ object: ObjectEntry, of id: RestorePointID) throws(RepositoryError) -> LockRecord {
        let bytes = try store.wholeObject(object, sizeBytesMax: LockRecord.recordBytesMax)
        let name = object.key.text
        guard Hex.encode(try Digest.sha256(bytes)) == object.key.name else {
            throw .corrupt(name, "its name is not its hash")
        }
        let body = try SealedRecord.lock.open(bytes, keys: keys, name: name)
        return try LockRecord(decoding: body, point: id.text, name: name)
    }
}

extension RepositoryError {
    static func barred(_ id: RestorePointID, _ bar: Protection.Bar) -> Self {
        let facts = ["restore_point.id": id.text]
        switch bar {
        case .held(let reason):
            return Self(
                .restorePointHeld, "restore point \(id) is under a legal hold (\(reason)); only the server ends it",
                facts: facts)
        case .locked(.forever):
            return Self(.restorePointLocked, "restore point \(id) is locked for ever", facts: facts)
        case .locked(.until(let date)):
            return Self(
                .restorePointLocked, "restore point \(id) is locked until \(date.formatted(.iso8601))", facts: facts)
        case .unreadable(let record):
            return Self(
                .objectCorrupt,
                "restore point \(id) may be locked: \(record) can't be read; remove that object if you know that it is not",
                facts: facts.merging(["object.key": record]) { first, _ in first })
        }
    }
}
