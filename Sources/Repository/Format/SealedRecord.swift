import HoldfastCore

/// A small object that is sealed as a whole: an index segment, a restore point record or the plan of a prune.
///
/// `magic(8) || salt(32) || sealed body || tag(16)`; the key is HKDF(master, salt, purpose), the position 0, and the
/// magic is the associated data.
struct SealedRecord {
    let magic: String
    let purpose: String

    static let segment = SealedRecord(magic: "HFINDEX1", purpose: "holdfast 1 index segment")
    static let restorePoint = SealedRecord(magic: "HFPOINT1", purpose: "holdfast 1 restore point")

    static let lock = SealedRecord(magic: "HFLOCK1\n", purpose: "holdfast 1 lock")
    static let plan = SealedRecord(magic: "HFPRUNE1", purpose: "holdfast 1 prune plan")

    private static let magicBytes = 8
    static let headBytes = magicBytes + Cipher.saltBytes

    func seal(_ body: [UInt8], keys: KeyTree, salt: [UInt8]) throws(RepositoryError) -> [UInt8] {
        precondition(magic.utf8.count == Self.magicBytes && salt.count == Cipher.saltBytes)
        let head = Array(magic.utf8) + salt
        let cipher = try keys.cipher(salt: salt, purpose: purpose)
        var record = head + [UInt8](repeating: 0, count: body.count + Cipher.tagBytes)
        let result = record.withUnsafeMutableBytes { record in
            body.withUnsafeBytes { body in
                Result { () throws(RepositoryError) in
                    try cipher.seal(
                        body, position: 0, associated: Array(magic.utf8),
                        into: UnsafeMutableRawBufferPointer(rebasing: record[head.count...]))
                }
            }
        }
        try result.get()
        return record
    }

    /// - Parameter name: of the object, for the error's sentence.
    func open(_ record: [UInt8], keys: KeyTree, name: String) throws(RepositoryError) -> [UInt8] {
        let headBytes = Self.headBytes
        guard record.count >= headBytes + Cipher.tagBytes, record.starts(with: magic.utf8) else {
            throw .corrupt(name, "it does not begin as such an object does")
        }
        let cipher: Cipher
        do throws(RepositoryError) {
            cipher = try keys.cipher(salt: Array(record[Self.magicBytes..<headBytes]), purpose: purpose)
        } catch {
            // Whether the epoch is unknown, or what says which it is was damaged, the name tells.
            guard error.code == .keyMissing, !name.hasSuffix(Hex.encode(try Digest.sha256(record))) else { throw error }
            throw .corrupt(name, "its name is not its hash")
        }
        let result = record.withUnsafeBytes { bytes in
            Result { () throws(RepositoryError) in
                try cipher.open(
                    UnsafeRawBufferPointer(rebasing: bytes[headBytes...]), position: 0,
                    associated: Array(magic.utf8))
            }
        }
        guard let body = try result.get() else { throw .corrupt(name, "its seal does not hold") }
        return body
    }
}
