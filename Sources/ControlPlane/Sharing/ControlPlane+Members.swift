public import Catalog
public import HoldfastCore

/// What a project says to a backup that is shared with it.
public enum ShareAnswer: Sendable, Equatable {
    /// The vault is one of its own. It says where the backup is listed; it gets no fuller.
    case accept(into: VaultID)
    case reject
    /// Neither, again.
    case postpone
}

public struct MemberFilter: Sendable {
    public var project: ProjectID?
    public var status: MemberStatus?
    public var vault: VaultID?

    public init() {}

    fileprivate func takes(_ member: MemberRecord) -> Bool {
        (project ?? member.project) == member.project && (status ?? member.state.status) == member.state.status
            && (vault == nil || vault == member.state.vault)
    }
}

/// Members as both sides see them: the owner of a backup all of them, a member itself alone.
extension ControlPlane {
    /// A backup's members. There are few: they are sorted here.
    ///
    /// - Parameter page: the marker is a member's id, or its project's.
    public func listMembers(
        of id: BackupID, _ filter: MemberFilter = MemberFilter(), page: Page<MemberID> = Page(), by caller: Caller
    ) async throws -> Listing<MemberRecord> {
        let found = try await read { transaction in
            _ = try transaction.granted(id, to: caller.project)
            return try transaction.members.list(of: [id], seenBy: caller.project)
        }
        let members = found.filter(filter.takes).sorted { $0.comes(before: $1, in: page.order) }
        var rest = members[...]
        if let marker = page.marker {
            let index = members.firstIndex { $0.id == marker || $0.project.text == marker.text }
            // A marker that is gone gives an empty page, as it does in every list.
            rest = index.map { members[($0 + 1)...] } ?? []
        }
        return Listing(rows: Array(rest.dropFirst(page.offset).prefix(page.limit)), count: members.count)
    }

    public func showMember(_ project: ProjectID, of id: BackupID, by caller: Caller) async throws -> MemberRecord {
        try await read { transaction in
            _ = try transaction.granted(id, to: caller.project)
            return try transaction.member(project, of: id, seenBy: caller.project)
        }
    }

    /// Members of some backups, as far as the caller may see them.
    public func members(of backups: [BackupID], by caller: Caller) async throws -> [BackupID: [MemberRecord]] {
        guard !backups.isEmpty else { return [:] }
        return try await read { transaction in
            Dictionary(
                grouping: try transaction.members.list(of: backups, seenBy: caller.project), by: \.backup)
        }
    }

    /// Stores a member's answer, in place of an earlier one. Only the member itself has one to give.
    public func answerShare(
        of id: BackupID, for project: ProjectID, _ answer: ShareAnswer, by caller: Caller
    ) async throws -> MemberRecord {
        try caller.mustWrite()
        let now = now
        return try await write { transaction in
            let view = try transaction.granted(id, to: caller.project)
            var member = try transaction.member(project, of: id, seenBy: caller.project)
            guard member.project == caller.project else {
                throw ControlError(
                    code: .badMemberUpdate, message: "only project \(project) itself accepts or rejects backup \(id)",
                    facts: ["backup.id": id.text, "member.id": project.text])
            }
            if case .accept(let vault) = answer {
                try transaction.mustTake(view.record, vault, of: caller.project)
            }
            guard try member.state.apply(answer.event) == .store else { return member }
            member.updatedAt = now
            try transaction.store(member)
            return try transaction.member(project, of: id, seenBy: caller.project)
        }
    }
}

extension ShareAnswer {
    fileprivate var event: MemberState.Event {
        switch self {
        case .accept(let vault): .accept(into: vault)
        case .reject: .reject
        case .postpone: .postpone
        }
    }
}

extension MemberRecord {
    fileprivate func comes(before other: MemberRecord, in order: [ListOrder]) -> Bool {
        for part in order.isEmpty ? [ListOrder(.createdAt)] : order {
            let (one, two) = part.isDescending ? (other, self) : (self, other)
            switch part.key {
            case .createdAt where one.createdAt != two.createdAt: return one.createdAt < two.createdAt
            case .updatedAt where one.updatedAt != two.updatedAt: return one.updatedAt < two.updatedAt
            case .status where one.state.status != two.state.status:
                return one.state.status.rawValue < two.state.status.rawValue
            case .id where one.id != two.id: return one.id < two.id
            // Members have no name and are not protected at any time.
            case .createdAt, .updatedAt, .status, .id, .name, .protectedAt: continue
            }
        }
        return id > other.id
    }
}

extension SQLTransaction {
    fileprivate func member(_ project: ProjectID, of backup: BackupID, seenBy viewer: ProjectID) throws -> MemberRecord
    {
        guard let member = try members.list(of: [backup], seenBy: viewer).first(where: { $0.project == project }) else {
            throw ControlError.memberNotFound(project, backup)
        }
        return member
    }

    func store(_ member: MemberRecord) throws {
        guard try members.update(member) else {
            throw ControlError(
                code: .memberChanged,
                message: "the sharing of backup \(member.backup) with project \(member.project) was changed meanwhile; "
                    + "look at it again",
                facts: ["backup.id": member.backup.text, "member.id": member.project.text])
        }
    }

    fileprivate func mustTake(_ backup: BackupRecord, _ id: VaultID, of project: ProjectID) throws {
        guard backup.state == .available else {
            throw ControlError(
                code: .backupNotShareable,
                message: "backup \(backup.id) is in state '\(backup.state.rawValue)', and can't be accepted",
                facts: ["backup.id": backup.id.text])
        }
        let vault = try vault(id, in: project)
        guard vault.state == .available else {
            throw ControlError(
                code: .shareVaultState,
                message: "vault \(id) is in state '\(vault.state.rawValue)', and accepting needs 'available'",
                facts: ["vault.id": id.text])
        }
        guard vault.protectType == .backup, vault.objectType.takes(backup.resourceType) else {
            throw ControlError(
                code: .shareVaultUnfit,
                message: "vault \(id) is for '\(vault.objectType.rawValue)' with protect_type "
                    + "'\(vault.protectType.rawValue)', and takes no backup of type \(backup.resourceType.rawValue)",
                facts: ["vault.id": id.text])
        }
    }
}
