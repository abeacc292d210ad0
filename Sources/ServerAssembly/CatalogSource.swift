import CHoldfast
public import Catalog
import Foundation
import Glibc
import HoldfastCore

/// Where a data directory's catalog is.
public enum CatalogSource: Sendable {
    /// In the directory: `catalog.sqlite`.
    case embedded
    case postgres(PostgresTarget)

    /// - Parameters:
    ///   - database: a URL, or nil for the embedded one.
    ///   - passwordFile: holds the password, and perhaps a line's end.
    /// - Throws: ``ConfigurationError``; nothing in it is secret.
    public init(database: String?, passwordFile: String?) throws(ConfigurationError) {
        guard let database else {
            guard passwordFile == nil else {
                throw ConfigurationError(message: "'database_password_file' is set, but 'database' is not")
            }
            self = .embedded
            return
        }
        var password: String?
        if let passwordFile {
            do { password = String(decoding: try SecretFile.read(passwordFile), as: UTF8.self) } catch {
                throw ConfigurationError(message: "the database's password can't be read: \(error.message)")
            }
            if password?.hasSuffix("\n") == true { password?.removeLast() }
        }
        do { self = .postgres(try PostgresTarget(url: database, password: password)) } catch {
            throw ConfigurationError(message: error.message)
        }
    }

    static let schema = CoreMigrations.all + IdentityMigrations.all

    /// Opens the catalog of a server that starts, or makes it.
    ///
    /// The caller holds the directory, and the database.
    func open(in directory: DataDirectory, seams: Seams) async throws -> any CatalogDatabase {
        try checkPlace(directory)
        switch self {
        case .embedded:
            // Made here, because SQLite would let everyone read it; its companions take its mode.
            try SecretFile.makeEmpty(directory.catalog)
            return try await SQLiteCatalog.open(path: directory.catalog, migrations: Self.schema, seams: seams)
        case .postgres(let target):
            // Before the schema is brought to this version: it may be another's.
            let bond = try await CatalogBond(directory: directory, target: target, seams: seams)
            let catalog = try await PostgresCatalog.open(target, migrations: Self.schema, seams: seams)
            try await bond.store(in: catalog)
            return catalog
        }
    }

    /// Opens the catalog that a server made.
    ///
    /// - Throws: ``AdministrationError`` when there is none; nothing is made then.
    func openExisting(in directory: DataDirectory, seams: Seams) async throws -> any CatalogDatabase {
        try requireCatalog(in: directory)
        if case .postgres(let target) = self, try await PostgresCatalog.look(at: target, seams: seams) == .noCatalog {
            throw AdministrationError(
                "there is no catalog in the database \(target); start the server there once: holdfast serve --data "
                    + "\(directory.path) --database URL")
        }
        return try await open(in: directory, seams: seams)
    }

    /// - Throws: as ``openExisting(in:seams:)``.
    func requireCatalog(in directory: DataDirectory) throws {
        try checkPlace(directory)
        let mark = if case .embedded = self { directory.catalog } else { directory.catalogID }
        guard FileManager.default.fileExists(atPath: mark) else {
            throw AdministrationError(
                "there is no catalog in \(directory.path); start the server there once: holdfast serve --data "
                    + directory.path)
        }
    }

    /// A directory has its catalog in one place: in the other there would be none of what it has, without a word.
    private func checkPlace(_ directory: DataDirectory) throws {
        switch self {
        case .embedded:
            guard access(directory.catalogID, F_OK) != 0 else {
                throw StartError(
                    message:
                        "the catalog of \(directory.path) is in a PostgreSQL database; say which one: --database URL, "
                        + "or \(Setting.database.variable)")
            }
        case .postgres:
            guard access(directory.catalog, F_OK) != 0 else {
                throw StartError(
                    message:
                        "there is a catalog in \(directory.catalog), and it can't be taken into a database; start without "
                        + "--database, or use another data directory")
            }
        }
    }
}

/// What a data directory and a database know each other by: a catalog is of no use, and does harm, with another's repository and keys.
private struct CatalogBond {
    private let id: String
    private let isStored: Bool
    private let now: @Sendable () -> Instant

    /// - Throws: ``StartError`` when the two are not of each other; nothing is changed then.
    init(directory: DataDirectory, target: PostgresTarget, seams: Seams) async throws {
        var there: String?
        if case .catalog(let directory) = try await PostgresCatalog.look(at: target, seams: seams) { there = directory }
        let here = try Self.read(directory.catalogID)
        guard there == nil || there == here else {
            throw StartError(
                message: "the database \(target) has the catalog of another data directory than \(directory.path)")
        }
        id = here ?? Hex.encode(seams.randomBytes(16))
        isStored = there != nil
        self.now = { Instant(seams.now()) }
        // The file first: a start that is interrupted after it goes on with it.
        if here == nil { try SecretFile.write(Array("\(id)\n".utf8), to: directory.catalogID, existing: .refuse) }
    }

    func store(in catalog: any CatalogDatabase) async throws {
        guard !isStored else { return }
        let (id, now) = (id, now())
        try await catalog.write { try $0.dataDirectory.set(id, now: now) }
    }

    private static func read(_ path: String) throws -> String? {
        guard access(path, F_OK) == 0 else { return nil }
        return String(decoding: try SecretFile.read(path), as: UTF8.self).trimmingCharacters(
            in: .whitespacesAndNewlines)
    }
}
