import Foundation
import HoldfastCore
import ObjectStorage
import Testing

@testable import Repository

/// Bytes that a second implementation, written from docs/format.md in another language, made. Section numbers are that
/// page's.
@Suite("Stored bytes are those of the format's page")
struct FormatVectorTests {
    private static let keys = KeyTree(master: SecretBytes(Array(0..<32)))
    /// Of epoch 0: its number is in the last four bytes.
    private static let salt = [UInt8](32..<60) + [0, 0, 0, 0]
    private static let plain = Array("hello, holdfast".utf8)
    private static let name = "e0d63a59b3181ad369983c07651411fa972e24f49cd7043527381708c5874523"

    @Test("chunk names (section 3)")
    func names() throws {
        let naming = try Self.keys.naming(DomainTag(domain: "local"))
        #expect(try Self.plain.withUnsafeBytes { try naming.name(of: $0) }.description == Self.name)
        let other = try Self.keys.naming(DomainTag(domain: "other"))
        #expect(try Self.plain.withUnsafeBytes { try other.name(of: $0) }.description != Self.name)
    }

    @Test("packs (section 4)")
    func pack() throws {
        let pack = try OpenPack(salt: Self.salt, domain: DomainTag(domain: "local"), keys: Self.keys)
        let (room, _) = try #require(pack.reserve(payloadBytes: Self.plain.count))
        let id = try #require(Hex.decode(Self.name).flatMap { ChunkID(bytes: $0) })
        let entry = PackEntry(
            id: id, offset: UInt32(room.offset), storedBytes: UInt32(room.storedBytes),
            plainBytes: UInt32(Self.plain.count), form: .plain)
        _ = try Self.plain.withUnsafeBytes { try pack.fill(room, with: $0, entry: entry) }
        #expect(pack.close())
        let bytes = Array(try pack.finish())
        #expect(bytes.count == 175)
        #expect(
            Hex.encode(bytes[40..<71]) == "cd71494aaedbf88f8dfaa74aa1fa44553dc530c57d7384cc2becbb61561cd0")
        #expect(
            Hex.encode(try Digest.sha256(bytes)) == "6d26eff1a7bb17409371c0117117fceda2803e33f1d1a594c693768716422b5d")
        #expect(try PackLayout.table(of: bytes, name: "x", keys: Self.keys).entries == [entry])
    }

    @Test("sealed records (section 5)")
    func record() throws {
        let record = try SealedRecord.restorePoint.seal(Array("{}".utf8), keys: Self.keys, salt: Self.salt)
        #expect(
            Hex.encode(try Digest.sha256(record)) == "78618f97f5f3569f2c2cfd75e8ba7404a2ea352c36f3a09a1f711b6df998d847")
        #expect(try SealedRecord.restorePoint.open(record, keys: Self.keys, name: "x") == Array("{}".utf8))
        #expect(throws: RepositoryError.self) { try SealedRecord.segment.open(record, keys: Self.keys, name: "x") }
    }

    @Test("locks (section 5)")
    func lock() throws {
        let point = String(repeating: "ab", count: 32)
        var lock = LockRecord(point: point, now: Date(timeIntervalSince1970: 0.000005))
        lock.keepUntil = 7_000_000
        let record = try SealedRecord.lock.seal(lock.encoded(), keys: Self.keys, salt: Self.salt)
        #expect(
            Hex.encode(try Digest.sha256(record)) == "456b1e6332f249448bdf222bf43f6976a9519eb6f190951cf71fba99181e3cbf")
        let body = try SealedRecord.lock.open(record, keys: Self.keys, name: "x")
        #expect(try LockRecord(decoding: body, point: point, name: "x") == lock)
        #expect(throws: RepositoryError.self) {
            try LockRecord(decoding: body, point: String(repeating: "cd", count: 32), name: "x")
        }
    }

    @Test("the config (section 2)")
    func config() throws {
        let bytes = try Config(format: 1, id: "00", features: [], createdAt: 5).encoded(keys: Self.keys)
        let text = """
            {"createdAt":5,"features":[],"format":1,"id":"00"}
            97827d9e4fcafaa550eb9959fe29b018b1b33a5fd800a32c11e1b13ce424f636

            """
        #expect(String(decoding: bytes, as: UTF8.self) == text)
    }

    @Test("wrapped keys and epochs (section 2)")
    func wrappings() throws {
        let first = SecretBytes(Array(0..<32))
        let second = SecretBytes(Array(1..<33))
        func wrap(_ masters: [SecretBytes], _ material: KeyMaterial, _ label: String) throws -> KeyWrapping {
            try KeyWrapping(
                masters, for: KeyRecipient(material, label: label, salt: Self.salt), repositoryID: "00",
                randomBytes: { Data(repeating: 9, count: $0) })
        }
        let file = KeyFile(randomBytes: { Data(repeating: 7, count: $0) })
        let byFile = try wrap([first], .keyFile(file), "a")
        #expect(byFile.recipient.public == "d809549e16eabaa003a29ece3146607468e7ca35dfab3f8a3c340fedb1a99852")
        #expect(byFile.ephemeral == "57db4b359f23ae5e146e4e2512056704722506348c150c14753d0c933d04d421")
        #expect(
            byFile.wrapped == "99cfcb03dcc2bf49ba475a16eb767482f00b92a6431a9330230390eee9d64d5d"
                + "3fba3435e9f6d9a8d97b2a67cd966653")
        #expect(byFile.proof == "15d648b5f29658e8ce18889525defd3e6df6788e0fe30867efccf036f67fdc37")
        let byPassphrase = try wrap([first, second], .passphrase(Array("correct horse".utf8)), "")
        #expect(byPassphrase.recipient.public == "473d4c2a74671507f6a484a15169209bd4bf44ab710e35d4f4dff98fcd29fc4c")
        #expect(
            byPassphrase.wrapped == "8a221f8cd2d97c6b9bd6c6e3e255d937fb62e6aad7997a49c21c2c9ffa754ef9"
                + "80b09de35ab93b754d966206efb68988b40b167f18a1b378883615c4e9009978"
                + "084fb2ea23819224294e7b7fa928b975")
        #expect(byPassphrase.proof == "55253125c29ebbbf2beab596f0fcdb94327829e23cba364b4f29456ab69f7086")
        let epoch = try KeyEpoch(number: 1, master: second, repositoryID: "00")
        #expect(epoch.proof == "c88ff181de671a14edf437dc06b394e6d73eee16d1ab7ec538cbf2f64525667f")
    }

    @Test("where files are cut (section 7)")
    func cuts() {
        let bytes = Fixture.bytes(3_000_000, seed: 3)
        var lengths: [Int] = []
        bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                lengths.append(FastCDC().firstBoundary(in: UnsafeRawBufferPointer(rebasing: rest)))
                rest = rest.dropFirst(lengths.last ?? rest.count)
            }
        }
        #expect(lengths == [830_663, 572_748, 244_725, 585_477, 654_232, 112_155])
    }
}
