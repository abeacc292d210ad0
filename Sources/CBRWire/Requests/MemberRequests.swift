/// `POST …/backups/{backup_id}/members`.
public struct AddMembersRequest: Sendable {
    public static let membersMax = 10

    /// Ids of projects.
    public let members: [String]
    /// Ids of domains: all of their projects.
    public let domains: [String]

    public init(_ body: Fields) throws(FieldError) {
        let members = try body.texts("members", count: 1...Self.membersMax, .id)
        domains = try body.texts("domains", .id) ?? []
        // Either will do; the one that is documented as usual is the one that is missed.
        self.members = domains.isEmpty ? try body.require("members", members) : members ?? []
    }
}

/// `PUT …/backups/{backup_id}/members/{member_id}`. Not wrapped.
public struct UpdateMemberRequest: Sendable {
    public enum Status: Sendable, Equatable {
        case accepted(vaultID: String)
        case pending, rejected
    }

    private enum Word: String, CaseIterable, Sendable { case accepted, pending, rejected }

    public let status: Status

    public init(_ body: Fields) throws(FieldError) {
        status =
            switch try body.require("status", body.choice("status", of: Word.self)) {
            case .accepted: .accepted(vaultID: try body.require("vault_id", body.text("vault_id", .uuid)))
            case .pending: .pending
            case .rejected: .rejected
            }
    }
}
