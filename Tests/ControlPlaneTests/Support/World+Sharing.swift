import Catalog
import ControlPlane
import HoldfastCore
import Testing

/// A world with a second project, and with backups that the first shares.
extension World {
    static let member = Caller(
        project: stranger.project, user: UserID("m"), role: .admin, requestID: "request-5")
    static let third = Caller(
        project: ProjectID("33333333333333333333333333333333"), user: nil, role: .admin, requestID: "request-6")
    static let domain = DomainID("dddddddddddddddddddddddddddddddd")

    /// Writes the projects down; they are no part of the rules' own catalog.
    func makeProjects(_ more: [ProjectRecord] = []) async throws {
        let now = Instant(microseconds: 1)
        try await catalog.write { transaction in
            try transaction.insert(DomainRecord(id: Self.domain, name: "house", createdAt: now))
            for id in [Self.project, Self.member.project, Self.third.project] {
                try transaction.insert(Self.record(id))
            }
            for project in more { try transaction.insert(project) }
        }
    }

    static func record(_ id: ProjectID, isEnabled: Bool = true) -> ProjectRecord {
        ProjectRecord(
            id: id, domain: domain, name: id.text, description: "", isEnabled: isEnabled,
            createdAt: Instant(microseconds: 1))
    }

    /// A backup of a new disk in a vault.
    func madeBackup(of name: String = "disk", in vault: VaultID? = nil) async throws -> BackupRecord {
        let resource = try await register(name)
        let vault = try await vault == nil ? self.vault([resource]) : vault
        let home = try #require(vault)
        if try await !control.showVault(home, by: Self.admin).members.contains(where: { $0.resource.id == resource }) {
            _ = try await control.addResources([ResourceReference(id: resource)], to: home, by: Self.admin)
        }
        let made = try await checkpoint(home, [resource])
        try await work()
        return try #require(try await backups(home).first { $0.record.checkpoint == made.record.id }).record
    }

    func share(_ backup: BackupID, with callers: Caller...) async throws {
        _ = try await control.shareBackup(
            backup, with: ShareDraft(projects: callers.map(\.project)), by: Self.admin)
    }

    func vault(of caller: Caller, objectType: VaultObjectType = .disk) async throws -> VaultID {
        try await control.createVault(
            VaultDraft(name: "theirs", objectType: objectType, sizeGiB: 100), by: caller
        ).record.id
    }

    /// A backup that the member has accepted into a vault of its own.
    func acceptedBackup(by caller: Caller = World.member) async throws -> (backup: BackupRecord, vault: VaultID) {
        try await makeProjects()
        let backup = try await madeBackup()
        try await share(backup.id, with: caller)
        let vault = try await vault(of: caller)
        try await accept(backup.id, into: vault, by: caller)
        return (backup, vault)
    }

    func accept(_ backup: BackupID, into vault: VaultID, by caller: Caller = World.member) async throws {
        _ = try await control.answerShare(of: backup, for: caller.project, .accept(into: vault), by: caller)
    }
}
