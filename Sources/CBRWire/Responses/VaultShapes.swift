/// A vault as answers show it: the fields of `Vault`, `VaultGet` and `VaultCreateResource` together.
public struct VaultShape: Encodable, Sendable {
    public struct Billing: Encodable, Sendable {
        /// GB.
        public var allocated = 0
        public var chargingMode = "post_paid"
        public var cloudType = "public"
        public var consistentLevel = ""
        public var frozenScene = Nullable<String>()
        public var isMultiAz = false
        public var objectType = ""
        public var orderId = Nullable<String>()
        public var productId = Nullable<String>()
        public var protectType = ""
        /// GB.
        public var size: Int64 = 0
        public var specCode = ""
        public var status = ""
        public var storageUnit = Nullable<String>()
        /// MB.
        public var used = 0

        public init() {}
    }

    public struct Tag: Encodable, Sendable {
        public var key: String
        public var value: String

        public init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    public struct BindRules: Encodable, Sendable {
        public var tags: [Tag] = []
        public init() {}
    }

    public var autoBind = false
    public var autoExpand = false
    public var availabilityZone = Nullable<String>()
    public var backupNamePrefix = Nullable<String>()
    public var billing = Billing()
    public var bindRules = BindRules()
    public var cbcDeleteCount = 0
    public var createdAt = ""
    public var demandBilling = false
    public var description = Nullable<String>()
    public var enterpriseProjectId = Nullable<String>()
    public var frozen = false
    public var id = ""
    public var locked = false
    public var name = ""
    public var projectId = ""
    public var providerId = ""
    public var resources: [VaultResourceShape] = []
    public var smnNotify = true
    public var sysLockSourceService = Nullable<String>()
    public var tags: [Tag] = []
    public var threshold = 80
    public var updatedAt = ""
    public var userId = Nullable<String>()
    public var version = ""

    public init() {}
}

/// A resource in a vault.
public struct VaultResourceShape: Encodable, Sendable {
    public struct ExtraInfo: Encodable, Sendable {
        public struct Included: Encodable, Sendable {
            public var id: String
            public var osVersion: String?

            public init(id: String, osVersion: String?) {
                self.id = id
                self.osVersion = osVersion
            }
        }

        public var excludeVolumes: [String] = []
        /// Nil: left out, where none was given.
        public var includeVolumes: [Included]?
        public init() {}
    }

    public var autoProtect = true
    public var backupCount = 0
    /// MB.
    public var backupSize = 0
    public var extraInfo = ExtraInfo()
    public var id = ""
    public var name = ""
    public var protectStatus = ""
    /// GB.
    public var size = 0
    public var type = ""

    public init() {}
}

public struct VaultBody: Encodable, Sendable {
    public let vault: VaultShape
    public init(vault: VaultShape) { self.vault = vault }
}

public struct VaultListBody: Encodable, Sendable {
    public let vaults: [VaultShape]
    public let count: Int
    public let limit: Int
    public let offset: Int

    public init(vaults: [VaultShape], count: Int, limit: Int, offset: Int) {
        self.vaults = vaults
        self.count = count
        self.limit = limit
        self.offset = offset
    }
}

public struct AddResourcesBody: Encodable, Sendable {
    public let addResourceIds: [String]
    public init(_ ids: [String]) { addResourceIds = ids }
}

public struct MigratedResourcesBody: Encodable, Sendable {
    public let migratedResources: [String]
    public init(_ ids: [String]) { migratedResources = ids }
}

public struct ExpirationTimeBody: Encodable, Sendable {
    public let affectedBackupsCount: Int
    /// `YYYY-MM-DD`.
    public let newExpirationDay: String
    public let operationLogId: String

    public init(count: Int, day: String, operation: String) {
        affectedBackupsCount = count
        newExpirationDay = day
        operationLogId = operation
    }
}

public struct RemoveResourcesBody: Encodable, Sendable {
    public let removeResourceIds: [String]
    public init(_ ids: [String]) { removeResourceIds = ids }
}

public struct SetResourcesBody: Encodable, Sendable {
    public let setResourceIds: [String]
    public init(_ ids: [String]) { setResourceIds = ids }
}
