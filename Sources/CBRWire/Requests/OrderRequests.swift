/// `POST …/orders/change`. Its rules are checked, though there are no orders: clients learn of their mistakes first.
public struct ChangeOrderRequest: Sendable {
    public let resourceID: String

    public init(_ body: Fields) throws(FieldError) {
        resourceID = try body.require("resource_id", body.text("resource_id", .id))
        _ = try body.text("cloud_service_console_url", .consoleURL)
        _ = try body.flag("is_auto_pay")
        _ = try body.text("promotion_info")
        let product = try body.require("product_info", body.object("product_info"))
        _ = try product.require("product_id", product.text("product_id", .productID))
        _ = try product.require("resource_size", product.integer("resource_size", in: 10...10_485_760))
        _ = try product.integer("resource_size_measure_id", in: Int64(Int32.min)...Int64(Int32.max))
        _ = try product.require("resource_spec_code", product.choice("resource_spec_code", of: SpecCode.self))
    }
}

/// `PUT …/orders/{order_id}`, whose members are in camel case.
public struct UpdateOrderRequest: Sendable {
    public let resourceID: String

    public init(_ body: Fields) throws(FieldError) {
        resourceID = try body.require("resourceId", body.text("resourceId", .id))
        _ = try body.text("cloudServiceConsoleURL", .consoleURL)
        _ = try body.text("promotion_info")
        let product = try body.require("productInfo", body.object("productInfo"))
        _ = try product.require("productId", product.text("productId", .productID))
        _ = try product.require("resourceSize", product.integer("resourceSize", in: 10...10_485_760))
        _ = try product.integer("resourceSizeMeasureId", in: Int64(Int32.min)...Int64(Int32.max))
        _ = try product.require("resourceSpecCode", product.text("resourceSpecCode"))
    }
}

/// `POST …/vaults/change-charge-mode`.
public struct ChangeChargeModeRequest: Sendable {
    public let vaultIDs: [String]

    public init(_ body: Fields) throws(FieldError) {
        vaultIDs = try body.require("vault_ids", body.texts("vault_ids", count: 1...60, .id))
        _ = try body.text("charging_mode", .word(8...16))
        _ = try body.require("period_type", body.text("period_type", .word(1...64)))
        _ = try body.require("period_num", body.integer("period_num", in: 1...9))
        _ = try body.text("console_url", TextRule(1...255))
        _ = try body.flag("is_auto_pay")
        _ = try body.flag("is_auto_renew")
    }
}

/// `POST …/vaults/order`: a vault as in `POST …/vaults`, with other limits.
public struct OrderVaultRequest: Sendable {
    /// Nil makes one up.
    public let name: String?
    public let description: String?
    public let billing: CreateVaultRequest.Billing
    public let resources: [ResourceReferenceBody]
    public let settings: NewVaultSettingsFields
    public let backupPolicyID: String?

    public init(_ body: Fields) throws(FieldError) {
        let fields = try body.require("vault", body.object("vault"))
        backupPolicyID = try fields.text("backup_policy_id", .id)
        name = try fields.text("name", .name)
        description = try fields.text("description", .description(255))
        billing = try CreateVaultRequest.Billing(fields.require("billing", fields.object("billing")))
        resources = try fields.require(
            "resources",
            fields.objects("resources", count: 0...256) { fields throws(FieldError) in
                try ResourceReferenceBody(fields)
            })
        settings = try NewVaultSettingsFields(fields)
        if let tags = settings.tags, !(1...10).contains(tags.count) {
            throw FieldError(field: fields.field("tags"), rule: "must have 1 to 10 items")
        }
        if let encryption = try fields.object("data_encryption"), try encryption.text("cmkid") != nil {
            throw FieldError(
                field: encryption.field("cmkid"), rule: "can't be given: everything is encrypted with the server's key")
        }
        if let order = try fields.object("parameters")?.object("combined_order") {
            _ = try order.text("combined_order_id")
            _ = try order.integer("combined_order_num", in: 1...1000)
            _ = try order.integer("combined_order_ecs_num", in: 1...1000)
        }
    }
}

/// `PUT …/vaults/batch-update`.
public struct BatchUpdateVaultRequest: Sendable {
    public let smnNotify: Bool?
    public let threshold: Int64?

    public init(_ body: Fields) throws(FieldError) {
        let fields = try body.require("vault", body.object("vault"))
        smnNotify = try fields.flag("smn_notify")
        threshold = try fields.integer("threshold", in: 1...100)
    }
}

/// `POST /v3/migrates`.
public struct MigrateDomainRequest: Sendable {
    public init(_ body: Fields) throws(FieldError) {
        _ = try body.require("all_regions", body.flag("all_regions"))
        _ = try body.require("reservation", body.number("reservation", in: 0...1))
    }
}

enum SpecCode: String, CaseIterable {
    case server = "vault.backup.server.normal"
    case turbo = "vault.backup.turbo.normal"
    case database = "vault.backup.database.normal"
    case volume = "vault.backup.volume.normal"
    case rds = "vault.backup.rds.normal"
    case replication = "vault.replication.server.normal"
    case hybrid = "vault.hybrid.server.normal"
}

extension TextRule {
    /// `^[a-zA-Z0-9_\-]*$`.
    static func word(_ count: ClosedRange<Int>) -> TextRule {
        TextRule(count, allowed: "letters, digits, '_' and '-'") { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
            default: false
            }
        }
    }

    static let productID = word(1...64)
    static let consoleURL = TextRule(1...512)
}
