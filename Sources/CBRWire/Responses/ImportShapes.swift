/// The answer to a search for a vault's backups: the operation log to follow.
public struct ImportCheckpointBody: Encodable, Sendable {
    public struct Sync: Encodable, Sendable {
        public let operationLogId: String
        public let vaultId: String
    }

    public let sync: Sync

    public init(operation: String, vault: String) { sync = Sync(operationLogId: operation, vaultId: vault) }
}

/// The answer to a search for single backups: an operation log for each.
public struct ImportBackupBody: Encodable, Sendable {
    public struct Item: Encodable, Sendable {
        public let backupId: String
        public let operationLogId: String

        public init(backup: String, operation: String) {
            backupId = backup
            operationLogId = operation
        }
    }

    public let sync: [Item]

    public init(_ items: [Item]) { sync = items }
}
