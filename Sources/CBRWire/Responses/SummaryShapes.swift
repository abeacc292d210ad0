/// All vaults of a project together.
public struct SummaryBody: Encodable, Sendable {
    /// GB.
    public let size: Int64
    /// MB.
    public let usedSize: Int

    public init(size: Int64, usedSize: Int) {
        self.size = size
        self.usedSize = usedSize
    }
}

public struct StorageUsageBody: Encodable, Sendable {
    /// What the backups of one resource take.
    public struct Usage: Encodable, Sendable {
        public var backupCount = 0
        /// MB.
        public var backupSize = 0
        /// Nothing is kept in several zones.
        public let backupSizeMultiaz = 0
        public var resourceId = ""
        public var resourceName = ""
        public var resourceType = ""

        public init() {}
    }

    public let resourceCount: Int
    public let storageUsage: [Usage]

    public init(_ usage: [Usage], count: Int) {
        storageUsage = usage
        resourceCount = count
    }
}

public struct BatchUpdateVaultBody: Encodable, Sendable {
    public let updatedVaultsId: [String]
    public init(_ ids: [String]) { updatedVaultsId = ids }
}

/// The answer to a vault that was ordered: there is no order, so its id is empty.
public struct OrderedVaultBody: Encodable, Sendable {
    public struct Order: Encodable, Sendable {
        public let cloudServiceId = ""
        public let orderId = ""
        public let resourceId: String
        /// 1: done.
        public let subscribeResult = 1
    }

    public let orders: [Order]
    public let retCode = 0

    public init(vault: String) { orders = [Order(resourceId: vault)] }
}
