/// What a backup keeps of its machine. Some members are JSON text inside strings, as the interface has them.
public struct MetadataShape: Encodable, Sendable {
    public let backupId: String
    public var backups = "[]"
    public var flavor = "{}"
    public let floatingips: [String] = []
    public let interface = "{}"
    public let ports: [String] = []
    public var server = "{}"
    public var volumes: [String] = []
    public var workspace = "{}"

    public init(backupID: String) { backupId = backupID }
}

/// One thing inside ``MetadataShape``.
public struct MetadataFact: Encodable, Sendable {
    public let id: String
    public let name: String
    /// GB; left out where it is not known.
    public let size: Int?
    public let type: String

    public init(id: String, name: String, type: String, size: Int?) {
        self.id = id
        self.name = name
        self.type = type
        self.size = size
    }

    public func text() throws -> String { String(decoding: try WireJSON.encode(self), as: UTF8.self) }
}
