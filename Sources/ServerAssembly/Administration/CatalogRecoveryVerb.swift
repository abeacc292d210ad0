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
    public static func run(
        data path: String, catalog source: CatalogSource = .embedded, seams: Seams
    ) async throws(AdministrationError) -> CatalogRecoveryEntry {
        do {
            let directory = DataDirectory(path)
            try source.requireCatalog(in: directory)
            let claim = try DirectoryClaim(directory)
            defer { withExtendedLifetime(claim) {} }
            var database: PostgresClaim?
            if case .postgres(let target) = source { database = try await DatabaseClaim.take(target, seams: seams) }
            defer { database?.close() }
            let box = try SecretsKey.read(directory, seams: seams)
            let catalog = try await source.openExisting(in: directory, seams: seams)
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
            throw AdministrationError((error.cause as? CatalogError)?.message ?? error.message)
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
