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
    private static let salt = [UInt8](32..<64)
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
            Hex.encode(bytes[40..<71]) == "2dd09cb1440d3776b2e84c77b444a9618492c08fd7e539b1b68a32cbcc2782")
        #expect(
            Hex.encode(try Digest.sha256(bytes)) == "3a953c3ed4199d6fe5b9a1f0badee5cd3e049c93b71c500110d5a4e9321aebbe")
        #expect(try PackLayout.table(of: bytes, name: "x", keys: Self.keys).entries == [entry])
    }

    @Test("sealed records (section 5)")
    func record() throws {
        let record = try SealedRecord.restorePoint.seal(Array("{}".utf8), keys: Self.keys, salt: Self.salt)
        #expect(
            Hex.encode(try Digest.sha256(record)) == "dcfe4c4ed4762779abeb45a5a30ba3eb55e64a9f2b788689e31d5fa5c5b0e46e")
        #expect(try SealedRecord.restorePoint.open(record, keys: Self.keys, name: "x") == Array("{}".utf8))
        #expect(throws: RepositoryError.self) { try SealedRecord.segment.open(record, keys: Self.keys, name: "x") }
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

    @Test("wrapped keys (section 2)")
    func wrappings() throws {
        let master = SecretBytes(Array(0..<32))
        let file = KeyFile(randomBytes: { Data(repeating: 7, count: $0) })
        let byFile = try KeyWrapping(master, under: .keyFile(file), repositoryID: "00", salt: Self.salt)
        #expect(
            byFile.wrapped == "6b30fc054753acbdc09b4b8354bc2a1c928596e6bb216d726076f1c31fedcd5d"
                + "80dea4dade0fd18677a6cc9276aebe81")
        let passphrase = KeyMaterial.passphrase(Array("correct horse".utf8))
        let byPassphrase = try KeyWrapping(master, under: passphrase, repositoryID: "00", salt: Self.salt)
        #expect(
            byPassphrase.wrapped == "2b0b99c389886aeb389363076cf2d4bad2392e6de4227b7abde66c0ddf8eebb9"
                + "a78ba51f1bf47276b677c7343c6273f5")
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
