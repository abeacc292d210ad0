/// A resource as requests name it.
public struct ResourceReferenceBody: Sendable {
    public let id: String
    public let type: String
    /// Where the type stands in the request, for an error's sentence.
    public let typeField: String
    public let excludeVolumes: [String]
    public let includeVolumes: [(id: String, osVersion: String?)]

    init(_ fields: Fields) throws(FieldError) {
        id = try fields.require("id", fields.text("id", .id))
        type = try fields.require("type", fields.text("type"))
        typeField = fields.field("type")
        _ = try fields.text("name", .resourceName)
        let extra = try fields.object("extra_info")
        excludeVolumes = try extra?.texts("exclude_volumes", .id) ?? []
        includeVolumes =
            try extra?.objects("include_volumes") { fields throws(FieldError) in
                (
                    id: try fields.require("id", fields.text("id", .id)),
                    osVersion: try fields.text("os_version", TextRule(0...255))
                )
            } ?? []
    }
}

/// `POST …/addresources`.
public struct AddResourcesRequest: Sendable {
    public let resources: [ResourceReferenceBody]

    public init(_ body: Fields) throws(FieldError) {
        resources = try body.require(
            "resources",
            body.objects("resources", count: 1...256) { fields throws(FieldError) in
                try ResourceReferenceBody(fields)
            })
    }
}

/// `POST …/removeresources`.
public struct RemoveResourcesRequest: Sendable {
    public let resourceIDs: [String]

    public init(_ body: Fields) throws(FieldError) {
        resourceIDs = try body.require("resource_ids", body.texts("resource_ids", count: 1...256, .id))
    }
}

/// `PUT …/set-resources`.
public struct SetResourcesRequest: Sendable {
    public enum Action: String, CaseIterable, Sendable { case suspend, unsuspend }

    public let action: Action
    public let resourceIDs: [String]

    public init(_ body: Fields) throws(FieldError) {
        action = try body.require("action", body.choice("action"))
        resourceIDs = try body.require("resource_ids", body.texts("resource_ids", count: 1...256, .id))
    }
}

/// `POST /holdfast/v1/{project_id}/resources`.
public struct RegisterResourceRequest: Sendable {
    public let id: String?
    public let type: String
    public let name: String
    public let location: String
    public let tags: [(key: String, value: String)]

    public init(_ body: Fields) throws(FieldError) {
        let fields = try body.require("resource", body.object("resource"))
        tags = try fields.tags("tags") ?? []
        id = try fields.text("id", .uuid)
        type = try fields.require("type", fields.text("type"))
        name = try fields.require("name", fields.text("name", TextRule(1...255)))
        location = try fields.require("location", fields.text("location", .path))
    }
}

/// `PUT /holdfast/v1/{project_id}/resources/{resource_id}`. What is absent stays as it is.
public struct UpdateResourceRequest: Sendable {
    public let name: String?
    public let tags: [(key: String, value: String)]?

    public init(_ body: Fields) throws(FieldError) {
        let fields = try body.require("resource", body.object("resource"))
        name = try fields.text("name", TextRule(1...255))
        tags = try fields.tags("tags")
    }
}

/// `POST …/migrateresources`.
public struct MigrateResourcesRequest: Sendable {
    public let destinationVaultID: String
    public let resourceIDs: [String]

    public init(_ body: Fields) throws(FieldError) {
        destinationVaultID = try body.require("destination_vault_id", body.text("destination_vault_id", .id))
        resourceIDs = try body.require("resource_ids", body.texts("resource_ids", count: 1...256, .id))
    }
}

/// `PUT …/update-backup-expiration-time`. The calendar is checked where it is used.
public struct UpdateExpirationTimeRequest: Sendable {
    public let day: String
    public let timeZone: String

    public init(_ body: Fields) throws(FieldError) {
        day = try body.require("expect_expiration_date", body.text("expect_expiration_date", TextRule(10...10)))
        timeZone = try body.require("time_zone", body.text("time_zone", TextRule(9...9)))
    }
}

/// `PUT /holdfast/v1/{project_id}/backups/{backup_id}/hold`.
public struct HoldRequest: Sendable {
    public let reason: String

    public init(_ body: Fields) throws(FieldError) {
        let fields = try body.require("hold", body.object("hold"))
        reason = try fields.require("reason", fields.text("reason", TextRule(1...255)))
    }
}

extension TextRule {
    /// The 36 characters of a UUID (RFC 9562 section 4), in either case.
    static let uuid = TextRule(36...36, allowed: "hex digits and dashes, as a UUID has") { scalar in
        switch scalar {
        case "0"..."9", "a"..."f", "A"..."F", "-": true
        default: false
        }
    }
}
