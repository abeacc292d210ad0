import CCrypto
import Foundation

enum KeyDerivation {
    /// HKDF-SHA-256 (RFC 5869): a 32-byte key for one purpose.
    static func hkdf(_ secret: SecretBytes, salt: [UInt8], purpose: String) throws(RepositoryError) -> SecretBytes {
        guard let kdf = EVP_KDF_fetch(nil, "HKDF", nil) else { throw .library("EVP_KDF_fetch") }
        defer { EVP_KDF_free(kdf) }
        guard let context = EVP_KDF_CTX_new(kdf) else { throw .library("EVP_KDF_CTX_new") }
        defer { EVP_KDF_CTX_free(context) }
        var digest = Array("SHA256".utf8CString)
        var salt = salt
        var info = Array(purpose.utf8)
        var key = [UInt8](repeating: 0, count: 32)
        let isDone = digest.withUnsafeMutableBufferPointer { digest in
            salt.withUnsafeMutableBytes { salt in
                info.withUnsafeMutableBytes { info in
                    secret.withUnsafeBytes { secret in
                        let input = UnsafeMutableRawPointer(mutating: secret.baseAddress)
                        var parameters = [
                            OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.baseAddress, 0),
                            OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, input, secret.count),
                            OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.baseAddress, info.count),
                        ]
                        if salt.count > 0 {
                            parameters.append(
                                OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt.baseAddress, salt.count))
                        }
                        parameters.append(OSSL_PARAM_construct_end())
                        return EVP_KDF_derive(context, &key, key.count, parameters) == 1
                    }
                }
            }
        }
        guard isDone else { throw .library("EVP_KDF_derive") }
        defer { OPENSSL_cleanse(&key, key.count) }
        return SecretBytes(key)
    }

    /// scrypt (RFC 7914): a 32-byte key from a passphrase. Memory: 128·n·r bytes.
    static func scrypt(
        _ passphrase: [UInt8], salt: [UInt8], parameters: ScryptParameters
    ) throws(RepositoryError) -> SecretBytes {
        var key = [UInt8](repeating: 0, count: 32)
        let memoryMax = 2 * 128 * parameters.n * parameters.r * parameters.p + (1 << 20)
        let isDone = passphrase.withUnsafeBytes { passphrase in
            EVP_PBE_scrypt(
                passphrase.bindMemory(to: CChar.self).baseAddress, passphrase.count, salt, salt.count, parameters.n,
                parameters.r, parameters.p, memoryMax, &key, key.count) == 1
        }
        guard isDone else { throw .library("EVP_PBE_scrypt") }
        defer { OPENSSL_cleanse(&key, key.count) }
        return SecretBytes(key)
    }
}

/// The cost of turning a passphrase into a key (RFC 7914 section 2).
struct ScryptParameters: Codable, Sendable, Equatable {
    var n: UInt64
    var r: UInt64
    var p: UInt64

    /// 64 MiB and about a fifth of a second.
    static let standard = ScryptParameters(n: 1 << 16, r: 8, p: 1)

    /// What a stored record may ask of us: at most 1 GiB of memory.
    var isAcceptable: Bool {
        n >= 2 && n <= 1 << 20 && n & (n - 1) == 0 && (1...16).contains(r) && (1...4).contains(p)
            && 128 * n * r <= 1 << 30
    }
}
