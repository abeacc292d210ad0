import CBRWire
import Foundation
import TestSupport
import Testing

@Suite("Answers as JSON")
struct WireJSONTests {
    struct Inner: Encodable {
        var resourceID = "r"
        var isDone: Bool? = nil
    }

    struct Sample: Encodable {
        var vaultID = "v"
        var size = 10
        var share = 0.5
        var names = ["a", "b"]
        var none: [Int] = []
        var inner = Inner()
        var features = ["camelCase": Inner(), "another.key": Inner()]
    }

    private func text(_ value: some Encodable, verbatim: Bool = false) throws -> String {
        String(decoding: try WireJSON.encode(value, verbatim: verbatim), as: UTF8.self)
    }

    @Test("Members are in the order of their declaration, dictionaries in the order of their names")
    func order() throws {
        #expect(
            try text(Sample())
                == #"{"vault_id":"v","size":10,"share":0.5,"names":["a","b"],"none":[],"inner":{"resource_id":"r"},"#
                + #""features":{"another.key":{"resource_id":"r"},"camelCase":{"resource_id":"r"}}}"#)
    }

    @Test("Verbatim answers keep their names")
    func verbatim() throws {
        #expect(try text(Inner(isDone: true), verbatim: true) == #"{"resourceID":"r","isDone":true}"#)
    }

    @Test(
        "Numbers are as short as they can be", arguments: [(1.0, "1"), (0.1, "0.1"), (-2.5, "-2.5"), (1e21, "1e+21")])
    func numbers(value: Double, expected: String) throws { #expect(try text([value]) == "[\(expected)]") }

    @Test("What is no number has no text", arguments: [Double.infinity, -.infinity, .nan])
    func noNumber(value: Double) {
        #expect(throws: EncodingError.self) { try text([value]) }
    }

    @Test("Any text comes back as it was", arguments: 0..<200 as Range<UInt64>)
    func strings(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let alphabet: [Unicode.Scalar] = [
            "a", "\"", "\\", "/", "\n", "\u{0}", "\u{1f}", "\u{7f}", "é", "\u{2028}", "🗄",
        ]
        var scalars = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...40, using: &random) {
            scalars.append(alphabet[Int.random(in: 0..<alphabet.count, using: &random)])
        }
        let original = String(scalars)
        let read = try JSONDecoder().decode([String].self, from: Data(WireJSON.encode([original])))
        #expect(read.map { Array($0.utf8) } == [Array(original.utf8)])
    }

    struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    struct OneMember: Encodable {
        let name: String
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: AnyKey.self)
            try container.encode(1, forKey: AnyKey(stringValue: name))
        }
    }

    @Test("Names are as Foundation's snake case has them", arguments: 0..<300 as Range<UInt64>)
    func names(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var name = "a"
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            // A number right behind a capital: no name has it, and Foundation has its own way with it.
            let next: [Character] = name.last?.isUppercase == true ? ["b", "C", "D"] : ["b", "C", "D", "1"]
            name.append(next[Int.random(in: 0..<next.count, using: &random)])
        }
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        let expected = String(decoding: try encoder.encode(OneMember(name: name)), as: UTF8.self)
        #expect(try text(OneMember(name: name)) == expected, "\(name)")
    }

    struct Nested: Encodable {
        enum Keys: String, CodingKey { case outerList, afterIt, innerMember }
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Keys.self)
            var list = container.nestedUnkeyedContainer(forKey: .outerList)
            try list.encode(1)
            var inner = list.nestedContainer(keyedBy: Keys.self)
            try inner.encode("x", forKey: .innerMember)
            try list.encode(2)
            try container.encodeNil(forKey: .afterIt)
        }
    }

    @Test("Parts inside parts are closed when something outside them is written")
    func nested() throws {
        #expect(try text(Nested()) == #"{"outer_list":[1,{"inner_member":"x"},2],"after_it":null}"#)
        #expect(try text([Nullable<Int>(nil), Nullable(3)]) == "[null,3]")
        #expect(try text([[Int]]()) == "[]")
    }
}
