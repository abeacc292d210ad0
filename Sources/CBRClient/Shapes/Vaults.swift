/// A vault, as far as a client shows or uses it. What is optional here may be missing in an answer.
public struct Vault: Decodable, Sendable, Equatable {
    public struct Billing: Decodable, Sendable, Equatable {
        public let status: String
        public let objectType: String?
        /// GB.
        public let size: Int
        /// MB.
        public let used: Int
    }

    public struct Member: Decodable, Sendable, Equatable {
        public let id: String
        public let name: String?
        public let type: String
        /// GB.
        public let size: Int?
        public let backupCount: Int?
        public let protectStatus: String?
    }

    public let id: String
    public let name: String
    public let description: String?
    public let createdAt: String?
    public let billing: Billing
    public let resources: [Member]
}

/// What a new vault shall be.
public struct NewVault: Encodable, Sendable, Equatable {
    public struct Billing: Encodable, Sendable, Equatable {
        var consistentLevel = "crash_consistent"
        public var objectType: String
        var protectType = "backup"
        /// GB.
        public var size: Int
    }

    public var name: String
    public var description: String?
    public var billing: Billing
    public var resources: [ResourceReference]
    public var autoExpand: Bool?
    /// It can't be undone.
    public var locked: Bool?
    /// Takes resources in by itself, those that have one of the tags of `bindRules`.
    public var autoBind: Bool?
    public var bindRules: BindRules?
    public var backupNamePrefix: String?

    /// - Parameters:
    ///   - objectType: `server`, `disk` or `turbo`: what the vault's resources are.
    ///   - sizeGB: its capacity.
    public init(
        name: String, description: String? = nil, objectType: String, sizeGB: Int, resources: [ResourceReference] = []
    ) {
        self.name = name
        self.description = description
        billing = Billing(objectType: objectType, size: sizeGB)
        self.resources = resources
    }
}

/// What changes of a vault; nil leaves a property as it is.
public struct VaultChanges: Encodable, Sendable, Equatable {
    struct Billing: Encodable, Sendable, Equatable {
        /// GB.
        var size: Int
    }

    public var name: String?
    var billing: Billing?
    /// Percent of the capacity at which the vault counts as nearly full.
    public var threshold: Int?
    public var autoExpand: Bool?
    /// It can't be undone.
    public var locked: Bool?
    /// Takes resources in by itself, those that have one of the tags of `bindRules`.
    public var autoBind: Bool?
    public var bindRules: BindRules?
    public var backupNamePrefix: String?

    public init(name: String? = nil, sizeGB: Int? = nil, threshold: Int? = nil) {
        self.name = name
        billing = sizeGB.map(Billing.init)
        self.threshold = threshold
    }

    public var isEmpty: Bool { self == VaultChanges() }
}

/// Names a resource to put into a vault.
public struct ResourceReference: Codable, Sendable, Equatable {
    public var id: String
    public var type: String

    public init(id: String, type: String) {
        self.id = id
        self.type = type
    }
}

/// Which resources a vault takes in by itself.
public struct BindRules: Encodable, Sendable, Equatable {
    public var tags: [TagPair]
    public init(tags: [TagPair]) { self.tags = tags }
}
