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
    public let policyID: String?

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
        policyID = try fields?.text("policy_id", .id)
    }
}

/// `POST …/backups/{backup_id}/restore`.
public struct RestoreRequestBody: Sendable {
    public enum Target: Sendable, Equatable {
        /// Nothing is named: to where the bytes came from.
        case original
        /// A volume or another resource.
        case resource(String)
        case path(String)
        /// A server, with a volume for each backup of a disk.
        case server(String)
    }

    public let target: Target
    /// Our own: remove what is in the target tree and not in the backup.
    public let deleteExtra: Bool

    /// - Parameter backup: the id in the path, which mappings have to name.
    public init(_ body: Fields, backup: String) throws(FieldError) {
        let fields = try body.require("restore", body.object("restore"))
        let resourceID = try fields.text("resource_id", .id)
        let serverID = try fields.text("server_id", .id)
        _ = try fields.flag("power_on")
        // Some clients always send a list, empty when they name nothing.
        let mappings = try fields.objects("mappings") { fields throws(FieldError) in try Mapping(fields) } ?? []
        let details = try fields.object("details")
        let path = try details.map { details throws(FieldError) in
            try details.require("destination_path", details.text("destination_path", TextRule(1...255)))
        }
        deleteExtra = try details?.flag("delete_extra") ?? false
        if serverID != nil, mappings.isEmpty {
            throw FieldError(field: fields.field("server_id"), rule: "needs mappings, and is for backups of servers")
        }
        let volumeID = try Self.volume(fields, serverID == nil ? mappings : [], of: backup)
        let targets: [Target] = [
            serverID.map { .server($0) }, volumeID.map { .resource($0) }, resourceID.map { .resource($0) },
            path.map { .path($0) },
        ].compactMap { $0 }
        guard targets.count <= 1 else {
            throw FieldError(
                field: fields.path,
                rule: "takes one of volume_id, resource_id, server_id and details.destination_path, not several")
        }
        target = targets.first ?? .original
    }

    private struct Mapping {
        let fields: Fields
        let backupID: String
        let volumeID: String

        init(_ fields: Fields) throws(FieldError) {
            self.fields = fields
            backupID = try fields.require("backup_id", fields.text("backup_id", .id))
            volumeID = try fields.require("volume_id", fields.text("volume_id", .id))
        }
    }

    /// The one volume that a backup goes to without a server: as `volume_id`, a mapping, or both say.
    private static func volume(
        _ fields: Fields, _ mappings: [Mapping], of backup: String
    ) throws(FieldError) -> String? {
        let volumeID = try fields.text("volume_id", .id)
        guard let mapping = mappings.first else { return volumeID }
        guard mappings.count == 1 else {
            throw FieldError(field: fields.field("mappings"), rule: "must have one item, unless there is a server_id")
        }
        guard mapping.backupID == backup else {
            throw FieldError(field: mapping.fields.field("backup_id"), rule: "must be the backup that is restored")
        }
        guard volumeID == nil || volumeID == mapping.volumeID else {
            throw FieldError(field: mapping.fields.field("volume_id"), rule: "must be the same as restore.volume_id")
        }
        return mapping.volumeID
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
