internal import CPostgres

/// One answer of libpq, freed with this object.
final class PostgresResult {
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) { self.handle = handle }

    deinit { PQclear(handle) }

    /// Nil for rows, or for a statement that ended well.
    var failure: (state: String, message: String)? {
        switch PQresultStatus(handle) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY, PGRES_SINGLE_TUPLE: nil
        default: (field(.state), field(.primaryMessage))
        }
    }

    /// Such as `INSERT 0 1`.
    var commandTag: String { String(cString: PQcmdStatus(handle)) }

    var changedRows: Int { Int(String(cString: PQcmdTuples(handle))) ?? 0 }

    /// - Throws: ``CatalogError`` with `.corrupt` for a column of a type that the catalog does not have.
    func rows() throws -> [SQLRow] {
        let columns = (0..<PQnfields(handle)).map { index in
            (index: index, name: String(cString: PQfname(handle, index)), type: PQftype(handle, index))
        }
        let names = SQLColumns(columns.map(\.name))
        return try (0..<PQntuples(handle)).map { row in
            let values = try columns.map { column -> SQLValue in
                guard PQgetisnull(handle, row, column.index) == 0, let text = PQgetvalue(handle, row, column.index)
                else { return .null }
                let bytes = UnsafeBufferPointer(start: text, count: Int(PQgetlength(handle, row, column.index)))
                return try SQLValue(
                    postgres: bytes.map { UInt8(bitPattern: $0) }, type: column.type, column: column.name)
            }
            return SQLRow(names, values)
        }
    }

    /// `PG_DIAG_…` in `postgres_ext.h`, which Swift can't import: they are characters.
    private enum Field: UInt8 {
        case state = 67
        case primaryMessage = 77
    }

    private func field(_ field: Field) -> String {
        PQresultErrorField(handle, Int32(field.rawValue)).map { String(cString: $0) } ?? ""
    }
}

extension SQLValue {
    /// - Parameters:
    ///   - text: as the server writes it for people: results come as text, because numbers are then the same for every width, and
    ///     sums that PostgreSQL widens to NUMERIC are numbers too.
    ///   - type: the object id in `pg_type`; the built-in ones never change.
    fileprivate init(postgres text: [UInt8], type: Oid, column: String) throws {
        switch type {
        // bool
        case 16: self = .integer(text == [UInt8(ascii: "t")] ? 1 : 0)
        // bytea, as \x and hex digits
        case 17:
            guard let bytes = Self.bytes(ofHex: text) else {
                throw CatalogError.corrupt(column: column, wanted: "bytes")
            }
            self = .bytes(bytes)
        // int8, int2, int4, numeric
        case 20, 21, 23, 1700:
            guard let number = Int64(String(decoding: text, as: UTF8.self)) else {
                throw CatalogError.corrupt(column: column, wanted: "an integer")
            }
            self = .integer(number)
        // name, text, unknown, varchar
        case 19, 25, 705, 1043: self = .text(String(decoding: text, as: UTF8.self))
        default: throw CatalogError.corrupt(column: column, wanted: "an integer, text or bytes")
        }
    }

    private static func bytes(ofHex text: [UInt8]) -> [UInt8]? {
        guard text.count.isMultiple(of: 2), text.starts(with: Array(#"\x"#.utf8)) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2 - 1)
        for index in stride(from: 2, to: text.count, by: 2) {
            guard let high = Character(UnicodeScalar(text[index])).hexDigitValue,
                let low = Character(UnicodeScalar(text[index + 1])).hexDigitValue
            else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        return bytes
    }

    /// What libpq is given: the server reads it as the type that the place in the statement has.
    ///
    /// - Throws: ``CatalogError`` with `.unstorable` for a NUL, which would end the text.
    func postgresText() throws -> String? {
        switch self {
        case .null: return nil
        case .integer(let number): return String(number)
        case .text(let text):
            guard !text.utf8.contains(0) else { throw CatalogError.unstorable }
            return text
        case .bytes(let bytes):
            let digits = Array("0123456789abcdef")
            return bytes.reduce(into: #"\x"#) { text, byte in
                text.append(digits[Int(byte >> 4)])
                text.append(digits[Int(byte & 15)])
            }
        }
    }
}
