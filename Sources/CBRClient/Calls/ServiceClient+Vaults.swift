import Foundation

extension ServiceClient {
    private struct One: Decodable, Sendable { let vault: Vault }
    private struct Many: Decodable, Sendable, Page {
        let vaults: [Vault]
        var items: [Vault] { vaults }
    }

    public func createVault(_ vault: NewVault) async throws -> Reply<Vault> {
        try await call(
            .post, ["vaults"], body: ["vault": vault], as: One.self, attempted: "creating vault '\(vault.name)'"
        ).map(\.vault)
    }

    /// All vaults of the project, newest first.
    public func vaults() async throws -> Reply<[Vault]> {
        try await allPages(["vaults"], key: "vaults", as: Many.self, attempted: "listing vaults")
    }

    public func vault(_ id: String) async throws -> Reply<Vault> {
        try await call(.get, ["vaults", id], as: One.self, attempted: "reading vault '\(id)'").map(\.vault)
    }

    public func updateVault(_ id: String, _ changes: VaultChanges) async throws -> Reply<Vault> {
        try await call(
            .put, ["vaults", id], body: ["vault": changes], as: One.self, attempted: "changing vault '\(id)'"
        ).map(\.vault)
    }

    /// Begins to delete a vault and its backups.
    public func deleteVault(_ id: String) async throws {
        _ = try await call(.delete, ["vaults", id], attempted: "deleting vault '\(id)'")
    }

    /// Puts resources into a vault; the answer's value is their ids.
    public func addResources(_ resources: [ResourceReference], toVault id: String) async throws -> Reply<[String]> {
        struct Answer: Decodable, Sendable { let addResourceIds: [String]? }
        return try await call(
            .post, ["vaults", id, "addresources"], body: ["resources": resources], as: Answer.self,
            attempted: "adding resources to vault '\(id)'"
        ).map { $0.addResourceIds ?? resources.map(\.id) }
    }

    /// Moves resources with their backups to another vault; the answer's value is their ids.
    public func moveResources(
        _ resources: [String], fromVault id: String, toVault destination: String
    ) async throws -> Reply<[String]> {
        struct Request: Encodable {
            let destinationVaultID: String
            let resourceIds: [String]
        }
        struct Answer: Decodable, Sendable { let migratedResources: [String]? }
        return try await call(
            .post, ["vaults", id, "migrateresources"],
            body: Request(destinationVaultID: destination, resourceIds: resources), as: Answer.self,
            attempted: "moving resources out of vault '\(id)'"
        ).map { $0.migratedResources ?? resources }
    }

    /// Begins to take resources, and their backups, out of a vault.
    public func removeResources(_ resources: [String], fromVault id: String) async throws -> Reply<[String]> {
        struct Request: Encodable { let resourceIds: [String] }
        struct Answer: Decodable, Sendable { let removeResourceIds: [String]? }
        return try await call(
            .post, ["vaults", id, "removeresources"], body: Request(resourceIds: resources), as: Answer.self,
            attempted: "removing resources from vault '\(id)'"
        ).map { $0.removeResourceIds ?? resources }
    }
}
