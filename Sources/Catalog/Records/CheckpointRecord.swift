public import HoldfastCore

/// One run over a vault's resources. Its state is computed from its backups.
public struct CheckpointRecord: Sendable, Equatable {
    public let id: CheckpointID
    public let project: ProjectID
    public let vault: VaultID
    public let name: String
    public let description: String
    public let isAutomatic: Bool
    public let isIncremental: Bool
    /// -1: for ever.
    public let retentionDays: Int
    public let skipped: [SkippedResource]
    public let createdAt: Instant

    public init(
        id: CheckpointID, project: ProjectID, vault: VaultID, name: String, description: String, isAutomatic: Bool,
        isIncremental: Bool, retentionDays: Int, skipped: [SkippedResource], createdAt: Instant
    ) {
        self.id = id
        self.project = project
        self.vault = vault
        self.name = name
        self.description = description
        self.isAutomatic = isAutomatic
        self.isIncremental = isIncremental
        self.retentionDays = retentionDays
        self.skipped = skipped
        self.createdAt = createdAt
    }
}

/// A resource that a run left out, and why.
public struct SkippedResource: Sendable, Equatable, Codable {
    public enum Code: String, Sendable, Codable, CaseIterable {
        case backupRunning, beingRestored, suspended, unreachable, notInVault, beingRemoved
    }

    public let id: ResourceID
    /// Empty when the resource is not known.
    public let type: String
    public let name: String
    public let code: Code
    /// One sentence.
    public let reason: String

    public init(id: ResourceID, type: String, name: String, code: Code, reason: String) {
        self.id = id
        self.type = type
        self.name = name
        self.code = code
        self.reason = reason
    }
}
