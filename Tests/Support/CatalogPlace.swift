public import Catalog
import Foundation
public import HoldfastCore

/// Where catalogs can be. Every rule holds on both.
public enum CatalogKind: String, Sendable, CaseIterable, CustomStringConvertible {
    case sqlite, postgres

    /// What this run's suites use that do not ask for both: `HOLDFAST_TEST_CATALOG`, else SQLite. `make test` runs them with each.
    public static var current: CatalogKind {
        guard let name = ProcessInfo.processInfo.environment["HOLDFAST_TEST_CATALOG"] else { return .sqlite }
        // A run that was to show something of PostgreSQL must not be green by SQLite.
        guard let kind = CatalogKind(rawValue: name) else {
            fatalError("HOLDFAST_TEST_CATALOG is \(name), not sqlite or postgres")
        }
        return kind
    }

    public var description: String { self == .sqlite ? "SQLite" : "PostgreSQL" }
}

/// A place for one catalog: a file in a folder, or a database. It can be opened again and again.
public struct CatalogPlace: Sendable {
    public let kind: CatalogKind
    /// The catalog's, or for whatever else a test wants.
    public let folder: String
    /// Nil for SQLite.
    public let url: String?

    /// - Parameter schema: what the place has from the start; opening it with the same then makes nothing anew.
    public static func with<Value>(
        _ kind: CatalogKind = .current, schema: [Migration] = [], _ body: (CatalogPlace) async throws -> Value
    ) async throws -> Value {
        try await withTemporaryDirectory { folder in
            switch kind {
            case .sqlite: try await body(CatalogPlace(kind: kind, folder: folder, url: nil))
            case .postgres:
                try await ThrowawayPostgres.shared.withDatabase(migrations: schema) { url in
                    try await body(CatalogPlace(kind: kind, folder: folder, url: url))
                }
            }
        }
    }

    /// - Parameter seams: its monotonic clock must go on by itself where a test waits for an outage to end.
    public func open(_ migrations: [Migration], seams: Seams) async throws -> any CatalogDatabase {
        guard let url else {
            return try await SQLiteCatalog.open(
                path: "\(folder)/catalog.sqlite", migrations: migrations, seams: seams)
        }
        var limits = PostgresCatalog.Limits()
        limits.writers = 2
        limits.readers = 2
        return try await PostgresCatalog.open(
            PostgresTarget(url: url), migrations: migrations, limits: limits, seams: seams)
    }
}
