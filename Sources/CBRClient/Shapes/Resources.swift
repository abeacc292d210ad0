/// Something registered that can be protected.
public struct Resource: Decodable, Sendable, Equatable {
    public let id: String
    public let name: String
    public let type: String
    public let location: String?
    public let sizeBytes: Int64?
    public let status: String?
    public let vaultID: String?
    public let createdAt: String?
}

/// What shall be registered.
public struct NewResource: Encodable, Sendable, Equatable {
    /// Nil lets the service choose one.
    public var id: String?
    public var type: String
    public var name: String
    /// A URI, such as `file:///srv/share`.
    public var location: String
    /// Vaults that take resources in by themselves look at them.
    public var tags: [TagPair]?

    public init(id: String? = nil, type: String, name: String, location: String, tags: [TagPair]? = nil) {
        self.tags = tags
        self.id = id
        self.type = type
        self.name = name
        self.location = location
    }
}

/// What changes of a resource; nil leaves a property as it is.
public struct ResourceChanges: Encodable, Sendable, Equatable {
    public var name: String?
    /// All of them: those that are not among them go.
    public var tags: [TagPair]?

    public init(name: String? = nil, tags: [TagPair]? = nil) {
        self.name = name
        self.tags = tags
    }
}

/// A key with a value.
public struct TagPair: Codable, Sendable, Equatable {
    public var key: String
    public var value: String

    public init(key: String, value: String) {
        self.key = key
        self.value = value
    }

    /// From `key=value` or `key`.
    public init(text: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        self.init(key: String(parts[0]), value: parts.count > 1 ? String(parts[1]) : "")
    }
}
