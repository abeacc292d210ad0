import Foundation
import HoldfastCore
import TestSupport
import Testing

@testable import Repository

@Suite("Keys, seals and cuts")
struct SealingTests {
    @Test("HKDF-SHA-256 agrees with RFC 5869, test case 3 (its first 32 bytes)")
    func hkdf() throws {
        let secret = SecretBytes([UInt8](repeating: 0x0B, count: 22))
        let key = try KeyDerivation.hkdf(secret, salt: [], purpose: "")
        #expect(
            Hex.encode(key.withUnsafeBytes { Array($0) })
                == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d")
        let other = try KeyDerivation.hkdf(secret, salt: [], purpose: "other")
        #expect(key.withUnsafeBytes { Array($0) } != other.withUnsafeBytes { Array($0) })
    }

    @Test("HMAC-SHA-256 agrees with RFC 4231, test case 2")
    func hmac() throws {
        let hash = KeyedHash(key: SecretBytes(Array("Jefe".utf8)))
        for _ in 0..<2 {
            let name = try Array("what do ya want for nothing?".utf8).withUnsafeBytes { try hash.name(of: $0) }
            #expect(name.description == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        }
    }

    @Test("AES-256-GCM agrees with the test case 14 of McGrew and Viega, The Galois/Counter Mode of Operation")
    func gcm() throws {
        let cipher = Cipher(key: SecretBytes([UInt8](repeating: 0, count: 32)))
        let plain = [UInt8](repeating: 0, count: 16)
        var sealed = [UInt8](repeating: 0, count: 32)
        try sealed.withUnsafeMutableBytes { target in
            try plain.withUnsafeBytes { try cipher.seal($0, position: 0, associated: [], into: target) }
        }
        #expect(Hex.encode(sealed) == "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919")
        #expect(try sealed.withUnsafeBytes { try cipher.open($0, position: 0, associated: []) } == plain)
        #expect(try sealed.withUnsafeBytes { try cipher.open($0, position: 1, associated: []) } == nil)
        #expect(try sealed.withUnsafeBytes { try cipher.open($0, position: 0, associated: [1]) } == nil)
    }

    @Test("a key file survives writing and reading, is for its owner only, and is never replaced")
    func keyFile() throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/key"
        let file = KeyFile(randomBytes: { Data((0..<$0).map { UInt8($0) }) })
        try file.write(to: path)
        #expect(try KeyFile(readingFrom: path).text == file.text)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(throws: RepositoryError.self) { try file.write(to: path) }
        #expect(throws: RepositoryError.self) { try KeyFile(text: "holdfast-key-1 00") }
        #expect(!"\(file.secret)".contains("00010203"))
    }

    /// Goal: any input is covered exactly, within limits. Method: random lengths and bytes from a fixed seed.
    @Test("content-defined cuts cover every input within limits", arguments: [UInt64](1...12))
    func cuts(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let bytes = Fixture.bytes(Int.random(in: 0...6_000_000, using: &random), seed: seed)
        let chunker = FastCDC()
        var offset = 0
        bytes.withUnsafeBytes { bytes in
            while offset < bytes.count {
                let length = chunker.firstBoundary(in: UnsafeRawBufferPointer(rebasing: bytes[offset...]))
                let isLast = offset + length == bytes.count
                #expect(length > 0 && length <= FastCDC.sizeBytesMax)
                #expect(isLast || length >= FastCDC.sizeBytesMin)
                offset += length
            }
        }
        #expect(offset == bytes.count)
    }

    @Test("an insertion near the start leaves later cuts where they were")
    func insertion() {
        let bytes = Fixture.bytes(8_000_000, seed: 3)
        let first = Self.cutContents(bytes)
        let second = Self.cutContents(Array(bytes[..<1000]) + [1, 2, 3] + Array(bytes[1000...]))
        #expect(Set(first).intersection(second).count >= first.count - 2)
        #expect(first.count > 6)
    }

    private static func cutContents(_ bytes: [UInt8]) -> [[UInt8]] {
        let chunker = FastCDC()
        var chunks: [[UInt8]] = []
        var offset = 0
        while offset < bytes.count {
            let length = bytes.withUnsafeBytes {
                chunker.firstBoundary(in: UnsafeRawBufferPointer(rebasing: $0[offset...]))
            }
            chunks.append(Array(bytes[offset..<offset + length]))
            offset += length
        }
        return chunks
    }
}
