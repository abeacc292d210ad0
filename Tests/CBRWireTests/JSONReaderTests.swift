import Foundation
import TestSupport
import Testing

@testable import CBRWire

@Suite("JSON texts are read strictly, and cost what they weigh")
struct JSONReaderTests {
    private static func read(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

    @Test(
        "every kind of value",
        arguments: [
            ("null", JSONValue.null), ("true", .flag(true)), (" false\n", .flag(false)), ("0", .integer(0)),
            ("-0", .integer(0)), ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("1.5e2", .number(150)),
            ("2E-1", .number(0.2)),
            ("\"\"", .text("")), (#""a\"\\\/\b\f\n\r\tz""#, .text("a\"\\/\u{8}\u{C}\n\r\tz")),
            (#""\u00e9\u4E2d\ud83d\ude00""#, .text("é中😀")), ("\"é中😀\"", .text("é中😀")), ("[]", .list([])),
            ("[1, [2],\t{}]", .list([.integer(1), .list([.integer(2)]), .object([:])])),
            (#"{"a":{"b":[null]},"c":1}"#, .object(["a": .object(["b": .list([.null])]), "c": .integer(1)])),
            (#"{"a":1,"a":2}"#, .object(["a": .integer(2)])),
        ])
    func values(text: String, value: JSONValue) throws {
        #expect(try Self.read(text) == value)
    }

    @Test(
        "what is no JSON text is refused",
        arguments: [
            "", " ", "nul", "True", "01", "-", "1.", ".5", "1e", "+1", "0x1", "NaN", "Infinity", "'a'", "\"", "\"a",
            "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"a\nb\"", "[", "[1",
            "[1,", "[1,]", "[,1]", "[1 2]", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{a:1}",
            "{1:1}", "{\"a\" 1}", "1 2", "{}{}", "[]]", "// no\n1", "\u{FEFF}1",
        ])
    func malformed(text: String) {
        #expect(throws: FieldError.self) { try Self.read(text) }
    }

    @Test("bytes that are not UTF-8 are refused, in values and in names")
    func encoding() {
        for bytes: [UInt8] in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE4, 0xB8]] {
            #expect(throws: FieldError.self) { try JSONValue(parsing: [0x22] + bytes + [0x22]) }
            #expect(throws: FieldError.self) { try JSONValue(parsing: [0x7B, 0x22] + bytes + Array("\":1}".utf8)) }
        }
    }

    @Test("the refusal says what is wrong and where")
    func place() {
        #expect(
            throws: FieldError(
                field: "body", rule: "must be JSON (RFC 8259); a list goes on without a comma, at byte 3")
        ) {
            try Self.read("[1 2]")
        }
    }

    @Test("nesting ends at a depth that no stack minds")
    func depth() throws {
        func nested(_ count: Int, _ open: String, _ close: String) -> String {
            String(repeating: open, count: count) + "1" + String(repeating: close, count: count)
        }
        _ = try Self.read(nested(JSONReader.depthMax - 1, "[", "]"))
        _ = try Self.read(nested(JSONReader.depthMax - 1, "{\"a\":", "}"))
        for text in [nested(JSONReader.depthMax, "[", "]"), nested(500_000, "[", ""), nested(100_000, "{\"a\":", "")] {
            #expect(throws: FieldError.self) { try Self.read(text) }
        }
    }

    /// Goal: a text that JSONEncoder wrote means the same here. Method: random trees from a fixed seed.
    @Test("reads what Foundation writes", arguments: [UInt64](1...30))
    func agreement(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let value = Self.tree(depth: 0, using: &random)
        let text = try JSONSerialization.data(withJSONObject: Self.foundation(value), options: [.fragmentsAllowed])
        #expect(try JSONValue(parsing: Array(text)) == value)
    }

    /// Goal: whatever arrives is read or refused, and never ends the process. Method: cut and change a real body.
    @Test("survives any damage to a body", arguments: [UInt64](1...20))
    func damage(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let body = Array(
            #"{"checkpoint":{"parameters":{"auto_trigger":true,"name":"b\u00e9\ud83d\ude00","resources":["a",-1.5e3]}}}"#
                .utf8)
        for _ in 0..<500 {
            var bytes = body
            for _ in 0...Int.random(in: 0...4, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
            }
            bytes.removeLast(Int.random(in: 0...bytes.count / 2, using: &random))
            _ = try? JSONValue(parsing: bytes)
        }
    }

    /// Goal: the largest body that is taken costs milliseconds, whatever it is made of. A quadratic reader, or one that
    /// throws inside for each value, would take seconds or hours.
    @Test(
        "a body of the largest size is read at once", arguments: ["[],", "{\"a\":1},", "1,", "\"\\u0041\",", "1e99,"])
    func cost(part: String) throws {
        let bytes = Array(("[" + String(repeating: part, count: (1 << 20) / part.utf8.count) + "0]").utf8)
        let clock = ContinuousClock()
        let spent = try clock.measure { _ = try JSONValue(parsing: bytes) }
        #expect(spent < .seconds(5))
    }

    private static func tree(depth: Int, using random: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: depth > 4 ? 0...4 : 0...6, using: &random) {
        case 0: return .null
        case 1: return .flag(.random(using: &random))
        case 2: return .integer(.random(in: .min ... .max, using: &random))
        case 3: return .number(Double.random(in: -1e6...1e6, using: &random) + 0.123)
        case 4:
            let scalars = (0..<Int.random(in: 0...8, using: &random)).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 0...0x1_F9FF, using: &random))
            }
            return .text(String(String.UnicodeScalarView(scalars)))
        case 5:
            return .list(
                (0..<Int.random(in: 0...4, using: &random)).map { _ in tree(depth: depth + 1, using: &random) })
        default:
            var members: [String: JSONValue] = [:]
            for index in 0..<Int.random(in: 0...4, using: &random) {
                members["m\(index)"] = tree(depth: depth + 1, using: &random)
            }
            return .object(members)
        }
    }

    private static func foundation(_ value: JSONValue) -> Any {
        switch value {
        case .null: NSNull()
        case .flag(let value): value
        case .integer(let value): value
        case .number(let value): value
        case .text(let value): value
        case .list(let values): values.map(foundation)
        case .object(let members): members.mapValues(foundation)
        }
    }
}
