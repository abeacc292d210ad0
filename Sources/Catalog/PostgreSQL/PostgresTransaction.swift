/// The SQL seam over one connection inside a transaction.
///
/// PostgreSQL takes nothing more in a transaction after a statement that failed, so the failure is kept: the transaction can't be
/// stored, whatever the body makes of the error.
final class PostgresTransaction: SQLTransaction {
    private let connection: PostgresConnection
    private(set) var failure: PostgresFailure?

    init(_ connection: PostgresConnection) { self.connection = connection }

    func query(_ sql: String, _ arguments: [SQLValue]) throws -> [SQLRow] { try run(sql, arguments).rows() }

    func execute(_ sql: String, _ arguments: [SQLValue]) throws -> Int { try run(sql, arguments).changedRows }

    private func run(_ sql: String, _ arguments: [SQLValue]) throws -> PostgresResult {
        if let failure { throw CatalogError.postgres(failure, sql: sql) }
        do {
            return try connection.run(sql, arguments)
        } catch let failed as PostgresFailure {
            failure = failed
            throw CatalogError.postgres(failed, sql: sql)
        }
    }
}
