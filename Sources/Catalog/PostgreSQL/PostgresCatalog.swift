public import HoldfastCore

/// The catalog in a PostgreSQL database, through libpq.
///
/// Reads see one snapshot (`REPEATABLE READ`, read only): they never fail for what others write, and never make those fail. Writes are
/// `SERIALIZABLE`: as if they came one after the other. Where two can't have, PostgreSQL refuses one, and it runs again from its
/// beginning; from the ``attemptsTogether``th time on it runs with no other writer beside it, so every write ends.
///
/// A server that is gone is `.unavailable` at once, and each later call looks whether it is back.
public final class PostgresCatalog: CatalogDatabase {
    public struct Limits: Sendable {
        /// Threads, and with them connections. Writers work side by side: one commit's wait for the disk is another's time.
        public var writers = 4
        public var readers = 4

        public init() {}
    }

    static let attemptsTogether = 4
    static let attemptsMax = 12

    private let pool: PostgresPool
    private let writeThreads: NamedThreadPool
    private let readThreads: NamedThreadPool

    /// Connects, and brings the database to this version's schema. Of servers that do that at once, one goes first.
    ///
    /// - Parameter migrations: of all areas, in order.
    public static func open(
        _ target: PostgresTarget, migrations: [Migration], limits: Limits = Limits(), seams: Seams
    ) async throws -> PostgresCatalog {
        let migrating = PostgresMigrationSession(target, seams: seams)
        let migrated = await Result { try await Migrator.migrate(migrating, with: migrations) { Instant(seams.now()) } }
        try await migrating.close()
        try migrated.get()
        return PostgresCatalog(target, limits, seams: seams)
    }

    /// What is in a database.
    public enum Contents: Sendable, Equatable {
        case noCatalog
        /// A catalog, of the data directory that it says, if it says one.
        case catalog(directory: String?)
    }

    /// Looks, and changes nothing: whatever version made the catalog.
    public static func look(at target: PostgresTarget, seams: Seams) async throws -> Contents {
        let catalog = PostgresCatalog(target, Limits(), seams: seams)
        let contents = await Result {
            try await catalog.read { transaction in
                let found = try transaction.query(
                    """
                    SELECT to_regclass('\(Migrator.table)') IS NOT NULL AS has_catalog,
                        to_regclass('data_directory') IS NOT NULL AS has_directory
                    """
                ).first
                guard try found?.bool("has_catalog") == true else { return Contents.noCatalog }
                return .catalog(
                    directory: try found?.bool("has_directory") == true ? transaction.dataDirectory.id() : nil)
            }
        }
        try await catalog.close()
        return try contents.get()
    }

    private init(_ target: PostgresTarget, _ limits: Limits, seams: Seams) {
        pool = PostgresPool(target, .calls, uptime: seams.uptime)
        writeThreads = NamedThreadPool(name: "catalog-write", threads: limits.writers)
        readThreads = NamedThreadPool(name: "catalog-read", threads: limits.readers)
    }

    deinit {
        writeThreads.close()
        readThreads.close()
        pool.close()
    }

    public var readingThreads: (any TaskExecutor)? { readThreads }

    public func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws -> Value
    ) async throws -> Value {
        let pool = pool
        return try await readThreads.runCatalog {
            try PostgresAttempts(
                pool: pool, attemptsTogether: 0, begin: { _ in "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" }
            ).run(
                body)
        }
    }

    public func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws -> Value
    ) async throws -> Value {
        let pool = pool
        return try await writeThreads.runCatalog {
            try PostgresAttempts(pool: pool, attemptsTogether: Self.attemptsTogether, begin: Self.beginWrite).run(body)
        }
    }

    /// `LOCK` takes no snapshot: who waits for it sees what those wrote that it waited for.
    ///
    /// With no writer beside it a snapshot is as good as `SERIALIZABLE`, which may refuse even the only writer: where some other
    /// transaction of the database server stays open, PostgreSQL remembers the many that commit meanwhile by a summary alone,
    /// and refuses by it to be safe.
    private static func beginWrite(attempt: Int) -> String {
        let (level, mode) =
            attempt < attemptsTogether ? ("SERIALIZABLE", "ROW EXCLUSIVE") : ("REPEATABLE READ", "SHARE ROW EXCLUSIVE")
        return "BEGIN ISOLATION LEVEL \(level); LOCK TABLE \(Migrator.table) IN \(mode) MODE"
    }

    public func close() async throws {
        writeThreads.close()
        readThreads.close()
        pool.close()
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
