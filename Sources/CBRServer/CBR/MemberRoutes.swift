import CBRWire
import Catalog
import ControlPlane
import HTTPTypes
import HoldfastCore

/// Backups that are shared with other projects. A member's id in a path is its project's.
struct MemberRoutes: Sendable {
    let control: ControlPlane

    var routes: [Route] {
        let all = "/v3/{project_id}/backups/{backup_id}/members"
        let one = all + "/{member_id}"
        return [
            .cbr("ShowMembersDetail", .get, all, handle: list),
            .cbr("AddMember", .post, all, handle: add),
            .cbr("ShowMemberDetail", .get, one, handle: show),
            .cbr("UpdateMemberStatus", .put, one, handle: update),
            .cbr("DeleteMember", .delete, one, handle: delete),
        ]
    }

    @Sendable private func list(_ request: ServiceRequest) async throws -> Answer {
        let query = try ListQuery(request)
        let page = query.page(of: MemberID.self, order: try query.order())
        var filter = MemberFilter()
        filter.project = query.text("dest_project_id").map { ProjectID($0) }
        filter.vault = query.text("vault_id").map { VaultID($0) }
        filter.status = query.text("status").flatMap { MemberStatus(rawValue: $0) }
        let found = try await control.listMembers(of: request.id("backup_id"), filter, page: page, by: request.caller())
        // No member has an image, or a status of another name.
        guard query.text("image_id") == nil, query.text("status") == nil || filter.status != nil else {
            return try .json(MemberListBody(members: [], count: 0))
        }
        return try .json(MemberListBody(members: found.rows.map { MemberShape($0) }, count: found.count))
    }

    @Sendable private func add(_ request: ServiceRequest) async throws -> Answer {
        let body = try AddMembersRequest(request.fields())
        let draft = ShareDraft(
            projects: body.members.map { ProjectID($0) }, domains: body.domains.map { DomainID($0) })
        let added = try await control.shareBackup(request.id("backup_id"), with: draft, by: request.caller())
        return try .json(MemberListBody(members: added.map { MemberShape($0) }))
    }

    @Sendable private func show(_ request: ServiceRequest) async throws -> Answer {
        let member = try await control.showMember(
            request.id("member_id"), of: request.id("backup_id"), by: request.caller())
        return try .json(MemberBody(member: MemberShape(member)))
    }

    @Sendable private func update(_ request: ServiceRequest) async throws -> Answer {
        let body = try UpdateMemberRequest(request.fields())
        let answer: ShareAnswer =
            switch body.status {
            case .accepted(let vault): .accept(into: VaultID(vault))
            case .pending: .postpone
            case .rejected: .reject
            }
        let member = try await control.answerShare(
            of: request.id("backup_id"), for: request.id("member_id"), answer, by: request.caller())
        return try .json(MemberBody(member: MemberShape(member)))
    }

    @Sendable private func delete(_ request: ServiceRequest) async throws -> Answer {
        try await control.unshareBackup(request.id("backup_id"), with: request.id("member_id"), by: request.caller())
        return .empty(.noContent)
    }
}

extension MemberShape {
    init(_ member: MemberRecord) {
        self.init()
        backupId = member.backup.text
        createdAt = WireTime.microseconds(member.createdAt.microseconds)
        destProjectId = member.project.text
        id = member.id.text
        status = member.state.status.rawValue
        updatedAt = WireTime.microseconds(member.updatedAt.microseconds)
        vaultId.value = member.state.vault?.text
    }
}
