import Catalog
import ControlPlane
import Endpoints
import Foundation
public import HoldfastCore
import Identity
import Jobs
import ObjectStorage
import Repository

/// What a recovery of the catalog found and made.
public struct CatalogRecoveryEntry: Sendable, Equatable, Encodable {
    public struct Refused: Sendable, Equatable, Encodable {
        public let backup: String
        public let reason: String
    }

    /// Ids of projects, vaults, resources and backups that were made again.
    public var projects: [String] = []
    public var vaults: [String] = []
    public var resources: [String] = []
    public var backups: [String] = []
    /// Backups that the catalog had.
    public var presentCount = 0
    public var refused: [Refused] = []
    /// Restore points that no server made, or whose labels make no sense.
    public var otherRestorePoints = 0
}

/// `holdfast server recover-catalog`: the catalog's rows, made again from the repository.
public enum CatalogRecoveryVerb {
    /// - Throws: ``AdministrationError``; also when a server uses the directory.
    public static func run(data path: String, seams: Seams) async throws(AdministrationError) -> CatalogRecoveryEntry {
        do {
            let directory = DataDirectory(path)
            guard FileManager.default.fileExists(atPath: directory.catalog) else {
                throw AdministrationError(
                    "there is no catalog in \(path); start the server there once, and stop it: "
                        + "holdfast serve --data \(path)")
            }
            let claim = try DirectoryClaim(directory)
            defer { withExtendedLifetime(claim) {} }
            let box = try SecretsKey.read(directory, seams: seams)
            let catalog = try await SQLiteCatalog.open(
                path: directory.catalog, migrations: CoreMigrations.all + IdentityMigrations.all, seams: seams)
            let repository = try Repository.open(
                try LocalObjectStore(root: directory.repository),
                unlockedBy: .keyFile(try KeyFile(readingFrom: directory.repositoryKey)),
                scratch: ScratchSpace(path: directory.scratch), seams: seams)
            let roots = try AllowedRoots([])
            let control = ControlPlane(
                database: catalog,
                inspector: EndpointInspector(roots: roots, privateDirectory: directory.path, seams: seams), seams: seams
            )
            let dataPlane = EngineDataPlane(
                repository: repository, roots: roots, journalDirectory: nil, seams: seams)
            let identity = IdentityService(catalog: catalog, box: box, seams: seams)
            defer { identity.close() }
            return try await recover(CatalogRecovery(control: control, dataPlane: dataPlane), identity)
        } catch let error as StartError {
            throw AdministrationError(error.message)
        } catch let error as RepositoryError {
            throw AdministrationError(error.message)
        } catch let error as ObjectStoreError {
            throw AdministrationError(error.message)
        } catch let error as ControlError {
            throw AdministrationError(error.message)
        } catch { throw AdministrationError(error) }
    }

    private static func recover(
        _ recovery: CatalogRecovery, _ identity: IdentityService
    ) async throws -> CatalogRecoveryEntry {
        var entry = CatalogRecoveryEntry()
        var (found, others) = try await recovery.found()
        // A project's id stands in paths and in role grants: only what this service would have made is one.
        found.removeAll { one in
            guard one.project.text.utf8.count == 32, Hex.decode(one.project.text) != nil else {
                others += 1
                return true
            }
            return false
        }
        for project in Set(found.map(\.project)).sorted() {
            if let made = try await identity.restoreProject(project) { entry.projects.append(made.id.text) }
        }
        let report = try await recovery.adopt(found)
        entry.vaults = report.vaults.map(\.text)
        entry.resources = report.resources.map(\.text)
        entry.backups = report.imported.map(\.text)
        entry.presentCount = report.presentCount
        entry.refused = report.refused.map { .init(backup: $0.backup.text, reason: $0.reason) }
        entry.otherRestorePoints = others
        return entry
    }
}
