/// A transaction on the catalog. SQL is written once, for SQLite and PostgreSQL; placeholders are `?`.
///
/// A statement that fails ends the transaction: nothing of it is stored, whatever the body does then.
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
/// - **Isolated**: a body sees one state of the database; writes happen as if one came after the other. For that a body may run more
///   than once, so it does nothing but read, write and decide.
/// - **Off the cooperative threads**: bodies run on threads that may block. Errors of a body pass through as they are.
public protocol CatalogDatabase: Sendable {
    func read<Value: Sendable>(_ body: @escaping @Sendable (any SQLTransaction) throws -> Value) async throws -> Value
    func write<Value: Sendable>(_ body: @escaping @Sendable (any SQLTransaction) throws -> Value) async throws -> Value
    /// The state that the catalog is in now. While it stays the same, nothing is committed, by this process or another: what was read
    /// after the first call is what a reading after the last one would find. Never blocks. Nil when it can't be told now, and
    /// always nil where finding out costs as much as reading.
    func version() -> CatalogVersion?
    /// The threads that reads run on, for tasks that mostly read: on them a read does not change threads. Nil where there are none.
    var readingThreads: (any TaskExecutor)? { get }
    /// Ends all work. Calls made later fail; a second close does nothing.
    func close() async throws
}

extension CatalogDatabase {
    public func version() -> CatalogVersion? { nil }
    public var readingThreads: (any TaskExecutor)? { nil }
}
