internal import Foundation
internal import GRDB

/// The SQL seam over one GRDB connection inside a transaction.
///
/// SQLite would go on after a statement that failed. PostgreSQL does not, and a body that relies on it would show only there.
final class SQLiteTransaction: SQLTransaction {
    private let database: Database
    private var failure: CatalogError?

    private init(_ database: Database) { self.database = database }

    /// - Throws: what the body throws, or the failure that it kept to itself.
    static func run<Value>(_ database: Database, _ body: (any SQLTransaction) throws -> Value) throws -> Value {
        let transaction = SQLiteTransaction(database)
        let value = try body(transaction)
        if let failure = transaction.failure { throw failure }
        return value
    }

    func query(_ sql: String, _ arguments: [SQLValue]) throws -> [SQLRow] {
        try translated {
            let statement = try database.cachedStatement(sql: sql)
            let arguments = StatementArguments(try arguments.map { try $0.databaseValue() })
            // What changes rows has to pass GRDB's watch over the transaction; what only reads does not.
            guard statement.isReadonly else { return try Self.changedRows(statement, arguments) }
            try statement.setArguments(arguments)
            return try SQLiteRows(statement, sql: sql).all()
        }
    }

    private static func changedRows(_ statement: Statement, _ arguments: StatementArguments) throws -> [SQLRow] {
        let names = statement.columnNames
        let columns = SQLColumns(names)
        let rows = try Row.fetchCursor(statement, arguments: arguments)
        var answer: [SQLRow] = []
        while let row = try rows.next() {
            answer.append(
                SQLRow(
                    columns,
                    try names.indices.map { try SQLValue(row[$0] as DatabaseValue, column: names[$0]) }))
        }
        return answer
    }

    func execute(_ sql: String, _ arguments: [SQLValue]) throws -> Int {
        try translated {
            let statement = try database.cachedStatement(sql: sql)
            try statement.execute(arguments: StatementArguments(arguments.map { try $0.databaseValue() }))
            return database.changesCount
        }
    }

    /// Callers see the catalog's own errors, also inside a transaction.
    private func translated<Value>(_ body: () throws -> Value) throws -> Value {
        if let failure { throw failure }
        do { return try body() } catch let error as DatabaseError {
            let translated = CatalogError.sqlite(error)
            failure = translated
            throw translated
        }
    }
}

extension SQLValue {
    fileprivate func databaseValue() throws -> DatabaseValue {
        switch self {
        case .null: return .null
        case .integer(let number): return number.databaseValue
        case .text(let text):
            // It would come back cut off there. PostgreSQL refuses it too.
            guard !text.utf8.contains(0) else { throw CatalogError.unstorable }
            return text.databaseValue
        case .bytes(let bytes): return Data(bytes).databaseValue
        }
    }

    fileprivate init(_ value: DatabaseValue, column: String) throws {
        switch value.storage {
        case .null: self = .null
        case .int64(let number): self = .integer(number)
        case .string(let text): self = .text(text)
        case .blob(let data): self = .bytes([UInt8](data))
        case .double: throw CatalogError.corrupt(column: column, wanted: "an integer, text or bytes")
        }
    }
}

extension CatalogError {
    static func sqlite(_ error: DatabaseError) -> Self {
        let code: Code =
            switch error.resultCode {
            case .SQLITE_CONSTRAINT: .conflict
            case .SQLITE_FULL: .full
            case .SQLITE_CORRUPT, .SQLITE_NOTADB: .corrupt
            default: .unavailable
            }
        // The statement's text may go into a log; its arguments may hold secrets and do not.
        return Self(
            code: code, message: "the catalog failed: \(error.message ?? "SQLite error \(error.resultCode.rawValue)")",
            facts: ["sqlite_code": "\(error.extendedResultCode.rawValue)", "sql": error.sql ?? ""], cause: error)
    }
}
