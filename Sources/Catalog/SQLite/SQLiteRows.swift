internal import GRDB
internal import GRDBSQLite
internal import Synchronization

/// The rows of a statement that only reads, taken from SQLite itself.
///
/// GRDB's rows look their columns up by name once more, and copy each value twice.
struct SQLiteRows {
    private let handle: SQLiteStatement
    private let columns: SQLColumns

    /// - Parameters:
    ///   - statement: with its arguments bound, and not yet begun.
    ///   - sql: its text.
    init(_ statement: Statement, sql: String) {
        handle = statement.sqliteStatement
        var names = statement.columnNames
        // A statement that stood before the schema changed is made anew by SQLite, and names its columns anew.
        let count = sqlite3_column_count(handle)
        if names.count != Int(count) {
            let handle = handle
            names = (0..<count).map { sqlite3_column_name(handle, $0).map { String(cString: $0) } ?? "" }
        }
        columns = Self.columns(names, sql: sql)
    }

    func all() throws -> [SQLRow] {
        defer { sqlite3_reset(handle) }
        var answer: [SQLRow] = []
        while true {
            let code = sqlite3_step(handle)
            switch code {
            case SQLITE_ROW: answer.append(SQLRow(columns, try values()))
            case SQLITE_DONE: return answer
            default:
                throw DatabaseError(
                    resultCode: ResultCode(rawValue: code),
                    message: String(cString: sqlite3_errmsg(sqlite3_db_handle(handle))),
                    sql: sqlite3_sql(handle).map { String(cString: $0) })
            }
        }
    }

    private func values() throws -> [SQLValue] {
        try columns.names.indices.map { index in
            let column = CInt(index)
            switch sqlite3_column_type(handle, column) {
            case SQLITE_NULL: return .null
            case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, column))
            case SQLITE_TEXT:
                guard let text = sqlite3_column_text(handle, column) else { return .text("") }
                let bytes = UnsafeBufferPointer(start: text, count: Int(sqlite3_column_bytes(handle, column)))
                return .text(String(decoding: bytes, as: UTF8.self))
            case SQLITE_BLOB:
                guard let bytes = sqlite3_column_blob(handle, column) else { return .bytes([]) }
                return .bytes(
                    Array(UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(handle, column)))))
            default:
                throw CatalogError.corrupt(column: columns.names[index], wanted: "an integer, text or bytes")
            }
        }
    }

    private static let known = Mutex<[String: SQLColumns]>([:])
    /// The service has some hundred statements; lists with filters have forms of their own.
    private static let knownMax = 2048

    /// The same for every run of a statement, unless the schema changed.
    private static func columns(_ names: [String], sql: String) -> SQLColumns {
        known.withLock { known in
            if let columns = known[sql], columns.names == names { return columns }
            if known.count >= knownMax { known.removeAll() }
            let columns = SQLColumns(names)
            known[sql] = columns
            return columns
        }
    }
}
