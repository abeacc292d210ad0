import Foundation

/// Where replicas go.
public struct ReplicaPlace: Sendable, Equatable {
    public var region: String
    public var project: String
    public var vault: String

    public init(region: String, project: String, vault: String) {
        self.region = region
        self.project = project
        self.vault = vault
    }
}

/// What was queued for a backup.
public struct QueuedReplica: Decodable, Sendable, Equatable {
    public let backupID: String
    public let replicationRecordID: String
}

/// Copies of backups: sent to other regions, and found again in the repository.
extension ServiceClient {
    private struct Body: Encodable {
        let destinationRegion: String
        let destinationProjectID: String
        let destinationVaultID: String
        var vaultID: String?
    }

    private struct OneCopy: Decodable, Sendable { let replication: QueuedReplica }
    private struct Copies: Decodable, Sendable {
        struct Inner: Decodable, Sendable { let backups: [QueuedReplica] }
        let replication: Inner
    }
    private struct Search: Decodable, Sendable {
        struct Inner: Decodable, Sendable { let operationLogID: String }
        let sync: Inner
    }

    /// Begins to send a backup.
    public func replicateBackup(_ id: String, to place: ReplicaPlace) async throws -> Reply<[QueuedReplica]> {
        try await call(
            .post, ["backups", id, "replicate"], body: ["replicate": Self.body(place)], as: OneCopy.self,
            attempted: "sending backup '\(id)'"
        ).map { [$0.replication] }
    }

    /// Begins to send what was not sent yet of a vault.
    public func replicateVault(_ id: String, to place: ReplicaPlace) async throws -> Reply<[QueuedReplica]> {
        var body = Self.body(place)
        body.vaultID = id
        return try await call(
            .post, ["checkpoints", "replicate"], body: ["replicate": body], as: Copies.self,
            attempted: "sending the backups of vault '\(id)'"
        ).map(\.replication.backups)
    }

    /// Begins to look for backups of a vault that the catalog does not know.
    ///
    /// - Returns: the operation that does it.
    public func syncVault(_ id: String) async throws -> Reply<String> {
        struct Sync: Encodable {
            let vaultID: String
            let autoTrigger = false
        }
        return try await call(
            .post, ["checkpoints", "sync"], body: ["sync": Sync(vaultID: id)], as: Search.self,
            attempted: "looking for backups of vault '\(id)'"
        ).map(\.sync.operationLogID)
    }

    private static func body(_ place: ReplicaPlace) -> Body {
        Body(
            destinationRegion: place.region, destinationProjectID: place.project, destinationVaultID: place.vault,
            vaultID: nil)
    }
}
