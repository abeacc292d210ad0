import Foundation
import HoldfastCore
import ObjectStorage

/// Who a wrapping is for: a key file's secret or a passphrase, by the public key that it leads to.
///
/// So the master keys can be wrapped again for somebody whose secret nobody here has.
struct KeyRecipient: Codable, Sendable, Equatable {
    enum Kind: String, Codable, Sendable { case keyFile = "key-file", passphrase }

    let kind: Kind
    /// Hex of 32 random bytes.
    let salt: String
    let scrypt: ScryptParameters?
    /// Hex of an X25519 public key.
    let `public`: String
    /// What people call it.
    let label: String

    init(_ material: KeyMaterial, label: String, salt: [UInt8]) throws(RepositoryError) {
        switch material {
        case .keyFile: (kind, scrypt) = (.keyFile, nil)
        case .passphrase: (kind, scrypt) = (.passphrase, .standard)
        }
        self.salt = Hex.encode(salt)
        self.label = label
        guard let secret = try Self.secret(of: material, kind: kind, salt: salt, scrypt: scrypt) else {
            throw .library("scrypt")
        }
        `public` = Hex.encode(try KeyAgreement.publicKey(of: secret))
    }

    /// The X25519 secret that the material leads to.
    ///
    /// - Returns: nil when the material is of another kind, or deriving would cost more than is reasonable.
    func secret(of material: KeyMaterial) throws(RepositoryError) -> SecretBytes? {
        guard let salt = Hex.decode(salt) else { return nil }
        return try Self.secret(of: material, kind: kind, salt: salt, scrypt: scrypt)
    }

    private static func secret(
        of material: KeyMaterial, kind: Kind, salt: [UInt8], scrypt: ScryptParameters?
    ) throws(RepositoryError) -> SecretBytes? {
        switch (material, kind) {
        case (.keyFile(let file), .keyFile):
            return try KeyDerivation.hkdf(file.secret, salt: salt, purpose: "holdfast 1 wrapping")
        case (.passphrase(let passphrase), .passphrase):
            guard let scrypt, scrypt.isAcceptable else { return nil }
            return try KeyDerivation.scrypt(passphrase, salt: salt, parameters: scrypt)
        default: return nil
        }
    }

    /// What the proof is about: every field, a line each.
    var text: [UInt8] {
        let cost = scrypt.map { "\($0.n) \($0.r) \($0.p)" } ?? "-"
        return Array([kind.rawValue, salt, cost, `public`, label].map { $0 + "\n" }.joined().utf8)
    }
}

/// The master keys of all epochs, sealed for one recipient. Several may exist; each opens the repository.
///
/// Stored as JSON under `keys/`, named by the SHA-256 of that. `wrapped` is `master(32) … || tag(16)`, the epochs in order, under
/// AES-256-GCM with position 0 and the repository's id as associated data; its key is HKDF of what X25519 gives for the
/// recipient's public key and a fresh ephemeral one, with the salt `ephemeral || public`.
struct KeyWrapping: Codable, Sendable {
    /// Of the stored JSON. More is not read.
    private static let sizeBytesMax = 1 << 18
    private static let purpose = "holdfast 1 keyring"

    let version: Int
    let recipient: KeyRecipient
    /// Hex of an X25519 public key that was made for this wrapping alone.
    let ephemeral: String
    let wrapped: String
    /// Of the recipient, under the newest of the wrapped keys: without it nobody could tell a recipient that a thief of
    /// the store has put there.
    let proof: String

    init(
        _ masters: [SecretBytes], for recipient: KeyRecipient, repositoryID: String, randomBytes: (_ count: Int) -> Data
    ) throws(RepositoryError) {
        version = 1
        self.recipient = recipient
        let secret = SecretBytes(randomBytes(KeyAgreement.keyBytes))
        let ephemeral = try KeyAgreement.publicKey(of: secret)
        guard let key = try Self.key(secret, peer: recipient.public, ephemeral: ephemeral, recipient: recipient) else {
            throw RepositoryError(.wrongKey, "a key of the repository has a public part that can't be used")
        }
        let plain = SecretBytes(masters.flatMap { $0.withUnsafeBytes { Array($0) } })
        var sealed = [UInt8](repeating: 0, count: plain.count + Cipher.tagBytes)
        let result = sealed.withUnsafeMutableBytes { sealed in
            plain.withUnsafeBytes { plain in
                Result { () throws(RepositoryError) in
                    try Cipher(key: key).seal(plain, position: 0, associated: Array(repositoryID.utf8), into: sealed)
                }
            }
        }
        try result.get()
        self.ephemeral = Hex.encode(ephemeral)
        wrapped = Hex.encode(sealed)
        proof = try KeyTree.recipientHash(masters[masters.count - 1]).hex(of: recipient.text)
    }

    private static func key(
        _ secret: SecretBytes, peer: String, ephemeral: [UInt8], recipient: KeyRecipient
    ) throws(RepositoryError) -> SecretBytes? {
        guard let peer = Hex.decode(peer), let own = Hex.decode(recipient.public),
            let shared = try KeyAgreement.shared(secret, with: peer)
        else { return nil }
        return try KeyDerivation.hkdf(shared, salt: ephemeral + own, purpose: purpose)
    }

    /// How many epochs it holds.
    var epochs: Int { max(0, wrapped.utf8.count / 2 - Cipher.tagBytes) / 32 }

    /// Whether a holder of this master key made it.
    func isProved(by master: SecretBytes) throws(RepositoryError) -> Bool {
        try KeyTree.recipientHash(master).hex(of: recipient.text) == proof
    }

    /// - Returns: the master keys of the epochs from 0 on; nil when this wrapping is not for this material.
    func unwrap(with material: KeyMaterial, repositoryID: String) throws(RepositoryError) -> [SecretBytes]? {
        guard version == 1, let sealed = Hex.decode(wrapped), sealed.count > Cipher.tagBytes,
            (sealed.count - Cipher.tagBytes).isMultiple(of: 32), let ephemeral = Hex.decode(ephemeral),
            let secret = try recipient.secret(of: material),
            let key = try Self.key(secret, peer: self.ephemeral, ephemeral: ephemeral, recipient: recipient)
        else { return nil }
        let result = sealed.withUnsafeBytes { sealed in
            Result { () throws(RepositoryError) in
                try Cipher(key: key).open(sealed, position: 0, associated: Array(repositoryID.utf8))
            }
        }
        guard let plain = try result.get() else { return nil }
        return stride(from: 0, to: plain.count, by: 32).map { SecretBytes(plain[$0..<$0 + 32]) }
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
}
