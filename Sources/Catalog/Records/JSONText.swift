internal import Foundation
internal import Synchronization

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
        let text = try text(column)
        if text == "[]", let empty = (Value.self as? any EmptyList.Type)?.init() as? Value { return empty }
        do {
            return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
        } catch is DecodingError {
            throw CatalogError.corrupt(column: column, wanted: "the JSON of \(Value.self)")
        }
    }
}

/// Lists that can be made empty without reading: most are.
private protocol EmptyList { init() }
extension Array: EmptyList {}

/// What texts mean, kept: a list of rows reads the same few texts again and again, and one text always means one value.
final class DecodedTexts<Value: Decodable & Sendable>: Sendable {
    private let known = Mutex<[String: Value]>([:])
    private let countMax: Int

    /// - Parameter countMax: beyond it all are forgotten, and kept anew.
    init(countMax: Int) { self.countMax = countMax }

    func json(_ column: String, of row: SQLRow) throws -> Value {
        let text = try row.text(column)
        if let value = known.withLock({ $0[text] }) { return value }
        let value: Value = try row.json(column)
        known.withLock { known in
            if known.count >= countMax { known.removeAll(keepingCapacity: true) }
            known[text] = value
        }
        return value
    }
}
