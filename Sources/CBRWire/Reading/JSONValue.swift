import Foundation

/// A JSON text as a tree, before anything is expected of it.
public enum JSONValue: Sendable, Equatable {
    case null
    case flag(Bool)
    case integer(Int64)
    /// A number with a fraction, or out of the range of 64 bits.
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    /// - Throws: ``FieldError`` when the bytes are no JSON text, or nested deeper than the parser goes (512).
    public init(parsing bytes: [UInt8]) throws(FieldError) {
        do { self = try JSONDecoder().decode(JSONValue.self, from: Data(bytes)) } catch {
            throw FieldError(field: "body", rule: "must be JSON (RFC 8259)")
        }
    }

    var kind: String {
        switch self {
        case .null: "null"
        case .flag: "a boolean"
        case .integer: "an integer"
        case .number: "a number"
        case .text: "a string"
        case .list: "an array"
        case .object: "an object"
        }
    }
}

extension JSONValue: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .flag(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .flag(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .list(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}

/// A field that breaks a rule.
public struct FieldError: Error, Sendable, Equatable {
    /// With dots from the outside in: `checkpoint.parameters.name`; list places in brackets.
    public let field: String
    /// What must hold.
    public let rule: String

    public init(field: String, rule: String) {
        self.field = field
        self.rule = rule
    }

    public var message: String { "\(field): \(rule)" }
}
