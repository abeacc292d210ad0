import Catalog
import Foundation
public import HoldfastCore
import Identity

/// Keeps the projects, users and keys of a data directory, whether its server runs or not.
///
/// Every call is one short transaction on the catalog, and the server caches nothing of this: a change holds from its next
/// request. Projects and users are named by id or by name.
public struct IdentityAdministration: Sendable {
    let identity: IdentityService

    /// Opens a data directory that a server was started on at least once, and closes it after `body`.
    ///
    /// - Throws: ``AdministrationError``; nothing is made in a directory that holds no catalog.
    public static func with<Value: Sendable>(
        data path: String, catalog source: CatalogSource = .embedded, seams: Seams,
        _ body: @Sendable (IdentityAdministration) async throws -> Value
    ) async throws(AdministrationError) -> Value {
        do {
            let directory = DataDirectory(path)
            let catalog = try await source.openExisting(in: directory, seams: seams)
            let box = try SecretsKey.read(directory, seams: seams)
            let identity = IdentityService(catalog: catalog, box: box, seams: seams)
            defer { identity.close() }
            return try await body(IdentityAdministration(identity: identity))
        } catch { throw AdministrationError(error) }
    }

    /// Runs one step with errors wrapped.
    func wrapped<Value>(_ body: () async throws -> Value) async throws(AdministrationError) -> Value {
        do { return try await body() } catch { throw AdministrationError(error) }
    }

    /// The one domain that the first start made.
    func domain() async throws -> DomainID {
        guard let domain = try await identity.domains().first else {
            throw AdministrationError("the catalog has no domain yet; let the server's first start finish")
        }
        return domain.id
    }

    // An id wins over a name: ids are never chosen by people, names may look like anything.
    func find(project text: String) async throws -> ProjectRecord {
        let all = try await identity.projects()
        guard let found = all.first(where: { $0.id.text == text }) ?? all.first(where: { $0.name == text }) else {
            throw AdministrationError("there is no project '\(text)'; see: holdfast identity project list")
        }
        return found
    }

    func find(user text: String) async throws -> UserRecord {
        let all = try await identity.users()
        guard let found = all.first(where: { $0.id.text == text }) ?? all.first(where: { $0.name == text }) else {
            throw AdministrationError("there is no user '\(text)'; see: holdfast identity user list")
        }
        return found
    }
}
