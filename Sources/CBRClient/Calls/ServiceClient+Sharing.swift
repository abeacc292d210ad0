import Foundation

/// Backups that projects share with others.
extension ServiceClient {
    private struct One: Decodable, Sendable { let member: Member }
    private struct Many: Decodable, Sendable, Page {
        let members: [Member]
        var items: [Member] { members }
    }
    private struct Answer: Encodable {
        let status: String
        var vaultID: String?
    }

    /// Shares a backup with more projects, by their ids.
    public func shareBackup(_ id: String, with projects: [String]) async throws -> Reply<[Member]> {
        try await call(
            .post, ["backups", id, "members"], body: ["members": projects], as: Many.self,
            attempted: "sharing backup '\(id)'"
        ).map(\.members)
    }

    /// Ends the sharing with one project.
    public func unshareBackup(_ id: String, with project: String) async throws {
        _ = try await call(
            .delete, ["backups", id, "members", project],
            attempted: "ending the sharing of backup '\(id)' with project '\(project)'")
    }

    /// All members of a backup that the caller may see.
    public func members(of id: String) async throws -> Reply<[Member]> {
        try await allPages(
            ["backups", id, "members"], key: "members", as: Many.self,
            attempted: "listing the members of backup '\(id)'"
        )
    }

    /// Accepts a shared backup into a vault of the caller's project.
    public func acceptBackup(_ id: String, intoVault vault: String) async throws -> Reply<Member> {
        try await answer(id, Answer(status: "accepted", vaultID: vault), attempted: "accepting backup '\(id)'")
    }

    public func rejectBackup(_ id: String) async throws -> Reply<Member> {
        try await answer(id, Answer(status: "rejected"), attempted: "rejecting backup '\(id)'")
    }

    private func answer(_ id: String, _ answer: Answer, attempted: String) async throws -> Reply<Member> {
        try await call(
            .put, ["backups", id, "members", projectID()], body: answer, as: One.self, attempted: attempted
        ).map(\.member)
    }
}
