import CCrypto

/// X25519 (RFC 7748): what is wrapped to a public key, only its secret opens.
enum KeyAgreement {
    static let keyBytes = 32

    /// The public key that belongs to a secret of 32 bytes.
    static func publicKey(of secret: SecretBytes) throws(RepositoryError) -> [UInt8] {
        let pair = try self.pair(secret)
        defer { EVP_PKEY_free(pair) }
        var key = [UInt8](repeating: 0, count: keyBytes)
        var length = key.count
        guard EVP_PKEY_get_raw_public_key(pair, &key, &length) == 1, length == keyBytes else {
            throw .library("EVP_PKEY_get_raw_public_key")
        }
        return key
    }

    /// What both sides come to: one from its secret and the other's public key, the other the other way round.
    ///
    /// - Returns: nil for a public key that leads every secret to the same place (RFC 7748, section 6.1).
    static func shared(_ secret: SecretBytes, with publicKey: [UInt8]) throws(RepositoryError) -> SecretBytes? {
        guard publicKey.count == keyBytes else { return nil }
        let pair = try self.pair(secret)
        defer { EVP_PKEY_free(pair) }
        guard let peer = EVP_PKEY_new_raw_public_key_ex(nil, "X25519", nil, publicKey, publicKey.count) else {
            throw .library("EVP_PKEY_new_raw_public_key_ex")
        }
        defer { EVP_PKEY_free(peer) }
        guard let context = EVP_PKEY_CTX_new_from_pkey(nil, pair, nil) else {
            throw .library("EVP_PKEY_CTX_new_from_pkey")
        }
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_derive_init(context) == 1, EVP_PKEY_derive_set_peer(context, peer) == 1 else {
            throw .library("EVP_PKEY_derive_init")
        }
        var key = [UInt8](repeating: 0, count: keyBytes)
        defer { OPENSSL_cleanse(&key, key.count) }
        var length = key.count
        guard EVP_PKEY_derive(context, &key, &length) == 1, length == keyBytes else { return nil }
        return SecretBytes(key)
    }

    private static func pair(_ secret: SecretBytes) throws(RepositoryError) -> OpaquePointer {
        let pair = secret.withUnsafeBytes { secret in
            EVP_PKEY_new_raw_private_key_ex(
                nil, "X25519", nil, secret.bindMemory(to: UInt8.self).baseAddress, secret.count)
        }
        guard let pair else { throw .library("EVP_PKEY_new_raw_private_key_ex") }
        return pair
    }
}
