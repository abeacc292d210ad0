import CCrypto
import Foundation

/// AES-256-GCM (NIST SP 800-38D) under one key; each nonce must be used for one message only.
///
/// The key belongs to one stored object, derived from that object's random 32-byte salt, so the nonce may simply be the
/// position of the message in the object: two messages under one key never share a position.
final class Cipher: Sendable {
    static let tagBytes = 16
    static let saltBytes = 32

    // Fetched once and never changed; libcrypto counts references to it under its own lock.
    private nonisolated(unsafe) static let algorithm = EVP_CIPHER_fetch(nil, "AES-256-GCM", nil)
    private static let contexts = ContextPool<OpaquePointer> { () throws(RepositoryError) in
        guard let context = EVP_CIPHER_CTX_new() else { throw .library("EVP_CIPHER_CTX_new") }
        return Context(context) { EVP_CIPHER_CTX_free($0) }
    }

    private let key: SecretBytes

    init(key: SecretBytes) { self.key = key }

    /// Writes the sealed bytes, then the tag.
    ///
    /// - Parameter target: `plain.count + 16` bytes; may begin where `plain` begins.
    func seal(
        _ plain: UnsafeRawBufferPointer, position: UInt64, associated: [UInt8],
        into target: UnsafeMutableRawBufferPointer
    ) throws(RepositoryError) {
        precondition(target.count == plain.count + Self.tagBytes)
        try Self.contexts.with { context throws(RepositoryError) in
            let nonce = Self.nonce(position)
            var length: Int32 = 0
            let output = target.bindMemory(to: UInt8.self).baseAddress
            let isDone =
                key.withUnsafeBytes {
                    EVP_EncryptInit_ex2(
                        context, Self.algorithm, $0.bindMemory(to: UInt8.self).baseAddress, nonce, nil) == 1
                }
                && EVP_EncryptUpdate(context, nil, &length, associated, Int32(associated.count)) == 1
                && EVP_EncryptUpdate(
                    context, output, &length, plain.bindMemory(to: UInt8.self).baseAddress, Int32(plain.count)) == 1
                && Int(length) == plain.count
                && EVP_EncryptFinal_ex(context, output?.advanced(by: plain.count), &length) == 1
                && EVP_CIPHER_CTX_ctrl(
                    context, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagBytes), output?.advanced(by: plain.count)) == 1
            guard isDone else { throw .library("EVP_EncryptFinal_ex") }
        }
    }

    /// - Returns: the plain bytes, or nil when the bytes are not what was sealed at this position with these facts.
    func open(
        _ sealed: UnsafeRawBufferPointer, position: UInt64, associated: [UInt8]
    ) throws(RepositoryError) -> [UInt8]? {
        guard sealed.count >= Self.tagBytes else { return nil }
        let count = sealed.count - Self.tagBytes
        return try Self.contexts.with { context throws(RepositoryError) in
            let nonce = Self.nonce(position)
            var length: Int32 = 0
            let isReady =
                key.withUnsafeBytes {
                    EVP_DecryptInit_ex2(
                        context, Self.algorithm, $0.bindMemory(to: UInt8.self).baseAddress, nonce, nil) == 1
                } && EVP_DecryptUpdate(context, nil, &length, associated, Int32(associated.count)) == 1
            guard isReady else { throw .library("EVP_DecryptInit_ex2") }
            var isAuthentic = false
            let plain = [UInt8](unsafeUninitializedCapacity: max(count, 1)) { output, used in
                let input = sealed.bindMemory(to: UInt8.self).baseAddress
                var tag = Array(sealed.suffix(Self.tagBytes))
                isAuthentic =
                    EVP_DecryptUpdate(context, output.baseAddress, &length, input, Int32(count)) == 1
                    && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagBytes), &tag) == 1
                    && EVP_DecryptFinal_ex(context, output.baseAddress?.advanced(by: count), &length) == 1
                used = isAuthentic ? count : 0
            }
            return isAuthentic ? plain : nil
        }
    }

    /// `position(8, LE) || zeros(4)`.
    private static func nonce(_ position: UInt64) -> [UInt8] {
        withUnsafeBytes(of: position.littleEndian) { Array($0) } + [0, 0, 0, 0]
    }
}
