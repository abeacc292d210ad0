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
    public let operationDefinition: PolicyRetention
    public let trigger: Trigger
    public let associatedVaults: [AssociatedVault]?
}

/// What a policy keeps, and where it sends replicas. Nil: no such rule.
public struct PolicyRetention: Codable, Sendable, Equatable {
    public struct Advanced: Codable, Sendable, Equatable {
        public struct Rule: Codable, Sendable, Equatable {
            public var retentionType: String?
            public var retentionMonths: [String]?
            public var retentionWeeks: [String]?
            public var daysOfWeek: [String]?
            public var daysOfMonth: [Int]?
            public var retentionDurationPeriods: Int?

            public init() {}
        }

        public var weeklyRetentionRules: Rule?
        public var monthlyRetentionRules: Rule?
        public var yearlyRetentionRules: Rule?

        public init() {}
    }

    public var maxBackups: Int?
    public var retentionDurationDays: Int?
    public var dayBackups: Int?
    public var weekBackups: Int?
    public var monthBackups: Int?
    public var yearBackups: Int?
    public var timezone: String?
    public var fullBackupInterval: Int?
    public var destinationRegion: String?
    public var destinationProjectID: String?
    public var enableAcceleration: Bool?
    public var advancedRetentionRules: Advanced?

    public init() {}

    /// With other rules to keep by, and all else as it is.
    public func keeping(_ rules: PolicyRetention) -> PolicyRetention {
        var new = rules
        new.fullBackupInterval = fullBackupInterval
        new.destinationRegion = destinationRegion
        new.destinationProjectID = destinationProjectID
        new.enableAcceleration = enableAcceleration
        return new
    }
}

/// What to change of a policy; nil leaves a part as it is.
public struct PolicyChanges: Encodable, Sendable, Equatable {
    public struct Trigger: Encodable, Sendable, Equatable {
        public struct Properties: Encodable, Sendable, Equatable {
            var pattern: [String]
            /// Nil inside ends the window, and the zone.
            var windowMinutes: Int??
            var timeZone: String??

            private enum CodingKeys: String, CodingKey { case pattern, startWindowMinutes, holdfastTimeZone }

            public func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: CodingKeys.self)
                try container.encode(pattern, forKey: .pattern)
                if let windowMinutes { try container.encode(windowMinutes, forKey: .startWindowMinutes) }
                if let timeZone { try container.encode(timeZone, forKey: .holdfastTimeZone) }
            }
        }

        var properties: Properties
    }

    public var name: String?
    public var enabled: Bool?
    public var operationDefinition: PolicyRetention?
    public private(set) var trigger: Trigger?

    public init(name: String? = nil, enabled: Bool? = nil, operationDefinition: PolicyRetention? = nil) {
        self.name = name
        self.enabled = enabled
        self.operationDefinition = operationDefinition
    }

    /// - Parameters:
    ///   - pattern: the interface wants it with every change of a trigger.
    ///   - windowMinutes: nil inside ends the window.
    ///   - timeZone: nil inside: UTC.
    public mutating func setTrigger(pattern: [String], windowMinutes: Int??, timeZone: String??) {
        trigger = Trigger(
            properties: .init(pattern: pattern, windowMinutes: windowMinutes, timeZone: timeZone))
    }
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
    var operationType: String
    public var operationDefinition: PolicyRetention
    public var trigger: Trigger

    public var enabled: Bool?

    /// With a destination region, a replication policy.
    public init(
        name: String, pattern: [String], keeps: PolicyRetention, windowMinutes: Int?, timeZone: String?,
        enabled: Bool? = nil
    ) {
        self.name = name
        self.enabled = enabled
        operationType = keeps.destinationRegion == nil ? "backup" : "replication"
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
        public let keepByRules: Bool
        public let ruleReasons: [String]
    }

    public struct Vault: Decodable, Sendable, Equatable {
        public let vaultID: String
        public let backups: [Item]
    }

    public let nextRuns: [String]
    public let vaults: [Vault]
}
