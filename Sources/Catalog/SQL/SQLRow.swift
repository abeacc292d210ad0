public import HoldfastCore

/// Where each column of an answer stands in its rows; of two with one name, the last.
final class SQLColumns: Sendable {
    let names: [String]
    let indexes: [String: Int]

    init(_ names: [String]) {
        self.names = names
        indexes = Dictionary(names.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { $1 })
    }
}

/// One row of an answer. Getters throw ``CatalogError`` with `.corrupt` when a column is missing or of another type.
public struct SQLRow: Sendable, Equatable {
    private let columns: SQLColumns
    private let values: [SQLValue]

    /// - Parameter columns: shared by all rows of an answer: names are looked up once for all of them.
    init(_ columns: SQLColumns, _ values: [SQLValue]) {
        self.columns = columns
        self.values = values
    }

    public init(_ values: [String: SQLValue]) {
        let names = values.keys.sorted()
        self.init(SQLColumns(names), names.compactMap { values[$0] })
    }

    public static func == (left: Self, right: Self) -> Bool { left.byName == right.byName }

    private var byName: [String: SQLValue] { columns.indexes.compactMapValues { values[$0] } }

    public func value(_ column: String) throws -> SQLValue {
        guard let index = columns.indexes[column], index < values.count else {
            throw CatalogError.corrupt(column: column, wanted: "present")
        }
        return values[index]
    }

    public func optionalInt64(_ column: String) throws -> Int64? {
        switch try value(column) {
        case .integer(let number): number
        case .null: nil
        case .text, .bytes: throw CatalogError.corrupt(column: column, wanted: "an integer")
        }
    }

    public func optionalText(_ column: String) throws -> String? {
        switch try value(column) {
        case .text(let text): text
        case .null: nil
        case .integer, .bytes: throw CatalogError.corrupt(column: column, wanted: "text")
        }
    }

    public func optionalBytes(_ column: String) throws -> [UInt8]? {
        switch try value(column) {
        case .bytes(let bytes): bytes
        case .null: nil
        case .integer, .text: throw CatalogError.corrupt(column: column, wanted: "bytes")
        }
    }

    public func int64(_ column: String) throws -> Int64 { try present(optionalInt64(column), column) }
    public func int(_ column: String) throws -> Int { Int(try int64(column)) }
    public func bool(_ column: String) throws -> Bool { try int64(column) != 0 }
    public func text(_ column: String) throws -> String { try present(optionalText(column), column) }
    public func bytes(_ column: String) throws -> [UInt8] { try present(optionalBytes(column), column) }
    public func instant(_ column: String) throws -> Instant { Instant(microseconds: try int64(column)) }

    public func optionalInstant(_ column: String) throws -> Instant? {
        try optionalInt64(column).map { Instant(microseconds: $0) }
    }

    public func id<Subject>(_ column: String) throws -> Identifier<Subject> { Identifier(try text(column)) }

    public func optionalID<Subject>(_ column: String) throws -> Identifier<Subject>? {
        try optionalText(column).map { Identifier($0) }
    }

    /// A value stored by its raw text.
    public func choice<Choice: RawRepresentable>(_ column: String, of: Choice.Type = Choice.self) throws -> Choice
    where Choice.RawValue == String {
        guard let choice = Choice(rawValue: try text(column)) else {
            throw CatalogError.corrupt(column: column, wanted: "one of \(Choice.self)")
        }
        return choice
    }

    private func present<Value>(_ value: Value?, _ column: String) throws -> Value {
        guard let value else { throw CatalogError.corrupt(column: column, wanted: "not null") }
        return value
    }
}
