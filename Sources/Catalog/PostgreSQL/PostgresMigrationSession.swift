internal import HoldfastCore

/// A session that changes the schema: alone, and without an end to its patience.
///
/// Its one connection holds an advisory lock, which ends with it.
final class PostgresMigrationSession: CatalogDatabase {
    private let pool: PostgresPool
    private let threads = NamedThreadPool(name: "catalog-migrate", threads: 1)

    init(_ target: PostgresTarget, seams: Seams) {
        var purpose = PostgresPool.Purpose(
            setup: PostgresPool.Purpose.session + "; SELECT pg_advisory_lock(\(PostgresLock.migration.key))")
        purpose.patience.answering = nil
        pool = PostgresPool(target, purpose, uptime: seams.uptime)
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws -> Value
    ) async throws -> Value { try await write(body) }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws -> Value
    ) async throws -> Value {
        let pool = pool
        return try await threads.runCatalog {
            try PostgresAttempts(pool: pool, attemptsTogether: 0, begin: { _ in "BEGIN ISOLATION LEVEL SERIALIZABLE" })
                .run(body)
        }
    }

    func close() async throws {
        threads.close()
        pool.close()
    }
}
