import HoldfastCore

/// Every key of a repository, derived from its master key by HKDF with a purpose of its own.
struct KeyTree: Sendable {
    let master: SecretBytes

    init(master: SecretBytes) { self.master = master }

    /// The key that names chunks of one domain: equal bytes in two domains get unrelated names.
    func naming(_ domain: DomainTag) throws(RepositoryError) -> KeyedHash {
        KeyedHash(
            key: try KeyDerivation.hkdf(
                master, salt: [], purpose: "holdfast 1 chunk name \(Hex.encode(domain.bytes))"))
    }

    /// The cipher of one stored object.
    func cipher(salt: [UInt8], purpose: String) throws(RepositoryError) -> Cipher {
        Cipher(key: try KeyDerivation.hkdf(master, salt: salt, purpose: purpose))
    }

    /// The cipher of one pack.
    func packCipher(salt: [UInt8]) throws(RepositoryError) -> Cipher {
        try cipher(salt: salt, purpose: "holdfast 1 pack")
    }

    /// Authenticates the repository's config object.
    func configHash() throws(RepositoryError) -> KeyedHash {
        KeyedHash(key: try KeyDerivation.hkdf(master, salt: [], purpose: "holdfast 1 config"))
    }
}
