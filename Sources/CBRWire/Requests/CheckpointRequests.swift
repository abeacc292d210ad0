/// `POST …/checkpoints`.
public struct CreateCheckpointRequest: Sendable {
    public let vaultID: String
    public let name: String?
    public let description: String
    public let autoTrigger: Bool
    public let incremental: Bool
    /// Days; -1: for ever.
    public let retentionDurationDays: Int64
    public let resources: [String]?
    public let resourceDetails: [ResourceReferenceBody]?

    public init(_ body: Fields) throws(FieldError) {
        let checkpoint = try body.require("checkpoint", body.object("checkpoint"))
        vaultID = try checkpoint.require("vault_id", checkpoint.text("vault_id", .id))
        let fields = try checkpoint.object("parameters")
        name = try fields?.text("name", .checkpointName)
        description = try fields?.text("description", .checkpointDescription) ?? ""
        autoTrigger = try fields?.flag("auto_trigger") ?? false
        incremental = try fields?.flag("incremental") ?? true
        retentionDurationDays = try fields?.integer("retention_duration_days", in: -1...36_500) ?? -1
        if let fields, retentionDurationDays == 0 {
            throw FieldError(field: fields.field("retention_duration_days"), rule: "must be -1, or from 1 to 36500")
        }
        if let fields, autoTrigger, fields.has("retention_duration_days") {
            throw FieldError(
                field: fields.field("retention_duration_days"), rule: "can't be given when auto_trigger is true")
        }
        resources = try fields?.texts("resources", .id)
        resourceDetails = try fields?.objects("resource_details", count: 0...256) { fields throws(FieldError) in
            try ResourceReferenceBody(fields)
        }
    }
}

/// `POST …/backups/{backup_id}/restore`.
public struct RestoreRequestBody: Sendable {
    public let volumeID: String?
    public let resourceID: String?
    public let destinationPath: String?
    /// Our own: remove what is in the target tree and not in the backup.
    public let deleteExtra: Bool

    public init(_ body: Fields) throws(FieldError) {
        let fields = try body.require("restore", body.object("restore"))
        volumeID = try fields.text("volume_id", .id)
        resourceID = try fields.text("resource_id", .id)
        _ = try fields.text("server_id", .id)
        _ = try fields.flag("power_on")
        _ = try fields.objects("mappings") { fields throws(FieldError) in
            _ = try fields.require("backup_id", fields.text("backup_id", .id))
            _ = try fields.require("volume_id", fields.text("volume_id", .id))
        }
        let details = try fields.object("details")
        destinationPath = try details.map { details throws(FieldError) in
            try details.require("destination_path", details.text("destination_path", TextRule(1...255)))
        }
        deleteExtra = try details?.flag("delete_extra") ?? false
        let targets = [volumeID, resourceID, destinationPath].compactMap { $0 }
        guard targets.count <= 1 else {
            throw FieldError(
                field: fields.path,
                rule: "takes one of volume_id, resource_id and details.destination_path, not several")
        }
    }
}

/// `PUT …/backups/{backup_id}`.
public struct UpdateBackupRequest: Sendable {
    public let name: String

    public init(_ body: Fields) throws(FieldError) {
        let fields = try body.require("backup", body.object("backup"))
        name = try fields.require("name", fields.text("name", .name))
    }
}
