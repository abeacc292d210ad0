import Foundation

extension ServiceClient {
    private struct One: Decodable, Sendable { let backup: Backup }
    private struct Many: Decodable, Sendable, Page {
        let backups: [Backup]
        var items: [Backup] { backups }
    }

    /// Which backups to list; nil does not filter.
    public struct BackupFilter: Sendable, Equatable {
        public var vaultID: String?
        public var checkpointID: String?
        public var resourceID: String?
        public var status: String?
        /// `private`, `shared` or `all_granted`; nil is the first.
        public var ownType: String?

        public init(
            vaultID: String? = nil, checkpointID: String? = nil, resourceID: String? = nil, status: String? = nil,
            ownType: String? = nil
        ) {
            self.vaultID = vaultID
            self.checkpointID = checkpointID
            self.resourceID = resourceID
            self.status = status
            self.ownType = ownType
        }

        var query: [(String, String)] {
            ServiceClient.query(
                ("vaultID", vaultID), ("checkpointID", checkpointID), ("resourceID", resourceID), ("status", status),
                ("ownType", ownType))
        }
    }

    /// All backups that the filter lets through, newest first.
    public func backups(_ filter: BackupFilter = .init()) async throws -> Reply<[Backup]> {
        try await allPages(
            ["backups"], query: filter.query, key: "backups", as: Many.self, attempted: "listing backups")
    }

    public func backup(_ id: String) async throws -> Reply<Backup> {
        try await call(.get, ["backups", id], as: One.self, attempted: "reading backup '\(id)'").map(\.backup)
    }

    /// Begins to remove a backup.
    public func deleteBackup(_ id: String) async throws {
        _ = try await call(.delete, ["backups", id], attempted: "deleting backup '\(id)'")
    }

    /// Puts a backup under a legal hold.
    public func holdBackup(_ id: String, reason: String) async throws {
        _ = try await call(
            .put, ["backups", id, "hold"], in: .holdfast,
            body: try WireKeys.encoder.encode(["hold": ["reason": reason]]),
            attempted: "holding backup '\(id)'")
    }

    /// Ends a legal hold.
    public func releaseBackup(_ id: String) async throws {
        _ = try await call(
            .delete, ["backups", id, "hold"], in: .holdfast, attempted: "releasing backup '\(id)'")
    }

    /// Begins a restore. The answer's value is the id of its operation, where the service gives one.
    public func restoreBackup(_ id: String, to target: RestoreTarget) async throws -> Reply<String?> {
        struct Answer: Decodable { let jobID: String? }
        let answer = try await call(
            .post, ["backups", id, "restore"], body: try WireKeys.encoder.encode(["restore": target]),
            attempted: "restoring backup '\(id)'")
        // The interface does not promise a body here.
        let job = try? WireKeys.decoder.decode(Answer.self, from: answer.body).jobID
        return Reply(value: job, json: answer.body)
    }
}
