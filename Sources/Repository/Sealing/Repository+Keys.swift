import Foundation
import HoldfastCore
import ObjectStorage
import Synchronization

/// One of the ways a repository opens.
public struct RepositoryKey: Sendable, Equatable, Codable {
    public enum Kind: String, Sendable, Codable {
        case keyFile = "key-file"
        case passphrase
        /// The record can't be read: nothing opens by it.
        case damaged
    }

    /// SHA-256 of the stored record.
    public let id: String
    public let kind: Kind
    /// What people call it.
    public let label: String
    /// Whether it is what opened the repository now.
    public let isInUse: Bool
    /// Whether somebody who has a key of this repository has added it. One that is not is never given a new epoch.
    public let isProved: Bool
    /// Whether it opens only what was stored before it was revoked. It stays while something is locked or held.
    public let isOutdated: Bool
}

extension Repository {
    /// The wrappings of the master keys.
    ///
    /// - Throws: ``RepositoryError`` when the store does not answer.
    public func keyList() throws -> [RepositoryKey] {
        try wrappings().map { name, wrapping in
            guard let wrapping else {
                return RepositoryKey(
                    id: name, kind: .damaged, label: "", isInUse: false, isProved: false, isOutdated: false)
            }
            return RepositoryKey(
                id: name, kind: wrapping.recipient.kind == .keyFile ? .keyFile : .passphrase,
                label: wrapping.recipient.label, isInUse: name == openedBy.withLock { $0 },
                isProved: try isProved(wrapping), isOutdated: try isOutdated(wrapping))
        }
    }

    /// Lets the repository also be opened by `material`. No data is touched: the same master keys are wrapped once more.
    ///
    /// - Parameter label: what people call the key; at most 255 bytes, of one line.
    /// - Returns: the id of the wrapping.
    public func addKey(_ material: KeyMaterial, label: String = "") throws -> String {
        guard label.utf8.count <= 255, !label.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
        else {
            throw RepositoryError(.badDescription, "a key's label is one line of at most 255 bytes")
        }
        try refreshEpoch()
        let recipient = try KeyRecipient(material, label: label, salt: [UInt8](seams.randomBytes(32)))
        return try wrap(keys.masters, for: recipient)
    }

    /// Takes away one way to open the repository.
    ///
    /// Whoever has opened the repository by it before may have kept the master keys: this is for keys that are no longer
    /// needed. For keys that may be in the wrong hands there is ``revokeKeys(_:)``.
    ///
    /// While any restore point is locked or held, keys stay: without them nobody could read what has to be kept. What nobody
    /// with a key has added, and what is damaged, may go.
    ///
    /// - Throws: ``RepositoryError`` with `.keyInUse` for the key that opened the repository now, so that one that works
    ///   always stays; with `.objectMissing` when there is none with the id; with `.restorePointLocked` or
    ///   `.restorePointHeld` while keys stay.
    public func removeKey(_ id: String) throws {
        try requireOthers(than: [id])
        let wrapping = try wrappings().first { $0.name == id }?.wrapping
        if let wrapping, try isProved(wrapping) || isOutdated(wrapping), let kept = try anyKept() {
            throw RepositoryError.keyStays(kept.id, kept.bar)
        }
        try delete([id])
    }

    /// Begins a new epoch: what is stored from now on is sealed under a new master key. What is there stays as it is.
    ///
    /// - Returns: the number of the epoch.
    public func rotateKeys() throws -> Int { try beginEpoch(without: []) }

    /// Takes keys away for good: they open what was stored until now, wherever somebody kept it, and nothing that is stored
    /// from now on. A prune with ``PruneOptions/reseals`` then seals what is there anew.
    ///
    /// All other keys go on opening everything; their secrets are not needed for that. While any restore point is locked or
    /// held, the old wrapping of a revoked key stays: what was locked under it stays readable to its owner, and it opens nothing
    /// that is stored from now on.
    ///
    /// - Returns: the number of the new epoch.
    /// - Throws: as ``removeKey(_:)`` does.
    public func revokeKeys(_ ids: [String]) throws -> Int {
        try requireOthers(than: ids)
        return try beginEpoch(without: Set(ids))
    }

