import Foundation
import HoldfastCore
import Testing

@Suite("Identifiers")
struct IdentifierTests {
    @Test("a dashed id is a version 4 UUID in lower case", arguments: [UInt8(0x00), 0xFF, 0x5A])
    func dashed(byte: UInt8) throws {
        let id = VaultID.randomDashed { count in Data(repeating: byte, count: count) }

        let uuid = try #require(UUID(uuidString: id.text))
        #expect(id.text == uuid.uuidString.lowercased())
        #expect(uuid.uuid.6 >> 4 == 4)
        #expect(uuid.uuid.8 >> 6 == 0b10)
    }

    @Test("a plain id is 32 lower-case hex digits")
    func plain() {
        let id = ProjectID.randomPlain { count in Data((0..<count).map { UInt8($0 * 16) }) }
        #expect(id.text == "00102030405060708090a0b0c0d0e0f0")
    }

    @Test("an id travels through JSON as its text")
    func json() throws {
        let encoded = try JSONEncoder().encode([BackupID("b-1")])
        #expect(String(decoding: encoded, as: UTF8.self) == #"["b-1"]"#)
        #expect(try JSONDecoder().decode([BackupID].self, from: encoded) == [BackupID("b-1")])
    }
}

@Suite("Hexadecimal text")
struct HexTests {
    @Test("every byte survives the way there and back")
    func roundTrip() {
        let bytes = [UInt8](0...255)
        #expect(Hex.decode(Hex.encode(bytes)) == bytes)
        #expect(Hex.decode(Hex.encode(bytes).uppercased()) == bytes)
    }

    @Test("anything else is refused", arguments: ["0", "0g", "g0", "0x", " 0", "é0", "12 4"])
    func refused(text: String) { #expect(Hex.decode(text) == nil) }
}
