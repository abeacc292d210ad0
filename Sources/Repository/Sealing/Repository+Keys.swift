import HoldfastCore
import ObjectStorage

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
    /// Whether it is what opened the repository now.
    public let isInUse: Bool
}

extension Repository {
    /// The wrappings of the master key.
    ///
    /// - Throws: ``RepositoryError`` when the store does not answer.
    public func keyList() throws -> [RepositoryKey] {
        let folder = try StoredKeys.wrappings()
        return try store.wrapping { store throws(ObjectStoreError) in try store.list(folder) }.map { object in
            let kind: RepositoryKey.Kind =
                switch try KeyWrapping.read(object, from: store)?.kind {
                case .keyFile: .keyFile
                case .passphrase: .passphrase
                case nil: .damaged
                }
            return RepositoryKey(id: object.key.name, kind: kind, isInUse: object.key.name == openedBy)
        }
    }

    /// Lets the repository also be opened by `material`. No data is touched: the same master key is wrapped once more.
    ///
    /// - Returns: the id of the wrapping.
    public func addKey(_ material: KeyMaterial) throws -> String {
        try KeyWrapping(
            keys.master, under: material, repositoryID: id, salt: [UInt8](seams.randomBytes(32))
        ).put(in: store)
    }

    /// Takes away one way to open the repository.
    ///
    /// Whoever has opened the repository by it before may have kept the master key: this is for keys that are no longer
    /// needed, not for keys that were stolen.
    ///
    /// - Throws: ``RepositoryError`` with `.keyInUse` for the key that opened the repository now, so that one that works
    ///   always stays; with `.objectMissing` when there is none with the id.
    public func removeKey(_ id: String) throws {
        guard id != openedBy else {
            throw RepositoryError(
                .keyInUse, "this key opened the repository now; open it with another one to remove this one")
        }
        guard try keyList().contains(where: { $0.id == id }) else {
            throw RepositoryError(.objectMissing, "there is no key with the id \(id)")
        }
        let key = try StoredKeys.wrapping(id)
        try store.wrapping { store throws(ObjectStoreError) in try store.delete(key) }
    }
}
