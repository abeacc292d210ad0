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

    public init(id: String? = nil, type: String, name: String, location: String) {
        self.id = id
        self.type = type
        self.name = name
        self.location = location
    }
}
