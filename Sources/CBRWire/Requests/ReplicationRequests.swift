/// `POST …/backups/{backup_id}/replicate`, and `POST …/checkpoints/replicate`.
public struct ReplicateRequest: Sendable {
    public let project: String
    public let region: String
    public let vaultID: String
    public let name: String?
    public let description: String?
    /// Of a vault's backups: whose.
    public let sourceVaultID: String
    public let autoTrigger: Bool

    private init(_ body: Fields, ofVault: Bool) throws(FieldError) {
        let fields = try body.require("replicate", body.object("replicate"))
        project = try fields.require("destination_project_id", fields.text("destination_project_id", .id))
        region = try fields.require("destination_region", fields.text("destination_region", .region))
        vaultID = try fields.require("destination_vault_id", fields.text("destination_vault_id", .id))
        // There is nothing to accelerate, and accounts are paired by the administrator.
        _ = try fields.flag("enable_acceleration")
        _ = try fields.text("cross_account_urn", .any)
        name = ofVault ? nil : try fields.text("name", .name)
        description = ofVault ? nil : try fields.text("description", .description(255))
        sourceVaultID = ofVault ? try fields.require("vault_id", fields.text("vault_id", .id)) : ""
        autoTrigger = ofVault ? try fields.flag("auto_trigger") ?? false : false
    }

    public static func backup(_ body: Fields) throws(FieldError) -> Self { try Self(body, ofVault: false) }
    public static func vault(_ body: Fields) throws(FieldError) -> Self { try Self(body, ofVault: true) }
}

/// `POST /holdfast/v1/{project_id}/replication/sessions`: one server to another.
public struct BeginReplicaRequest: Sendable {
    public let vaultID: String
    public let sourceRegion: String
    public let sourceBackupID: String
    public let sourceCheckpointID: String
    public let name: String
    public let description: String
    public let checkpointName: String
    public let resourceID: String
    public let resourceName: String
    public let resourceType: String
    public let isAutomatic: Bool
    public let isIncremental: Bool
    /// Microseconds since 1970 UTC.
    public let createdAt: Int64
    public let isImage: Bool
    public let basis: String?
    public let isRepeated: Bool
    /// The policy that sends it, and what that keeps: optional, from servers that know of it.
    public let policyID: String?
    public let keeps: PolicyDefinitionShape?

    /// The year 9999.
    static let createdAtMax: Int64 = 253_402_300_799_000_000

    public init(_ body: Fields) throws(FieldError) {
        let fields = try body.require("replica", body.object("replica"))
        vaultID = try fields.require("vault_id", fields.text("vault_id", .id))
        sourceRegion = try fields.require("source_region", fields.text("source_region", .someRegion))
        sourceBackupID = try fields.require("source_backup_id", fields.text("source_backup_id", .id))
        sourceCheckpointID = try fields.require("source_checkpoint_id", fields.text("source_checkpoint_id", .id))
        name = try fields.require("name", fields.text("name", .name))
        description = try fields.text("description", .checkpointDescription) ?? ""
        checkpointName = try fields.require("checkpoint_name", fields.text("checkpoint_name", .name))
        resourceID = try fields.require("resource_id", fields.text("resource_id", .id))
        resourceName = try fields.text("resource_name", .resourceName) ?? ""
        resourceType = try fields.require("resource_type", fields.text("resource_type", .id))
        isAutomatic = try fields.flag("automatic") ?? false
        isIncremental = try fields.flag("incremental") ?? true
        createdAt = try fields.require("created_at", fields.integer("created_at", in: 0...Self.createdAtMax))
        isImage = try fields.require("image", fields.flag("image"))
        basis = try fields.text("basis", .id)
        isRepeated = try fields.flag("repeated") ?? false
        let policy = try fields.object("policy")
        policyID = try policy.map { policy throws(FieldError) in try policy.require("id", policy.text("id", .id)) }
        keeps = try policy.map { policy throws(FieldError) in
            try PolicyDefinitionShape(
                policy.require("operation_definition", policy.object("operation_definition")))
        }
    }
}

/// `POST /holdfast/v1/{project_id}/replication/sessions/{session_id}/finish`.
public struct FinishReplicaRequest: Sendable {
    public let root: String
    public let isImage: Bool
    public let logicalBytes: Int64
    public let entryCount: Int64
    public let warningCount: Int64

    public init(_ body: Fields) throws(FieldError) {
        let fields = try body.require("replica", body.object("replica"))
        root = try fields.require("root", fields.text("root", TextRule(64...64)))
        isImage = try fields.require("image", fields.flag("image"))
        logicalBytes = try fields.require("logical_bytes", fields.integer("logical_bytes", in: 0...1 << 60))
        entryCount = try fields.require("entry_count", fields.integer("entry_count", in: 0...1 << 48))
        warningCount = try fields.require("warning_count", fields.integer("warning_count", in: 0...1 << 48))
    }
}
