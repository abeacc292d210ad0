import CCrypto
public import Foundation
import HoldfastCore

/// Seals small secrets at rest under a key that lies beside the catalog, not in it.
///
/// `nonce(12) || sealed || tag(16)`, AES-256-GCM, a random nonce for each: with fewer than 2³² secrets under one key the
/// chance of a repeated nonce stays below 2⁻³² (NIST SP 800-38D section 8.3).
public struct SecretBox: Sendable, CustomStringConvertible {
    public static let keyBytes = 32
    private static let nonceBytes = 12
    private static let tagBytes = 16

    private let key: [UInt8]
    private let randomBytes: @Sendable (_ count: Int) -> Data

    /// - Parameter key: ``keyBytes`` bytes.
    public init(key: [UInt8], randomBytes: @escaping @Sendable (_ count: Int) -> Data) {
        precondition(key.count == Self.keyBytes)
        self.key = key
        self.randomBytes = randomBytes
    }

    public var description: String { "<secret box>" }

    /// - Parameter label: what the secret belongs to; it opens only with the same.
    public func seal(_ secret: [UInt8], label: String) throws(IdentityError) -> [UInt8] {
        guard let context = EVP_CIPHER_CTX_new() else { throw .library("EVP_CIPHER_CTX_new") }
        defer { EVP_CIPHER_CTX_free(context) }
        let nonce = [UInt8](randomBytes(Self.nonceBytes))
        var sealed = [UInt8](repeating: 0, count: secret.count)
        var tag = [UInt8](repeating: 0, count: Self.tagBytes)
        var length: Int32 = 0
        let associated = Array(label.utf8)
        let isDone =
            EVP_EncryptInit_ex2(context, EVP_aes_256_gcm(), key, nonce, nil) == 1
            && EVP_EncryptUpdate(context, nil, &length, associated, Int32(associated.count)) == 1
            && EVP_EncryptUpdate(context, &sealed, &length, secret, Int32(secret.count)) == 1
            && EVP_EncryptFinal_ex(context, nil, &length) == 1
            && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagBytes), &tag) == 1
        guard isDone else { throw .library("EVP_EncryptFinal_ex") }
        return nonce + sealed + tag
    }

    /// - Throws: ``IdentityError`` with `.secretUnreadable` when the bytes or the label are not what was sealed.
    public func open(_ box: [UInt8], label: String) throws(IdentityError) -> [UInt8] {
        guard box.count >= Self.nonceBytes + Self.tagBytes else { throw .secretUnreadable(label) }
        guard let context = EVP_CIPHER_CTX_new() else { throw .library("EVP_CIPHER_CTX_new") }
        defer { EVP_CIPHER_CTX_free(context) }
        let nonce = Array(box.prefix(Self.nonceBytes))
        let sealed = Array(box.dropFirst(Self.nonceBytes).dropLast(Self.tagBytes))
        var tag = Array(box.suffix(Self.tagBytes))
        var secret = [UInt8](repeating: 0, count: sealed.count)
        var length: Int32 = 0
        let associated = Array(label.utf8)
        let isDone =
            EVP_DecryptInit_ex2(context, EVP_aes_256_gcm(), key, nonce, nil) == 1
            && EVP_DecryptUpdate(context, nil, &length, associated, Int32(associated.count)) == 1
            && EVP_DecryptUpdate(context, &secret, &length, sealed, Int32(sealed.count)) == 1
            && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagBytes), &tag) == 1
            && EVP_DecryptFinal_ex(context, nil, &length) == 1
        guard isDone else { throw .secretUnreadable(label) }
        return secret
    }
}
