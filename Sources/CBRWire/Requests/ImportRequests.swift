/// `POST …/checkpoints/sync`.
public struct ImportCheckpointRequest: Sendable {
    public let vaultID: String
    public let autoTrigger: Bool

    public init(_ body: Fields) throws(FieldError) {
        let fields = try body.require("sync", body.object("sync"))
        vaultID = try fields.require("vault_id", fields.text("vault_id", .id))
        autoTrigger = try fields.require("auto_trigger", fields.flag("auto_trigger"))
    }
}

/// `POST …/backups/sync`.
public struct ImportBackupRequest: Sendable {
    public struct Item: Sendable {
        public let backupID: String
        public let imagePath: String
        public let resourceID: String
        public let resourceType: String
        public let resourceTypeField: String
    }

    public static let itemsMax = 50

    public let items: [Item]

    public init(_ body: Fields) throws(FieldError) {
        let items = try body.objects("sync", count: 1...Self.itemsMax) { fields throws(FieldError) in
            _ = try fields.require("backup_name", fields.text("backup_name", .name))
            _ = try fields.require("bucket_name", fields.text("bucket_name", .any))
            _ = try fields.require("created_at", fields.integer("created_at", in: 0...Int64(Int32.max)))
            _ = try fields.require("resource_name", fields.text("resource_name", .any))
            return Item(
                backupID: try fields.require("backup_id", fields.text("backup_id", .id)),
                imagePath: try fields.require("image_path", fields.text("image_path", .any)),
                resourceID: try fields.require("resource_id", fields.text("resource_id", .id)),
                resourceType: try fields.require("resource_type", fields.text("resource_type", .id)),
                resourceTypeField: fields.field("resource_type"))
        }
        self.items = try body.require("sync", items)
    }
}
