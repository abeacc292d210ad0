import Foundation
import HoldfastCore
import ObjectStorage

/// The master key, sealed under a key file's secret or a passphrase. Several may exist; each opens the repository.
///
/// Stored as JSON under `keys/`, named by the SHA-256 of that. The wrapped bytes are `sealed(32) || tag(16)` under AES-256-GCM with position 0 and the
/// repository's id as associated data; the wrapping key comes from HKDF (key file) or scrypt (passphrase) with `salt`.
struct KeyWrapping: Codable, Sendable {
    enum Kind: String, Codable, Sendable { case keyFile = "key-file", passphrase }

    /// Of the stored JSON. More is not read.
    private static let sizeBytesMax = 1 << 16

    let version: Int
    let kind: Kind
    let salt: String
    let scrypt: ScryptParameters?
    let wrapped: String

    init(
        _ master: SecretBytes, under material: KeyMaterial, repositoryID: String, salt: [UInt8]
    ) throws(RepositoryError) {
        version = 1
        self.salt = Hex.encode(salt)
        switch material {
        case .keyFile: (kind, scrypt) = (.keyFile, nil)
        case .passphrase: (kind, scrypt) = (.passphrase, .standard)
        }
        guard let key = try Self.wrappingKey(material, salt: salt, scrypt: scrypt) else { throw .library("scrypt") }
        var sealed = [UInt8](repeating: 0, count: master.count + Cipher.tagBytes)
        let result = sealed.withUnsafeMutableBytes { sealed in
            master.withUnsafeBytes { master in
                Result { () throws(RepositoryError) in
                    try Cipher(key: key).seal(
                        master, position: 0, associated: Array(repositoryID.utf8), into: sealed)
                }
            }
        }
        try result.get()
        wrapped = Hex.encode(sealed)
    }

    /// - Returns: nil when the object is gone or is no wrapping.
    static func read(_ object: ObjectEntry, from store: any ObjectStore) throws(RepositoryError) -> KeyWrapping? {
        do throws(RepositoryError) {
            let bytes = try store.wholeObject(object, sizeBytesMax: sizeBytesMax)
            return try? JSONDecoder().decode(KeyWrapping.self, from: Data(bytes))
        } catch {
            switch error.code {
            case .objectMissing, .objectCorrupt: return nil
            default: throw error
            }
        }
    }

    /// - Returns: the name of the stored record.
    func put(in store: any ObjectStore) throws(RepositoryError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let bytes: [UInt8]
        do { bytes = Array(try encoder.encode(self)) } catch {
            throw RepositoryError(.libraryFailure, "a wrapped key could not be written as JSON", cause: error)
        }
        let name = Hex.encode(try Digest.sha256(bytes))
        let key = try StoredKeys.wrapping(name)
        try store.wrapping { store throws(ObjectStoreError) in try store.put(bytes, at: key) }
        return name
    }

    /// - Returns: nil when this wrapping is not for this material.
    func unwrap(with material: KeyMaterial, repositoryID: String) throws(RepositoryError) -> SecretBytes? {
        guard version == 1, let salt = Hex.decode(salt), let sealed = Hex.decode(wrapped), sealed.count == 48 else {
            return nil
        }
        switch (material, kind) {
        case (.keyFile, .keyFile), (.passphrase, .passphrase): break
        default: return nil
        }
        // A wrapping that asks for more memory than is reasonable was not made by us.
        guard let key = try Self.wrappingKey(material, salt: salt, scrypt: scrypt) else { return nil }
        let result = sealed.withUnsafeBytes { sealed in
            Result { () throws(RepositoryError) in
                try Cipher(key: key).open(sealed, position: 0, associated: Array(repositoryID.utf8))
            }
        }
        return try result.get().map { SecretBytes($0) }
    }

    private static func wrappingKey(
        _ material: KeyMaterial, salt: [UInt8], scrypt: ScryptParameters?
    ) throws(RepositoryError) -> SecretBytes? {
        switch material {
        case .keyFile(let file):
            return try KeyDerivation.hkdf(file.secret, salt: salt, purpose: "holdfast 1 wrapping")
        case .passphrase(let passphrase):
            let parameters = scrypt ?? .standard
            guard parameters.isAcceptable else { return nil }
            return try KeyDerivation.scrypt(passphrase, salt: salt, parameters: parameters)
        }
    }
}
