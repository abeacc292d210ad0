/// The tags of one vault. There are no system tags: that list is empty.
public struct TagListBody: Encodable, Sendable {
    public let tags: [VaultShape.Tag]
    public let sysTags: [VaultShape.Tag] = []

    public init(_ tags: [VaultShape.Tag]) { self.tags = tags }
}

/// Every key and value of a project's vaults.
public struct ProjectTagsBody: Encodable, Sendable {
    public struct Entry: Encodable, Sendable {
        public let key: String
        public let values: [String]

        public init(key: String, values: [String]) {
            self.key = key
            self.values = values
        }
    }

    public let tags: [Entry]

    public init(_ tags: [Entry]) { self.tags = tags }
}

/// Vaults that a search by tags found; without them when only their number was asked for.
public struct TagSearchBody: Encodable, Sendable {
    public struct Found: Encodable, Sendable {
        public struct Detail: Encodable, Sendable { public let vault: VaultShape }

        public let resourceDetail: Detail
        public let resourceId: String
        public let resourceName: String
        public let sysTags: [VaultShape.Tag] = []
        public let tags: [VaultShape.Tag]

        public init(_ vault: VaultShape) {
            resourceDetail = Detail(vault: vault)
            resourceId = vault.id
            resourceName = vault.name
            tags = vault.tags
        }
    }

    public let resources: [Found]?
    public let totalCount: Int

    public init(_ resources: [Found]?, totalCount: Int) {
        self.resources = resources
        self.totalCount = totalCount
    }
}
