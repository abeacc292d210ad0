import CCrypto

/// The hashes that signatures and tokens need, one call each.
enum Hashing {
    /// SHA-256 (FIPS 180-4), 32 bytes.
    static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        let isDone = EVP_Digest(bytes, bytes.count, &digest, &length, EVP_sha256(), nil) == 1
        // Fails only when memory for a context runs out or the library is broken: there is nothing to go on with.
        precondition(isDone && length == 32, "libcrypto can't compute SHA-256")
        return digest
    }

    /// HMAC-SHA-256 (RFC 2104), 32 bytes.
    static func hmacSHA256(key: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: 32)
        var length = 0
        let isDone =
            EVP_Q_mac(nil, "HMAC", nil, "SHA256", nil, key, key.count, bytes, bytes.count, &code, code.count, &length)
            != nil
        precondition(isDone && length == 32, "libcrypto can't compute HMAC-SHA-256")
        return code
    }

    /// Takes the same time wherever the bytes differ.
    static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
    }
}