    /// The order is what makes it safe to stop anywhere: the new master key is wrapped for all that stay before anything
    /// is sealed under it, and the old wrappings go last.
    private func beginEpoch(without revoked: Set<String>) throws -> Int {
        try refreshEpoch()
        let old = try wrappings()
        let inUse = openedBy.withLock { $0 }
        guard old.contains(where: { $0.name == inUse }) else {
            throw RepositoryError(.wrongKey, "the key that opened this repository is not there any more")
        }
        let isKept = try anyKept() != nil
        let masters = keys.masters + [SecretBytes(seams.randomBytes(32))]
        var given: Set<String> = []
        for (name, wrapping) in old where !revoked.contains(name) {
            // What nobody with a key has put there is given nothing, and goes.
            guard let wrapping, try isProved(wrapping), given.insert(wrapping.recipient.public).inserted else {
                continue
            }
            let new = try wrap(masters, for: wrapping.recipient)
            if name == inUse { openedBy.withLock { $0 = new } }
        }
        let number = masters.count - 1
        do throws(RepositoryError) {
            try KeyEpoch(number: number, master: masters[number], repositoryID: id).put(in: store)
        } catch {
            openedBy.withLock { $0 = inUse }
            throw error
        }
        keys.adopt(masters)
        for (name, wrapping) in old {
            // What has been given the new master key goes: its new wrapping opens all that the old one did.
            if isKept, let wrapping, !given.contains(wrapping.recipient.public), try isOutdated(wrapping) { continue }
            try delete([name])
        }
        if isKept { try protectKeys() }
        return number
    }

    /// Wrappings that hold an epoch which was never begun are not proved: they go with the next one that is.
    private func isProved(_ wrapping: KeyWrapping) throws -> Bool {
        let masters = keys.masters
        return try wrapping.epochs == masters.count && wrapping.isProved(by: masters[masters.count - 1])
    }

    private func protectKeys() throws {
        var report = EnforcementReport()
        try protectKeys(&report)
    }

    /// Whether somebody with a key of an earlier epoch has added it, and it was given none of the later ones.
    private func isOutdated(_ wrapping: KeyWrapping) throws -> Bool {
        let masters = keys.masters
        guard (1..<masters.count).contains(wrapping.epochs) else { return false }
        return try wrapping.isProved(by: masters[wrapping.epochs - 1])
    }

    /// A restore point that is locked or held now, or that may be.
    private func anyKept() throws -> (id: RestorePointID, bar: Protection.Bar)? {
        let now = seams.now()
        for (id, protection) in try protections() {
            if let bar = protection.bar(now: now) { return (id, bar) }
        }
        return nil
    }

    private func wrappings() throws -> [(name: String, wrapping: KeyWrapping?)] {
        let folder = try StoredKeys.wrappings()
        return try store.wrapping { store throws(ObjectStoreError) in try store.list(folder) }.map { object in
            (object.key.name, try KeyWrapping.read(object, from: store))
        }
    }

    private func wrap(_ masters: [SecretBytes], for recipient: KeyRecipient) throws -> String {
        try KeyWrapping(masters, for: recipient, repositoryID: id, randomBytes: seams.randomBytes).put(in: store)
    }

    private func requireOthers(than ids: [String]) throws {
        let inUse = openedBy.withLock { $0 }
        guard !ids.contains(inUse) else {
            throw RepositoryError(
                .keyInUse, "this key opened the repository now; open it with another one to take this one away")
        }
        let known = Set(try wrappings().map(\.name))
        for id in ids where !known.contains(id) {
            throw RepositoryError(.objectMissing, "there is no key with the id \(id)")
        }
    }

    private func delete(_ names: [String]) throws {
        for name in names {
            let key = try StoredKeys.wrapping(name)
            try remove(key)
        }
    }
}

extension RepositoryError {
    fileprivate static func keyStays(_ id: RestorePointID, _ bar: Protection.Bar) -> Self {
        let code: Code
        switch bar {
        case .held: code = .restorePointHeld
        case .locked, .unreadable: code = .restorePointLocked
        }
        return Self(
            code,
            "keys stay while a restore point is locked or held, as \(id) is; a key that may be in wrong hands is revoked",
            facts: ["restore_point.id": id.text])
    }
}
