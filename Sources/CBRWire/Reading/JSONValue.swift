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

    /// - Throws: ``FieldError`` when the bytes are no JSON text, or nested deeper than any body has to be.
    public init(parsing bytes: [UInt8]) throws(FieldError) { self = try JSONReader.read(bytes) }

    /// Also of a number like `10.0`, which has no fraction to lose.
    var integer: Int64? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int64(exactly: value)
        case .null, .flag, .text, .list, .object: nil
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
