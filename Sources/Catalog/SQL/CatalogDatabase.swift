/// A transaction on the catalog. SQL is written once, for SQLite and PostgreSQL; placeholders are `?`.
public protocol SQLTransaction {
    func query(_ sql: String, _ arguments: [SQLValue]) throws -> [SQLRow]
    /// - Returns: how many rows changed.
    @discardableResult
    func execute(_ sql: String, _ arguments: [SQLValue]) throws -> Int
}

extension SQLTransaction {
    public func query(_ sql: String) throws -> [SQLRow] { try query(sql, []) }

    @discardableResult
    public func execute(_ sql: String) throws -> Int { try execute(sql, []) }
}

/// The catalog's rows, whatever database keeps them.
///
/// Every implementation guarantees:
/// - **Atomic**: a body that throws changes nothing; one that returns changes all it said.
/// - **Durable**: once `write` returns, its changes survive power loss.
/// - **Isolated**: a body sees one state of the database; writes happen one after the other.
/// - **Off the cooperative threads**: bodies run on threads that may block. Errors of a body pass through as they are.
public protocol CatalogDatabase: Sendable {
    func read<Value: Sendable>(_ body: @escaping @Sendable (any SQLTransaction) throws -> Value) async throws -> Value
    func write<Value: Sendable>(_ body: @escaping @Sendable (any SQLTransaction) throws -> Value) async throws -> Value
}
