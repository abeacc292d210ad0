/// A restore point of a vault, as far as a client shows or uses it.
public struct Checkpoint: Decodable, Sendable, Equatable {
    public struct Vault: Decodable, Sendable, Equatable {
        public let id: String
        public let name: String
        public let resources: [Member]?
        public let skippedResources: [Skipped]?
    }

    public struct Member: Decodable, Sendable, Equatable {
        public let id: String
        public let name: String?
        public let type: String
        public let protectStatus: String?
    }

    /// A resource that this restore point leaves out, and why.
    public struct Skipped: Decodable, Sendable, Equatable {
        public let id: String
        public let name: String?
        public let type: String?
        public let code: String?
        public let reason: String?
    }

    public struct ExtraInfo: Decodable, Sendable, Equatable {
        public let name: String?
        public let description: String?
    }

    public let id: String
    public let status: String
    public let createdAt: String?
    public let vault: Vault
    public let extraInfo: ExtraInfo?

    public var skipped: [Skipped] { vault.skippedResources ?? [] }
}

/// How a restore point shall be made; nil leaves the choice to the service.
public struct CheckpointParameters: Encodable, Sendable, Equatable {
    public var name: String?
    public var description: String?
    /// False: everything is read and verified again, trusting no earlier state.
    public var incremental: Bool?
    /// Ids of the resources to back up; nil means all of the vault's.
    public var resources: [String]?

    public init(
        name: String? = nil, description: String? = nil, incremental: Bool? = nil, resources: [String]? = nil
    ) {
        self.name = name
        self.description = description
        self.incremental = incremental
        self.resources = resources
    }
}
