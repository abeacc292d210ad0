internal import Foundation
internal import GRDB
public import HoldfastCore
internal import Synchronization

/// The catalog in one SQLite file, through GRDB: the embedded default.
///
/// Write-ahead log, `synchronous=FULL` (a commit is on the disk when it returns), foreign keys on. Calls run on threads
/// of this object's own: one writes, ``readersMax`` read at once.
public final class SQLiteCatalog: CatalogDatabase {
    public static let readersMax = 4
    /// How long to wait for another process that has the file locked: a backup of it, or the `sqlite3` shell.
    static let busyTimeoutSeconds = 10.0

    private let pool: DatabasePool
    private let readers: SQLiteReaders
    private let state: SQLiteVersion
    private let writeThreads: NamedThreadPool
    private let readThreads: NamedThreadPool
    private let group = GroupCommit()
    private let isClosed = Mutex(false)

    /// Opens the file, or makes it, and brings it to this version's schema.
    ///
    /// - Parameter migrations: of all areas, in order.
    public static func open(path: String, migrations: [Migration], seams: Seams) async throws -> SQLiteCatalog {
        let writeThreads = NamedThreadPool(name: "catalog-write", threads: 1)
        let readThreads = NamedThreadPool(name: "catalog-read", threads: readersMax)
        do {
            let pool = try await writeThreads.run { try connect(path) }
            let readers = SQLiteReaders(path: path, configuration: configuration)
            let state = try await writeThreads.run { try SQLiteVersion(path: path, configuration: configuration) }
            let catalog = SQLiteCatalog(
                pool: pool, readers: readers, state: state, writeThreads: writeThreads, readThreads: readThreads)
            try await Migrator.migrate(catalog, with: migrations) { Instant(seams.now()) }
            return catalog
        } catch {
            writeThreads.close()
            readThreads.close()
            throw error
        }
    }

    private init(
        pool: DatabasePool, readers: SQLiteReaders, state: SQLiteVersion, writeThreads: NamedThreadPool,
        readThreads: NamedThreadPool
    ) {
        self.pool = pool
        self.readers = readers
        self.state = state
        self.writeThreads = writeThreads
        self.readThreads = readThreads
    }

    deinit {
        writeThreads.close()
        readThreads.close()
    }

    public var readingThreads: (any TaskExecutor)? { readThreads }

    public func version() -> CatalogVersion? { state.current() }

    public func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws -> Value
    ) async throws -> Value {
        let readers = readers
        return try await run(on: readThreads) { try readers.read { try SQLiteTransaction.run($0, body) } }
    }

    public func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws -> Value
    ) async throws -> Value {
        let (pool, group) = (pool, group)
        let pending = PendingWrite(body)
        guard group.add(pending) else { throw CatalogError.crowded(callsMax: GroupCommit.callsMax) }
        defer { group.end(pending) }
        return try await run(on: writeThreads) {
            group.carryOut(pending, in: pool)
            return try pending.value()
        }
    }

    /// Ends all work and folds the write-ahead log into the file. Calls made later fail.
    public func close() async throws {
        let wasClosed = isClosed.withLock { isClosed in
            defer { isClosed = true }
            return isClosed
        }
        // SQLite can't stand a second time.
        guard !wasClosed else { return }
        let (pool, readers, state) = (pool, readers, state)
        try await run(on: writeThreads) {
            try readers.close()
            try state.close()
            try pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
            try pool.close()
        }
    }

    private func run<Value: Sendable>(
        on threads: NamedThreadPool, _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        do { return try await threads.runCatalog(body) } catch let error as DatabaseError {
            throw CatalogError.sqlite(error)
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(busyTimeoutSeconds)
        configuration.foreignKeysEnabled = true
        return configuration
    }

    /// A group of sixty creates of restore points touches more pages of the indexes by id than SQLite's own 2 MiB hold.
    private static let writerCacheKiB = 16_384
    /// How long the write-ahead log gets before it is folded into the file, with 4 KiB pages 16 MiB: a page that many groups
    /// change is then written and synced there a quarter as often as with SQLite's own 1,000.
    private static let logPages = 4_000

    private static func connect(_ path: String) throws -> DatabasePool {
        do {
            let pool = try DatabasePool(path: path, configuration: configuration)
            // GRDB sets NORMAL itself when it opens a pool, after any preparation: FULL has to come last.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            try pool.writeWithoutTransaction { try assertDurable($0) }
            try pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA cache_size = -\(writerCacheKiB)")
                _ = try Int.fetchOne(database, sql: "PRAGMA wal_autocheckpoint = \(logPages)")
            }
            return pool
        } catch let error as DatabaseError {
            throw CatalogError.sqlite(error)
        }
    }

    private static func assertDurable(_ database: Database) throws {
        let synchronous = try Int.fetchOne(database, sql: "PRAGMA synchronous")
        let journal = try String.fetchOne(database, sql: "PRAGMA journal_mode")
        let foreignKeys = try Int.fetchOne(database, sql: "PRAGMA foreign_keys")
        guard synchronous == 2, journal == "wal", foreignKeys == 1 else {
            throw CatalogError(
                code: .unavailable,
                message: "SQLite refuses the catalog's settings (write-ahead log, synchronous=FULL, foreign keys)",
                facts: [
                    "synchronous": "\(synchronous ?? -1)", "journal_mode": journal ?? "",
                    "foreign_keys": "\(foreignKeys ?? -1)",
                ])
        }
    }

    /// What the writing connection runs with; for tests and the start-up log.
    public func settings() async throws -> (synchronous: Int, journalMode: String, foreignKeys: Int) {
        let pool = pool
        return try await run(on: writeThreads) {
            try pool.writeWithoutTransaction { database in
                (
                    try Int.fetchOne(database, sql: "PRAGMA synchronous") ?? -1,
                    try String.fetchOne(database, sql: "PRAGMA journal_mode") ?? "",
                    try Int.fetchOne(database, sql: "PRAGMA foreign_keys") ?? -1
                )
            }
        }
    }
}
