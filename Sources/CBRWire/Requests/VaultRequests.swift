/// `POST …/vaults`.
public struct CreateVaultRequest: Sendable {
    public struct Billing: Sendable {
        public let objectType: String
        public let protectType: String
        public let consistentLevel: String
        public let size: Int64
        public let cloudType: String?
        public let isMultiAZ: Bool

        init(_ fields: Fields) throws(FieldError) {
            objectType = try fields.require("object_type", fields.choice("object_type", of: ObjectType.self)).rawValue
            protectType = try fields.require("protect_type", fields.choice("protect_type", of: ProtectType.self))
                .rawValue
            consistentLevel =
                try fields.choice("consistent_level", of: ConsistentLevelName.self)?.rawValue
                ?? ConsistentLevelName.crashConsistent.rawValue
            size = try fields.require("size", fields.integer("size", in: 10...10_485_760))
            cloudType = try fields.choice("cloud_type", of: CloudType.self)?.rawValue
            isMultiAZ = try fields.flag("is_multi_az") ?? false
            // What a subscription would need: clients send some of it for post-paid vaults too.
            _ = try fields.choice("period_type", of: PeriodType.self)
            _ = try fields.integer("period_num", in: Int64(Int32.min)...Int64(Int32.max))
            _ = try fields.flag("is_auto_pay")
            _ = try fields.flag("is_auto_renew")
            _ = try fields.text("console_url", TextRule(1...255))
            if try fields.choice("charging_mode", of: ChargingMode.self) == .prePaid {
                throw FieldError(
                    field: fields.field("charging_mode"),
                    rule: "must be post_paid: this service has no orders or subscriptions")
            }
        }
    }

    public let name: String
    public let description: String?
    public let billing: Billing
    public let resources: [ResourceReferenceBody]
    public let settings: NewVaultSettingsFields
    public let backupPolicyID: String?

    public init(_ body: Fields) throws(FieldError) {
        let fields = try body.require("vault", body.object("vault"))
        backupPolicyID = try fields.text("backup_policy_id", .id)
        name = try fields.require("name", fields.text("name", .name))
        description = try fields.text("description", .description(64))
        billing = try Billing(fields.require("billing", fields.object("billing")))
        resources =
            try fields.objects("resources", count: 0...255) { fields throws(FieldError) in
                try ResourceReferenceBody(fields)
            } ?? []
        settings = try NewVaultSettingsFields(fields)
    }
}

/// `PUT …/vaults/{vault_id}`. What is absent stays as it is.
public struct UpdateVaultRequest: Sendable {
    public let name: String?
    public let size: Int64?
    public let consistentLevel: String?
    public let settings: VaultSettingsFields

    public init(_ body: Fields) throws(FieldError) {
        let fields = try body.require("vault", body.object("vault"))
        name = try fields.text("name", .name)
        // Clients send an empty billing object when they change something else.
        let billing = try fields.object("billing")
        size = try billing?.integer("size", in: 1...10_485_760)
        consistentLevel = try billing?.choice("consistent_level", of: ConsistentLevelName.self)?.rawValue
        settings = try VaultSettingsFields(fields)
    }
}

/// The settings that creating and updating a vault have in common.
public struct VaultSettingsFields: Sendable {
    public let autoBind: Bool?
    public let autoExpand: Bool?
    public let locked: Bool?
    public let smnNotify: Bool?
    public let threshold: Int64?
    /// Of updates it is our own.
    public let backupNamePrefix: String?
    public let bindTags: [(key: String, value: String)]?

    init(_ fields: Fields) throws(FieldError) {
        autoBind = try fields.flag("auto_bind")
        autoExpand = try fields.flag("auto_expand")
        locked = try fields.flag("locked")
        smnNotify = try fields.flag("smn_notify")
        threshold = try fields.integer("threshold", in: 1...100)
        backupNamePrefix = try fields.text("backup_name_prefix", .prefix)
        bindTags = try fields.object("bind_rules")?.bindTags("tags")
    }
}

/// All settings that a vault is made with.
public struct NewVaultSettingsFields: Sendable {
    public let common: VaultSettingsFields
    public let enterpriseProjectID: String?
    public let availabilityZone: String?
    public let sysLockSourceService: String?
    public let tags: [(key: String, value: String)]?

    init(_ fields: Fields) throws(FieldError) {
        common = try VaultSettingsFields(fields)
        if try fields.flag("demand_billing") == true {
            throw FieldError(
                field: fields.field("demand_billing"), rule: "is only for pre_paid: every vault is post_paid here")
        }
        enterpriseProjectID = try fields.text("enterprise_project_id", TextRule(0...255))
        availabilityZone = try fields.text("availability_zone", TextRule(1...32))
        sysLockSourceService = try fields.text("sys_lock_source_service", TextRule(0...32))
        tags = try fields.tags("tags")
    }
}

extension Fields {
    /// Key and value pairs: keys of 1 to 36 characters, values of up to 43.
    func tags(_ name: String) throws(FieldError) -> [(key: String, value: String)]? {
        try objects(name, count: 0...20) { fields throws(FieldError) in
            let tag = try TagBody(fields)
            return (key: tag.key, value: tag.value ?? "")
        }
    }

    /// As ``tags(_:)``, with a value each and every key once.
    fileprivate func bindTags(_ name: String) throws(FieldError) -> [(key: String, value: String)]? {
        let found = try objects(name, count: 0...20) { fields throws(FieldError) in
            let tag = try TagBody(fields)
            return (key: tag.key, value: try fields.require("value", tag.value))
        }
        var seen: Set<String> = []
        for tag in found ?? [] where !seen.insert(tag.key).inserted {
            throw FieldError(field: field(name), rule: "has the key '\(tag.key)' twice")
        }
        return found
    }
}

enum ObjectType: String, CaseIterable { case server, disk, turbo, workspace, vmware, rds, file }
enum ProtectType: String, CaseIterable { case backup, replication }
enum CloudType: String, CaseIterable { case `public`, hybrid }
enum PeriodType: String, CaseIterable { case year, month }
enum ChargingMode: String, CaseIterable { case postPaid = "post_paid", prePaid = "pre_paid" }
enum ConsistentLevelName: String, CaseIterable {
    case crashConsistent = "crash_consistent"
    case appConsistent = "app_consistent"
}
