/// A restore point. Sizes and counts of its resources are strings here, and integers everywhere else.
public struct CheckpointShape: Encodable, Sendable {
    public struct Resource: Encodable, Sendable {
        public var backupCount = "0"
        /// MB.
        public var backupSize = "0"
        public var extraInfo = "{}"
        public var id = ""
        public var name = ""
        public var protectStatus = ""
        /// GB.
        public var resourceSize = "0"
        public var type = ""

        public init() {}
    }

    public struct Skipped: Encodable, Sendable {
        public var code = ""
        public var id = ""
        public var name = ""
        public var reason = ""
        public var type = ""

        public init() {}
    }

    public struct Vault: Encodable, Sendable {
        public var id = ""
        public var name = ""
        public var resources: [Resource] = []
        public var skippedResources: [Skipped] = []

        public init() {}
    }

    public struct ExtraInfo: Encodable, Sendable {
        public var name = ""
        public var description = ""
        /// Days; -1: for ever.
        public var retentionDuration = -1

        public init() {}
    }

    public var createdAt = ""
    public var id = ""
    public var projectId = ""
    public var status = ""
    public var vault = Vault()
    public var extraInfo = ExtraInfo()

    public init() {}
}

public struct CheckpointBody: Encodable, Sendable {
    public let checkpoint: CheckpointShape
    public init(checkpoint: CheckpointShape) { self.checkpoint = checkpoint }
}
