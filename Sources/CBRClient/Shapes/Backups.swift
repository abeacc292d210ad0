/// One resource at one restore point, as far as a client shows or uses it.
public struct Backup: Decodable, Sendable, Equatable {
    public let id: String
    public let name: String
    public let status: String
    public let resourceID: String
    public let resourceName: String?
    public let resourceType: String
    /// GB.
    public let resourceSize: Int?
    public let vaultID: String?
    public let checkpointID: String?
    public let createdAt: String?
    public let description: String?
    /// Whose it is.
    public let projectID: String?
    public let members: [Member]?
}

/// Where a backup goes back to. With nothing set, it goes to where it came from.
public struct RestoreTarget: Encodable, Sendable, Equatable {
    struct Details: Encodable, Sendable, Equatable { var destinationPath: String }

    /// The resource that is overwritten: a volume.
    var volumeID: String?
    /// The resource that is overwritten: of any other kind.
    var resourceID: String?
    var details: Details?

    /// Over a volume (an image or block device).
    public static func volume(_ id: String) -> Self { Self(volumeID: id) }

    /// Over another registered resource.
    public static func resource(_ id: String) -> Self { Self(resourceID: id) }

    /// Into a directory on the server, inside its allowed roots.
    public static func path(_ path: String) -> Self { Self(details: Details(destinationPath: path)) }

    /// Over the resource it was made of.
    public static func original(of backup: Backup) -> Self {
        backup.resourceType == "OS::Cinder::Volume" ? .volume(backup.resourceID) : .resource(backup.resourceID)
    }
}
