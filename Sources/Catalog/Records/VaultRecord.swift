public import HoldfastCore

public struct VaultRecord: Sendable, Equatable {
    public let id: VaultID
    public let project: ProjectID
    public let user: UserID?
    public var name: String
    public var description: String?
    public var state: VaultState
    public let objectType: VaultObjectType
    public let protectType: VaultProtectType
    public var consistentLevel: ConsistentLevel
    public var sizeGiB: Int64
    public var settings: VaultSettings
    /// Grows with every change: a change made from an old reading is refused.
    public var version: Int64
    public let createdAt: Instant
    public var updatedAt: Instant

    public var sizeBytes: Int64 { sizeGiB << 30 }

    public init(
        id: VaultID, project: ProjectID, user: UserID?, name: String, description: String?, state: VaultState,
        objectType: VaultObjectType, protectType: VaultProtectType, consistentLevel: ConsistentLevel, sizeGiB: Int64,
        settings: VaultSettings, version: Int64, createdAt: Instant, updatedAt: Instant
    ) {
        self.id = id
        self.project = project
        self.user = user
        self.name = name
        self.description = description
        self.state = state
        self.objectType = objectType
        self.protectType = protectType
        self.consistentLevel = consistentLevel
        self.sizeGiB = sizeGiB
        self.settings = settings
        self.version = version
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

public enum VaultState: String, Sendable, CaseIterable {
    case available
    /// Its backups are being removed; it goes when they are gone.
    case deleting
    /// Its deletion failed half-way. It takes no more backups, and can be deleted again.
    case error
}

/// What kind of resources a vault holds.
public enum VaultObjectType: String, Sendable, Codable, CaseIterable {
    case server, disk, turbo, workspace, vmware, rds, file

    public func takes(_ type: ResourceType) -> Bool {
        switch (self, type) {
        case (.server, .server), (.server, .bareMetalServer), (.server, .nativeServer): true
        case (.disk, .volume), (.turbo, .sharedFileSystem), (.workspace, .desktop): true
        case (.server, _), (.disk, _), (.turbo, _), (.workspace, _), (.vmware, _), (.rds, _), (.file, _): false
        }
    }
}

public enum VaultProtectType: String, Sendable, Codable, CaseIterable {
    case backup, replication, hybrid
}

public enum ConsistentLevel: String, Sendable, Codable, CaseIterable {
    case crashConsistent = "crash_consistent"
    case appConsistent = "app_consistent"
}

/// The parts of a vault that no query looks at: stored as one JSON text.
public struct VaultSettings: Sendable, Equatable, Codable {
    public var autoBind = false
    public var autoExpand = false
    public var isLocked = false
    public var notifies = true
    public var thresholdPercent = 80
    public var isMultiZone = false
    public var demandBilling = false
    public var cloudType = "public"
    public var chargingMode = "post_paid"
    public var backupNamePrefix: String?
    public var enterpriseProject: String?
    public var availabilityZone: String?
    public var lockSourceService: String?
    public var bindTags: [Tag] = []
    public var tags: [Tag] = []

    public init() {}
}

public struct Tag: Sendable, Hashable, Codable {
    public var key: String
    public var value: String?

    public init(key: String, value: String?) {
        self.key = key
        self.value = value
    }
}

/// A resource in a vault. A resource is in one vault at most.
public struct VaultResourceRecord: Sendable, Equatable {
    public let project: ProjectID
    public let vault: VaultID
    public let resource: ResourceID
    /// Left out of automatic backups until it is resumed.
    public var isSuspended: Bool
    /// Its backups are being removed; it leaves the vault when they are gone.
    public var isRemoving: Bool
    public var excludedVolumes: [String]
    public var includedVolumes: [IncludedVolume]
    public let addedAt: Instant

    public init(
        project: ProjectID, vault: VaultID, resource: ResourceID, isSuspended: Bool, isRemoving: Bool,
        excludedVolumes: [String], includedVolumes: [IncludedVolume] = [], addedAt: Instant
    ) {
        self.project = project
        self.vault = vault
        self.resource = resource
        self.isSuspended = isSuspended
        self.isRemoving = isRemoving
        self.excludedVolumes = excludedVolumes
        self.includedVolumes = includedVolumes
        self.addedAt = addedAt
    }
}

/// A volume of a server that its backups are to hold.
public struct IncludedVolume: Sendable, Equatable, Codable {
    public var id: String
    public var osVersion: String?

    public init(id: String, osVersion: String? = nil) {
        self.id = id
        self.osVersion = osVersion
    }
}
