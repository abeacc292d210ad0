import Foundation
import HoldfastCore
import Synchronization

/// Every key of a repository, derived by HKDF with a purpose of its own from the master key of an *epoch*.
///
/// What is sealed says under which epoch: in the last four bytes of its salt. A new epoch begins when keys are rotated or
/// revoked; what was sealed before stays as it is. Names of chunks come from epoch 0 for ever, so that equal bytes stay
/// equal chunks.
final class KeyTree: Sendable {
    private struct State {
        var masters: [SecretBytes]
        var refill: (@Sendable () throws(RepositoryError) -> [SecretBytes]?)?
    }

    private let first: SecretBytes
    private let state: Mutex<State>

    /// - Parameter masters: of the epochs from 0 on; at least one.
    init(masters: [SecretBytes]) {
        first = masters[0]
        state = Mutex(State(masters: masters))
    }

    convenience init(master: SecretBytes) { self.init(masters: [master]) }

    /// The master keys of the epochs from 0 on.
    var masters: [SecretBytes] { state.withLock { $0.masters } }

    /// What is sealed from now on is sealed under it.
    var epoch: UInt32 { state.withLock { UInt32($0.masters.count - 1) } }

    /// - Parameter refill: asked for all master keys when something is sealed under an epoch that is not known yet.
    func refill(by refill: @escaping @Sendable () throws(RepositoryError) -> [SecretBytes]?) {
        state.withLock { $0.refill = refill }
    }

    /// Asks for all master keys, and takes in those of later epochs.
    ///
    /// - Returns: nil when the key opens nothing any more.
    func refilled() throws(RepositoryError) -> [SecretBytes]? {
        guard let refill = state.withLock({ $0.refill }), let masters = try refill() else { return nil }
        adopt(masters)
        return masters
    }

    /// Takes in the master keys of later epochs; fewer than there are change nothing.
    func adopt(_ masters: [SecretBytes]) {
        state.withLock { if masters.count > $0.masters.count { $0.masters = masters } }
    }

    /// `random(28) || epoch(4, LE)`, for a new object.
    func salt(_ randomBytes: (_ count: Int) -> Data) -> [UInt8] {
        [UInt8](randomBytes(Cipher.saltBytes - 4)) + withUnsafeBytes(of: epoch.littleEndian) { Array($0) }
    }

    /// The epoch that something is sealed under.
    static func epoch(ofSalt salt: [UInt8]) -> UInt32 {
        salt.suffix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The key that names chunks of one domain: equal bytes in two domains get unrelated names.
    func naming(_ domain: DomainTag) throws(RepositoryError) -> KeyedHash { KeyedHash(key: try namingKey(domain)) }

    func namingKey(_ domain: DomainTag) throws(RepositoryError) -> SecretBytes {
        try KeyDerivation.hkdf(first, salt: [], purpose: "holdfast 1 chunk name \(Hex.encode(domain.bytes))")
    }

    /// The cipher of one stored object.
    ///
    /// - Throws: ``RepositoryError`` with `.keyMissing` for an epoch that the key does not open.
    func cipher(salt: [UInt8], purpose: String) throws(RepositoryError) -> Cipher {
        Cipher(key: try KeyDerivation.hkdf(try master(Self.epoch(ofSalt: salt)), salt: salt, purpose: purpose))
    }

    private func master(_ epoch: UInt32) throws(RepositoryError) -> SecretBytes {
        let known = masters
        if epoch < known.count { return known[Int(epoch)] }
        if let masters = try refilled(), epoch < masters.count { return masters[Int(epoch)] }
        throw RepositoryError(
            .keyMissing, "something in the repository is sealed under key epoch \(epoch), which this key does not open",
            facts: ["epoch": "\(epoch)"])
    }

    /// The cipher of one pack.
    func packCipher(salt: [UInt8]) throws(RepositoryError) -> Cipher {
        try cipher(salt: salt, purpose: "holdfast 1 pack")
    }

    /// Authenticates the repository's config object.
    func configHash() throws(RepositoryError) -> KeyedHash { try Self.hash(first, "holdfast 1 config") }

    /// Authenticates that an epoch has begun.
    static func epochHash(_ master: SecretBytes) throws(RepositoryError) -> KeyedHash {
        try hash(master, "holdfast 1 epoch")
    }

    /// Authenticates who a wrapping is for.
    static func recipientHash(_ master: SecretBytes) throws(RepositoryError) -> KeyedHash {
        try hash(master, "holdfast 1 recipient")
    }

    private static func hash(_ master: SecretBytes, _ purpose: String) throws(RepositoryError) -> KeyedHash {
        KeyedHash(key: try KeyDerivation.hkdf(master, salt: [], purpose: purpose))
    }
}

extension KeyedHash {
    /// In lower-case hex.
    func hex(of text: [UInt8]) throws(RepositoryError) -> String {
        let result = text.withUnsafeBytes { bytes in
            Result { () throws(RepositoryError) in try name(of: bytes) }
        }
        return try result.get().description
    }
}
