/// A policy, as far as a client shows it.
public struct Policy: Decodable, Sendable, Equatable {
    public struct Trigger: Decodable, Sendable, Equatable {
        public struct Properties: Decodable, Sendable, Equatable { public let pattern: [String] }
        public let properties: Properties
    }

    public struct AssociatedVault: Decodable, Sendable, Equatable { public let vaultID: String }

    public let id: String
    public let name: String
    public let enabled: Bool
    public let operationType: String
    public let trigger: Trigger
    public let associatedVaults: [AssociatedVault]?
}

/// What a policy keeps. Nil: no such rule.
public struct PolicyRetention: Encodable, Sendable, Equatable {
    public var maxBackups: Int?
    public var retentionDurationDays: Int?
    public var dayBackups: Int?
    public var weekBackups: Int?
    public var monthBackups: Int?
    public var yearBackups: Int?
    public var timezone: String?
    public var fullBackupInterval: Int?

    public init() {}
}

/// What a new policy shall be.
public struct NewPolicy: Encodable, Sendable, Equatable {
    public struct Trigger: Encodable, Sendable, Equatable {
        public struct Properties: Encodable, Sendable, Equatable {
            var pattern: [String]
            var startWindowMinutes: Int?
            var holdfastTimeZone: String?
        }

        var properties: Properties
    }

    public var name: String
    var operationType = "backup"
    public var operationDefinition: PolicyRetention
    public var trigger: Trigger

    public init(name: String, pattern: [String], keeps: PolicyRetention, windowMinutes: Int?, timeZone: String?) {
        self.name = name
        operationDefinition = keeps
        trigger = Trigger(
            properties: .init(pattern: pattern, startWindowMinutes: windowMinutes, holdfastTimeZone: timeZone))
    }
}

/// What a policy is about to do.
public struct PolicyPreview: Decodable, Sendable, Equatable {
    public struct Item: Decodable, Sendable, Equatable {
        public let backupID: String
        public let name: String
        public let resourceName: String
        public let createdAt: String
        public let keep: Bool
        public let reasons: [String]
    }

    public struct Vault: Decodable, Sendable, Equatable {
        public let vaultID: String
        public let backups: [Item]
    }

    public let nextRuns: [String]
    public let vaults: [Vault]
}
