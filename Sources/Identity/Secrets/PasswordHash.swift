import CCrypto
import Foundation
import HoldfastCore

/// A password as it is stored: scrypt (RFC 7914) with a random salt, and the costs beside it so that they can grow.
///
/// `scrypt$N$r$p$salt hex$hash hex`. With the standard costs one check takes 16 MiB and some 50 ms.
struct PasswordHash: Equatable, CustomStringConvertible {
    struct Costs: Equatable {
        var n: UInt64
        var r: UInt64
        var p: UInt64
        static let standard = Costs(n: 1 << 14, r: 8, p: 1)
    }

    static let saltBytes = 16
    private static let hashBytes = 32
    private static let name = "scrypt"

    let costs: Costs
    let salt: [UInt8]
    let hash: [UInt8]

    /// - Throws: ``IdentityError`` with `.libraryFailure`.
    init(of password: String, salt: [UInt8], costs: Costs = .standard) throws(IdentityError) {
        self.costs = costs
        self.salt = salt
        hash = try Self.derive(password, salt: salt, costs: costs)
    }

    /// - Returns: nil when the text is not of that form or asks for unreasonable costs.
    init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == Self.name, let n = UInt64(parts[1]), let r = UInt64(parts[2]),
            let p = UInt64(parts[3]), let salt = Hex.decode(parts[4]), let hash = Hex.decode(parts[5]),
            n > 1, n <= 1 << 20, n & (n - 1) == 0, (1...16).contains(r), (1...4).contains(p),
            hash.count == Self.hashBytes
        else { return nil }
        costs = Costs(n: n, r: r, p: p)
        self.salt = salt
        self.hash = hash
    }

    var description: String { "<password hash>" }

    /// As it is stored.
    var text: String {
        [Self.name, "\(costs.n)", "\(costs.r)", "\(costs.p)", Hex.encode(salt), Hex.encode(hash)]
            .joined(separator: "$")
    }

    /// Slow on purpose: call it on a named thread.
    func matches(_ password: String) throws(IdentityError) -> Bool {
        Hashing.areEqual(hash, try Self.derive(password, salt: salt, costs: costs))
    }

    private static func derive(_ password: String, salt: [UInt8], costs: Costs) throws(IdentityError) -> [UInt8] {
        let bytes = Array(password.utf8)
        var key = [UInt8](repeating: 0, count: hashBytes)
        let memoryMax = 2 * 128 * costs.n * costs.r * costs.p + (1 << 20)
        let isDone = bytes.withUnsafeBytes { bytes in
            EVP_PBE_scrypt(
                bytes.bindMemory(to: CChar.self).baseAddress, bytes.count, salt, salt.count, costs.n, costs.r, costs.p,
                memoryMax, &key, key.count) == 1
        }
        guard isDone else { throw .library("EVP_PBE_scrypt") }
        return key
    }
}
