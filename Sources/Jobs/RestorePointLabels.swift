public import HoldfastCore

/// What the server seals into every restore point it makes: enough to rebuild the catalog's rows from the repository.
///
/// Stored as text by key, the keys below. A restore point made on the command line has none of them.
public struct RestorePointLabels: Sendable, Equatable {
    public enum Key: String, Sendable, CaseIterable {
        case project = "project_id"
        case vault = "vault_id"
        case vaultName = "vault_name"
        case checkpoint = "checkpoint_id"
        case checkpointName = "checkpoint_name"
        case backup = "backup_id"
        case backupName = "backup_name"
        case resource = "resource_id"
        case resourceName = "resource_name"
        case resourceType = "resource_type"
        // Those below are younger: older restore points lack them.
        case resourceLocation = "resource_location"
        case isAutomatic = "is_automatic"
        case isIncremental = "is_incremental"
        case backupDescription = "backup_description"
        case checkpointMicroseconds = "checkpoint_created_at"
        case vaultObjectType = "vault_object_type"
        case vaultSizeGiB = "vault_size_gb"
    }

    public let texts: [String: String]

    public init(texts: [String: String]) { self.texts = texts }

    public init(_ values: [Key: String]) {
        texts = Dictionary(uniqueKeysWithValues: values.map { ($0.key.rawValue, $0.value) })
    }

    public subscript(key: Key) -> String? { texts[key.rawValue] }

    public var project: ProjectID? { self[.project].map { ProjectID($0) } }
    public var backup: BackupID? { self[.backup].map { BackupID($0) } }
}
