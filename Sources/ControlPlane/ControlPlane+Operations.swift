public import Catalog
public import HoldfastCore

extension ControlPlane {
    public func listOperations(
        _ filter: OperationFilter = OperationFilter(), page: Page<OperationID> = Page(), by caller: Caller
    ) async throws -> Listing<OperationRecord> {
        try await read { transaction in try transaction.operations.list(in: caller.project, filter, page) }
    }

    public func showOperation(_ id: OperationID, by caller: Caller) async throws -> OperationRecord {
        try await read { transaction in
            guard let record = try transaction.operations.find(id, in: caller.project) else {
                throw ControlError.operationNotFound(id)
            }
            return record
        }
    }

    /// How many backups of all projects have bytes in the repository.
    public func storedBackupCount() async throws -> Int {
        try await read { transaction in try transaction.backups.storedCount() }
    }

    /// Backups of all projects that can be restored, with their restore points.
    public func availableBackups() async throws -> [(backup: BackupID, restorePoint: RestorePointID)] {
        try await read { transaction in try transaction.backups.available() }
    }

    /// Reads from the catalog, to see whether it can be used.
    public func checkCatalog() async throws {
        _ = try await read { transaction in try transaction.operations.unfinished(.restore).count }
    }
}
