public import HoldfastCore

/// When vaults are backed up, or replicated, and how long what was made stays.
public struct PolicyRecord: Sendable, Equatable {
    public let id: PolicyID
    public let project: ProjectID
    public var name: String
    public let kind: PolicyKind
    public var isEnabled: Bool
    public var definition: PolicyDefinition
    public var timing: PolicyTiming
    public var origin: PolicyOrigin
    /// Grows with every change.
    public var version: Int64
    public let createdAt: Instant
    public var updatedAt: Instant

    public init(
        id: PolicyID, project: ProjectID, name: String, kind: PolicyKind, isEnabled: Bool, definition: PolicyDefinition,
        timing: PolicyTiming, origin: PolicyOrigin, version: Int64, createdAt: Instant, updatedAt: Instant
    ) {
        self.id = id
        self.project = project
        self.name = name
        self.kind = kind
        self.isEnabled = isEnabled
        self.definition = definition
        self.timing = timing
        self.origin = origin
        self.version = version
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

public enum PolicyKind: String, Sendable, Codable, CaseIterable {
    case backup, replication
}

/// Who made a policy.
public enum PolicyOrigin: String, Sendable, CaseIterable {
    case custom = "custom_policy"
    /// Rolled out by a domain; the project can't change it.
    case organization = "organization_policy_v2"
    /// Once rolled out, and since withdrawn while it held for vaults: it goes on for those, and for no others.
    case removed = "organization_policy_removed"
}

/// What a policy does and keeps, as it was given: what was left out stays left out in answers.
public struct PolicyDefinition: Sendable, Equatable, Codable {
    /// -1 or 1 to 99999.
    public var retentionDurationDays: Int?
    /// -1 or 0 to 99999.
    public var maxBackups: Int?
    public var dayBackups: Int?
    public var weekBackups: Int?
    public var monthBackups: Int?
    public var yearBackups: Int?
    /// `UTC+08:00`; also a name of the time zone database where the server allows it.
    public var timezone: String?
    /// Every so-many-th run makes a full backup; -1: none does, 0: each does.
    public var fullBackupInterval: Int?
    public var destinationProject: String?
    public var destinationRegion: String?
    public var enableAcceleration: Bool?
    /// Kept and given back; nothing is done with it.
    public var crossAccountURN: String?
    public var advancedRules: [PolicyAdvancedRule]?

    public init() {}
}

/// A rule of `advanced_retention_rules`, with the words it was given in.
public struct PolicyAdvancedRule: Sendable, Equatable, Codable {
    public enum Period: String, Sendable, Codable { case week, month, year }

    public var period: Period
    public var retentionType: String?
    public var months: [String]?
    public var weeks: [String]?
    public var daysOfWeek: [String]?
    public var daysOfMonth: [Int]?
    /// Weeks, months or years; -1 or nil: the rule is off.
    public var periods: Int?

    public init(period: Period) { self.period = period }
}

/// When a policy runs.
public struct PolicyTiming: Sendable, Equatable, Codable {
    /// Of the trigger.
    public var id: String
    /// As they were given.
    public var pattern: [String]
    public var startedAt: Instant
    /// Runs of many vaults are spread over so many minutes.
    public var windowMinutes: Int?
    /// Whose clocks the pattern means; nil: UTC.
    public var timeZone: String?

    public init(id: String, pattern: [String], startedAt: Instant, windowMinutes: Int?, timeZone: String?) {
        self.id = id
        self.pattern = pattern
        self.startedAt = startedAt
        self.windowMinutes = windowMinutes
        self.timeZone = timeZone
    }
}

/// A policy that holds for a vault.
public struct PolicyBinding: Sendable, Equatable {
    public let project: ProjectID
    public let vault: VaultID
    public let policy: PolicyID
    /// Of a replication policy: the vault that takes the replicas.
    public let destination: VaultID?
    public let boundAt: Instant

    public init(project: ProjectID, vault: VaultID, policy: PolicyID, destination: VaultID?, boundAt: Instant) {
        self.project = project
        self.vault = vault
        self.policy = policy
        self.destination = destination
        self.boundAt = boundAt
    }
}
