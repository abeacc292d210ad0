import Catalog
import Foundation
import HoldfastCore
import TestSupport
import Testing

@testable import Identity

@Suite("Secrets at rest")
struct SecretTests {
    /// RFC 7914 section 12, the first 32 of its 64 bytes: PBKDF2 makes them block by block, whatever is asked for.
    @Test("scrypt is the standard's")
    func scrypt() throws {
        let hash = try PasswordHash(of: "pleaseletmein", salt: Array("SodiumChloride".utf8))
        #expect(hash.costs == .init(n: 16384, r: 8, p: 1))
        #expect(Hex.encode(hash.hash) == "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2")
    }

    @Test("a password is recognised after it was stored, and no other", arguments: ["p", "", "pässwörd 🔑", "a\0b"])
    func passwords(password: String) throws {
        let costs = PasswordHash.Costs(n: 16, r: 8, p: 1)
        let stored = try PasswordHash(of: password, salt: [1, 2, 3], costs: costs).text
        let hash = try #require(PasswordHash(stored))
        #expect(try hash.matches(password))
        #expect(try !hash.matches(password + "x"))
    }

    @Test(
        "a stored password of another form, or of costs that would stop the server, is not read",
        arguments: [
            "", "scrypt", "scrypt$16384$8$1$00$00", "md5$1$1$1$00$00", "scrypt$3$8$1$00$\(hex32)",
            "scrypt$0$8$1$00$\(hex32)", "scrypt$1073741824$8$1$00$\(hex32)", "scrypt$16384$8$99$00$\(hex32)",
            "scrypt$16384$99$1$00$\(hex32)", "scrypt$16384$8$1$0g$\(hex32)", "scrypt$-2$8$1$00$\(hex32)",
            "scrypt$16384$8$1$00$\(hex32)$",
        ])
    func malformed(text: String) { #expect(PasswordHash(text) == nil) }

    private static let hex32 = String(repeating: "00", count: 32)

    @Test("what is sealed opens with the same key and label only", arguments: UInt64(1)...20)
    func boxes(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let clock = ManualClock(seed: seed)
        let box = IdentityBench.box(clock)
        let secret = random.bytes(Int.random(in: 1...64, using: &random))
        let sealed = try box.seal(secret, label: "AK")
        #expect(try box.open(sealed, label: "AK") == secret)
        #expect(try box.seal(secret, label: "AK") != sealed, "a nonce of its own each time")

        #expect(throws: IdentityError.self) { try box.open(sealed, label: "AL") }
        #expect(throws: IdentityError.self) { try IdentityBench.box(clock, fill: 9).open(sealed, label: "AK") }
        var damaged = sealed
        damaged[Int.random(in: 0..<sealed.count, using: &random)] ^= 1 << UInt8.random(in: 0...7, using: &random)
        #expect(throws: IdentityError.self) { try box.open(damaged, label: "AK") }
        for length in [0, 1, 27, sealed.count - 1] {
            #expect(throws: IdentityError.self) { try box.open(Array(sealed.prefix(length)), label: "AK") }
        }
    }

    @Test("what holds a secret does not show it when it is printed, alone or inside another value")
    func printing() async throws {
        try await IdentityBench.with { bench in
            let token = try await bench.login()
            let key = try #require(try await bench.service.accessKeys().first)
            let made = try await bench.service.createApplicationCredential(
                name: "job", description: "", secret: nil, expiresAt: nil, by: token.principal)
            let request = TokenRequest(
                method: .password(bench.adminName, password: bench.admin.password), scope: .unscoped)
            let box = IdentityBench.box(bench.clock)
            let signer = RequestSigner(accessKey: bench.admin.accessKey, secret: bench.admin.secretKey)
            let hash = try #require(PasswordHash(token.principal.user.passwordHash))
            let values: [Any] = [
                token, token.principal, key, made.credential, request, request.method, bench.admin, box, signer, hash,
                bench.bearing(token.text), bench.signed(),
            ]
            let secrets = [
                token.text, bench.admin.password, bench.admin.secretKey, made.secret, key.sealedSecret,
                token.principal.user.passwordHash, made.credential.secretHash,
            ]
            for text in ["\(values)", String(reflecting: values)] + values.map({ "\($0)" }) {
                for secret in secrets { #expect(!text.contains(secret)) }
            }
        }
    }
}
