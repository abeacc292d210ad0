public import HoldfastCore

/// One row of an answer. Getters throw ``CatalogError`` with `.corrupt` when a column is missing or of another type.
public struct SQLRow: Sendable, Equatable {
    private let values: [String: SQLValue]

    public init(_ values: [String: SQLValue]) { self.values = values }

    public func value(_ column: String) throws -> SQLValue {
        guard let value = values[column] else { throw CatalogError.corrupt(column: column, wanted: "present") }
        return value
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
