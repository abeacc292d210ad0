/// One project that a backup is shared with.
public struct MemberShape: Encodable, Sendable {
    public var backupId = ""
    public var createdAt = ""
    public var destProjectId = ""
    public var id = ""
    /// No image is ever made of a backup.
    public var imageId = Nullable<String>()
    public var status = ""
    public var updatedAt = ""
    public var vaultId = Nullable<String>()

    public init() {}
}

public struct MemberBody: Encodable, Sendable {
    public let member: MemberShape
    public init(member: MemberShape) { self.member = member }
}

public struct MemberListBody: Encodable, Sendable {
    public let members: [MemberShape]
    /// How many there are on all pages; nil in the answer that adds some.
    public let count: Int?

    public init(members: [MemberShape], count: Int? = nil) {
        self.members = members
        self.count = count
    }
}
