/// One step of the schema. Steps are only ever appended: a released one never changes its name, text or place.
public struct Migration: Sendable, Equatable {
    /// Unique over all areas, such as `core-001-first`.
    public let name: String
    /// Statements, run in order in one transaction.
    public let statements: [String]

    public init(_ name: String, _ statements: [String]) {
        self.name = name
        self.statements = statements
    }
}

/// Brings a database to this version's schema.
public enum Migrator {
    static let table = "schema_migrations"

    /// Runs the steps that have not been run, each in its own transaction.
    ///
    /// - Throws: ``CatalogError`` with `.newerSchema`, before anything is changed, when the database has a step that
    ///   `migrations` does not.
    public static func migrate(
        _ database: any CatalogDatabase, with migrations: [Migration], now: @escaping @Sendable () -> Instant
    ) async throws {
        let known = Set(migrations.map(\.name))
        precondition(known.count == migrations.count, "two migrations have one name")
        let present = try await database.write { transaction in
            // Does nothing, and writes nothing, when the table is there.
            try transaction.execute(
                """
                CREATE TABLE IF NOT EXISTS \(table) (
                    name TEXT PRIMARY KEY,
                    applied_at BIGINT NOT NULL
                )
                """)
            return try transaction.query("SELECT name FROM \(table) ORDER BY name").map { try $0.text("name") }
        }
        let unknown = present.filter { !known.contains($0) }
        guard unknown.isEmpty else { throw CatalogError.newerSchema(unknown) }
        for migration in migrations where !present.contains(migration.name) {
            try await database.write { transaction in
                // Another server may have been faster.
                let found = try transaction.query(
                    "SELECT 1 AS found FROM \(table) WHERE name = ?", [.text(migration.name)])
                guard found.isEmpty else { return }
                for statement in migration.statements { try transaction.execute(statement) }
                try transaction.execute(
                    "INSERT INTO \(table) (name, applied_at) VALUES (?, ?)",
                    [.text(migration.name), SQLValue(now())])
            }
        }
    }
}
