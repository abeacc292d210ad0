public import Catalog
public import HoldfastCore

/// With whom a backup is to be shared.
public struct ShareDraft: Sendable {
    public var projects: [ProjectID]
    /// All projects of these, as they are now. Only the caller's own is known.
    public var domains: [DomainID]

    public init(projects: [ProjectID], domains: [DomainID] = []) {
        self.projects = projects
        self.domains = domains
    }
}

/// Sharing backups with other projects, as the project sees it that does. No byte is copied: a member restores the owner's
/// restore point, for as long as it is a member and the backup is there.
extension ControlPlane {
    /// Whatever they answered.
    public static let membersPerBackupMax = 10

    /// Shares a backup with more projects; with all of them or, if one can't be, with none.
    ///
    /// - Returns: the new members, in the order that was asked for.
    public func shareBackup(_ id: BackupID, with draft: ShareDraft, by caller: Caller) async throws -> [MemberRecord] {
        try caller.mustWrite()
        let now = now
        return try await write { [seams] transaction in
            let record = try transaction.backup(id, in: caller.project).record
            guard record.state == .available else {
                throw ControlError(
                    code: .backupNotShareable,
                    message: "backup \(id) is in state '\(record.state.rawValue)'; only an available one can be shared",
                    facts: ["backup.id": id.text])
            }
            let targets = try transaction.targets(of: draft, owner: caller.project)
            let present = try transaction.members.list(of: [id], seenBy: caller.project)
            if let twice = present.first(where: { targets.contains($0.project) }) {
                throw ControlError.sharedAlready(twice)
            }
            guard present.count + targets.count <= Self.membersPerBackupMax else {
                throw ControlError.shareLimit(id, present.count + targets.count)
            }
            return try targets.map { project in
                let member = MemberRecord(
                    id: .randomDashed(seams.randomBytes), backup: id, owner: caller.project, project: project,
                    state: .pending, version: 1, createdAt: now, updatedAt: now)
                try transaction.members.insert(member)
                return member
            }
        }
    }

    /// Ends the sharing with one project, whatever it answered. What it restores now ends well or badly by itself; what it
    /// has queued fails when its turn comes.
    public func unshareBackup(_ id: BackupID, with project: ProjectID, by caller: Caller) async throws {
        try caller.mustWrite()
        try await write { transaction in
            _ = try transaction.backup(id, in: caller.project)
            guard try transaction.members.delete(project, of: id, owner: caller.project) else {
                throw ControlError.memberNotFound(project, id)
            }
        }
    }
}

extension SQLTransaction {
    /// The projects that a draft means, each once.
    fileprivate func targets(of draft: ShareDraft, owner: ProjectID) throws -> [ProjectID] {
        var targets: [ProjectID] = []
        for id in draft.projects {
            guard id != owner, let project = try project(id), project.isEnabled else {
                throw ControlError.badShareTarget(id.text)
            }
            guard !targets.contains(id) else { throw ControlError.invalid("members", "names \(id) twice") }
            targets.append(id)
        }
        for domain in draft.domains {
            // Who else is in another domain is nobody's business here.
            guard try project(owner)?.domain == domain else { throw ControlError.badShareTarget(domain.text) }
            targets += try projects().filter {
                $0.domain == domain && $0.isEnabled && $0.id != owner && !targets.contains($0.id)
            }.map(\.id)
        }
        guard !targets.isEmpty else { throw ControlError.invalid("members", "must name at least one other project") }
        return targets
    }
}
