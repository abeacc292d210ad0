import HoldfastCore
import ObjectStorage

/// That a key epoch has begun: from then on everything is sealed under it.
///
/// Stored as `epochs/NUMBER`, ten decimal digits; the contents are the HMAC-SHA-256 of the repository's id under a key from
/// the epoch's master key, in lower-case hex. It is written once all keys that stay have the new master key.
struct KeyEpoch: Sendable {
    let number: Int
    let proof: String

    private static let proofBytes = 64
    private static let nameDigits = 10

    /// - Returns: the newest; nil in the first epoch, which has no such object.
    static func newest(in store: any ObjectStore) throws(RepositoryError) -> KeyEpoch? {
        let folder = try StoredKeys.epochs()
        let objects = try store.wrapping { store throws(ObjectStoreError) in try store.list(folder) }
        // Names that no rotation has made are none of ours: a sign would lead before the first epoch.
        let numbered = objects.compactMap { object -> (Int, ObjectEntry)? in
            let name = object.key.name
            guard name.utf8.count == nameDigits, name.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(name), number > 0
            else { return nil }
            return (number, object)
        }
        guard let (number, object) = numbered.max(by: { $0.0 < $1.0 }) else { return nil }
        let bytes = try store.wholeObject(object, sizeBytesMax: proofBytes)
        return KeyEpoch(number: number, proof: String(decoding: bytes, as: UTF8.self))
    }

    /// Of the repository with this id.
    init(number: Int, master: SecretBytes, repositoryID: String) throws(RepositoryError) {
        self.number = number
        proof = try KeyTree.epochHash(master).hex(of: Array(repositoryID.utf8))
    }

    private init(number: Int, proof: String) {
        self.number = number
        self.proof = proof
    }

    /// Those of the master keys that have begun.
    ///
    /// - Returns: nil when the epoch's own is not among them: the key was revoked, or the object is not what it was.
    func begun(_ masters: [SecretBytes], repositoryID: String) throws(RepositoryError) -> [SecretBytes]? {
        guard number < masters.count else { return nil }
        let own = try KeyEpoch(number: number, master: masters[number], repositoryID: repositoryID)
        return own.proof == proof ? Array(masters[...number]) : nil
    }

    func put(in store: any ObjectStore) throws(RepositoryError) {
        let digits = String(number)
        let key = try StoredKeys.epoch(String(repeating: "0", count: Self.nameDigits - digits.count) + digits)
        let bytes = Array(proof.utf8)
        try store.wrapping { store throws(ObjectStoreError) in try store.put(bytes, at: key) }
    }
}
