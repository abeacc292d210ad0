/// A resource as requests name it.
public struct ResourceReferenceBody: Sendable {
    public let id: String
    public let type: String
    /// Where the type stands in the request, for an error's sentence.
    public let typeField: String
    public let excludeVolumes: [String]

    init(_ fields: Fields) throws(FieldError) {
        id = try fields.require("id", fields.text("id", .id))
        type = try fields.require("type", fields.text("type"))
        typeField = fields.field("type")
        _ = try fields.text("name", .resourceName)
        let extra = try fields.object("extra_info")
        excludeVolumes = try extra?.texts("exclude_volumes", .id) ?? []
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

    public init(_ body: Fields) throws(FieldError) {
        let fields = try body.require("resource", body.object("resource"))
        id = try fields.text("id", .uuid)
        type = try fields.require("type", fields.text("type"))
        name = try fields.require("name", fields.text("name", TextRule(1...255)))
        location = try fields.require("location", fields.text("location", .path))
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
