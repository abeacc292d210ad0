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
    public let settings: VaultSettingsFields
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
        settings = try VaultSettingsFields(fields)
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
    public let demandBilling: Bool?
    public let backupNamePrefix: String?
    public let enterpriseProjectID: String?
    public let availabilityZone: String?
    public let sysLockSourceService: String?
    public let bindTags: [(key: String, value: String)]?
    public let tags: [(key: String, value: String)]?

    init(_ fields: Fields) throws(FieldError) {
        autoBind = try fields.flag("auto_bind")
        autoExpand = try fields.flag("auto_expand")
        locked = try fields.flag("locked")
        smnNotify = try fields.flag("smn_notify")
        threshold = try fields.integer("threshold", in: 1...100)
        demandBilling = try fields.flag("demand_billing")
        backupNamePrefix = try fields.text("backup_name_prefix", .prefix)
        enterpriseProjectID = try fields.text("enterprise_project_id", TextRule(0...255))
        availabilityZone = try fields.text("availability_zone", TextRule(1...32))
        sysLockSourceService = try fields.text("sys_lock_source_service", TextRule(0...32))
        bindTags = try fields.object("bind_rules")?.tags("tags")
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
}

enum ObjectType: String, CaseIterable { case server, disk, turbo, workspace, vmware, rds, file }
enum ProtectType: String, CaseIterable { case backup, replication }
enum CloudType: String, CaseIterable { case `public`, hybrid }
enum ChargingMode: String, CaseIterable { case postPaid = "post_paid", prePaid = "pre_paid" }
enum ConsistentLevelName: String, CaseIterable {
    case crashConsistent = "crash_consistent"
    case appConsistent = "app_consistent"
}
