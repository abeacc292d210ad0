public import HoldfastCore

/// Something that can be protected.
public struct ResourceRecord: Sendable, Equatable {
    public let project: ProjectID
    /// Unique within the project.
    public let id: ResourceID
    public let type: ResourceType
    public var name: String
    /// A URI, as the user gave it.
    public let location: String
    /// Nil until it is known: a tree's size is known after its first backup.
    public var sizeBytes: Int64?
    public let createdAt: Instant
    public var updatedAt: Instant

    public init(
        project: ProjectID, id: ResourceID, type: ResourceType, name: String, location: String, sizeBytes: Int64?,
        createdAt: Instant, updatedAt: Instant
    ) {
        self.project = project
        self.id = id
        self.type = type
        self.name = name
        self.location = location
        self.sizeBytes = sizeBytes
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

/// The kinds of resource that the interface knows; stored by these names.
public enum ResourceType: String, Sendable, Codable, CaseIterable {
    case server = "OS::Nova::Server"
    case volume = "OS::Cinder::Volume"
    case bareMetalServer = "OS::Ironic::BareMetalServer"
    case nativeServer = "OS::Native::Server"
    case sharedFileSystem = "OS::Sfs::Turbo"
    case desktop = "OS::Workspace::DesktopV2"
}
