import Foundation

extension ServiceClient {
    private struct One: Decodable, Sendable { let operationLog: OperationLog }
    private struct Many: Decodable, Sendable, Page {
        let operationLogs: [OperationLog]
        var items: [OperationLog] { operationLogs }
    }

    /// Which operations to list; nil does not filter.
    public struct OperationFilter: Sendable, Equatable {
        public var vaultID: String?
        public var resourceID: String?
        public var type: String?
        public var status: String?

        public init(vaultID: String? = nil, resourceID: String? = nil, type: String? = nil, status: String? = nil) {
            self.vaultID = vaultID
            self.resourceID = resourceID
            self.type = type
            self.status = status
        }

        var query: [(String, String)] {
            ServiceClient.query(
                ("vaultID", vaultID), ("resourceID", resourceID), ("operationType", type), ("status", status))
        }
    }

    /// All operations that the filter lets through, newest first.
    public func operations(_ filter: OperationFilter = .init()) async throws -> Reply<[OperationLog]> {
        try await allPages(
            ["operation-logs"], query: filter.query, key: "operation_logs", as: Many.self,
            attempted: "listing operations")
    }

    public func operation(_ id: String) async throws -> Reply<OperationLog> {
        try await call(.get, ["operation-logs", id], as: One.self, attempted: "reading operation '\(id)'")
            .map(\.operationLog)
    }

    /// The backups that a restore point is made by.
    public func operations(ofCheckpoint checkpoint: Checkpoint) async throws -> [OperationLog] {
        let query = Self.query(("vaultID", checkpoint.vault.id), ("checkpointID", checkpoint.id))
        let found = try await allPages(
            ["operation-logs"], query: query, key: "operation_logs", as: Many.self, attempted: "listing operations")
        // Only this service knows the filter by restore point; others ignore it.
        return found.value.filter { $0.checkpointID == checkpoint.id && $0.operationType == "backup" }
    }
}
