/// A resource as our own `/holdfast/v1` calls show it.
public struct ResourceShape: Encodable, Sendable {
    public var createdAt = ""
    public var id = ""
    public var location = ""
    public var name = ""
    public var sizeBytes = Nullable<Int64>()
    public var status = "available"
    public var tags: [VaultShape.Tag] = []
    public var type = ""
    public var vaultId = Nullable<String>()

    public init() {}
}

public struct ResourceBody: Encodable, Sendable {
    public let resource: ResourceShape
    public init(resource: ResourceShape) { self.resource = resource }
}

public struct ResourceListBody: Encodable, Sendable {
    public let resources: [ResourceShape]
    public let count: Int

    public init(resources: [ResourceShape], count: Int) {
        self.resources = resources
        self.count = count
    }
}

/// A resource as the list of what can be protected shows it.
public struct ProtectableShape: Encodable, Sendable {
    public struct Result: Encodable, Sendable {
        public var code = ""
        public var reason = ""
        public var result = true
        public var vault = Nullable<VaultShape>()
        public init() {}
    }

    public struct Detail: Encodable, Sendable {
        public var location = ""
        public init() {}
    }

    public var children: [String] = []
    public var detail = Detail()
    public var id = ""
    public var name = ""
    public var protectable = Result()
    /// GB.
    public var size = 0
    public var status = "available"
    public var type = ""

    public init() {}
}

public struct ProtectableBody: Encodable, Sendable {
    public let instance: ProtectableShape
    public init(instance: ProtectableShape) { self.instance = instance }
}

public struct ProtectableListBody: Encodable, Sendable {
    public let instances: [ProtectableShape]
    public let count: Int

    public init(instances: [ProtectableShape], count: Int) {
        self.instances = instances
        self.count = count
    }
}
