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
            let catalog = try await PostgresCatalog.open(target, migrations: Self.schema, seams: seams)
            try await CatalogBond(directory: directory, target: target, seams: seams).makeOrCheck(catalog)
            return catalog
        }
    }

    /// Opens the catalog that a server made.
    ///
    /// - Throws: ``AdministrationError`` when there is none; nothing is made then.
    func openExisting(in directory: DataDirectory, seams: Seams) async throws -> any CatalogDatabase {
        try requireCatalog(in: directory)
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
    let directory: DataDirectory
    let target: PostgresTarget
    let seams: Seams

    func makeOrCheck(_ catalog: any CatalogDatabase) async throws {
        let there = try await catalog.read { try $0.dataDirectory.id() }
        let here = try readFile()
        switch (here, there) {
        case (let here?, let there?) where here == there: return
        case (_, .some):
            throw StartError(
                message: "the database \(target) has the catalog of another data directory than \(directory.path)")
        case (let here, nil):
            let id = here ?? Hex.encode(seams.randomBytes(16))
            // The file first: a start that is interrupted here goes on with it.
            if here == nil {
                try SecretFile.write(Array("\(id)\n".utf8), to: directory.catalogID, existing: .refuse)
            }
            let now = Instant(seams.now())
            try await catalog.write { try $0.dataDirectory.set(id, now: now) }
        }
    }

    private func readFile() throws -> String? {
        guard access(directory.catalogID, F_OK) == 0 else { return nil }
        return String(decoding: try SecretFile.read(directory.catalogID), as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
