internal import Foundation

/// Lists and free facts in one column: JSON with sorted keys, so that equal values are equal text.
enum JSONText {
    static func encode(_ value: some Encodable) throws -> SQLValue {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return .text(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// How an object that ``encode(_:)`` wrote has a member with a text.
    static func member(_ name: String, _ value: String) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        let quoted = (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
        return "\"\(name)\":\(quoted)"
    }
}

extension SQLRow {
    func json<Value: Decodable>(_ column: String, as: Value.Type = Value.self) throws -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(try text(column).utf8))
        } catch is DecodingError {
            throw CatalogError.corrupt(column: column, wanted: "the JSON of \(Value.self)")
        }
    }
}
