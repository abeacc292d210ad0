import CBRWire
import Catalog
import ControlPlane
import HTTPTypes
import HoldfastCore

/// Backups: listed, renamed, deleted, restored.
struct BackupRoutes: Sendable {
    let control: ControlPlane

    var routes: [Route] {
        let all = "/v3/{project_id}/backups"
        let one = all + "/{backup_id}"
        return [
            .cbr("ListBackups", .get, all, handle: list),
            .cbr("ShowBackup", .get, one, handle: show),
            .cbr("UpdateBackup", .put, one, handle: update),
            .cbr("DeleteBackup", .delete, one, handle: delete),
            .cbr("RestoreBackup", .post, one + "/restore", handle: restore),
        ]
    }

    @Sendable private func list(_ request: ServiceRequest) async throws -> Answer {
        let query = try ListQuery(request)
        let order = try query.order()
        guard let filter = try Self.filter(query) else {
            return try .json(BackupListBody(backups: [], count: 0, limit: query.limit, offset: query.offset))
        }
        let found = try await control.listBackups(
            filter, page: query.page(of: BackupID.self, order: order), by: request.caller())
        return try .json(
            BackupListBody(
                backups: try await shapes(found.rows, by: request.caller()), count: found.count, limit: query.limit,
                offset: query.offset))
    }

    /// - Returns: nil when the query asks for what no backup here can be.
    private static func filter(_ query: ListQuery) throws -> BackupFilter? {
        var filter = BackupFilter()
        filter.ids = query.ids("id", of: BackupID.self)
        filter.name = query.text("name")
        filter.vault = query.text("vault_id").map { VaultID($0) }
        filter.checkpoint = query.text("checkpoint_id").map { CheckpointID($0) }
        filter.resources = query.ids("resource_id", of: ResourceID.self)
        filter.resourceName = query.text("resource_name")
        if let text = query.text("resource_type") {
            guard let type = ResourceType(rawValue: text) else { return nil }
            filter.resourceType = type
        }
        let statuses = query.request.queryValues("status")
        if !statuses.isEmpty {
            let known = BackupStatus.allCases
            filter.statuses = statuses.compactMap { text in known.first { $0.wireName == text } }
        }
        filter.isIncremental = try query.flag("incremental")
        filter.from = try query.instant("start_time")
        filter.until = try query.instant("end_time")
        if let text = query.text("image_type") {
            guard text == "backup" || text == "replication" else { return nil }
            filter.isReplica = text == "replication"
        }
        filter.enterpriseProject = query.enterpriseProject()
        filter.parent = query.text("parent_id").map { BackupID($0) }
        filter.usedPercent = try ListQuery.integer(query.request, "used_percent", in: 1...100)
        // Replications are always shown, and nothing here is on hosts of its own.
        _ = try query.flag("show_replication")
        let isDedicated = try query.flag("dec") ?? false
        switch query.text("own_type") {
        case nil, "private": filter.ownership = .own
        case "shared": filter.ownership = .shared
        case "all_granted": filter.ownership = .all
        default: return nil
        }
        if let text = query.text("member_status") {
            guard let status = MemberStatus(rawValue: text) else { return nil }
            filter.memberStatus = status
        }
        return query.text("resource_az") == nil && !isDedicated ? filter : nil
    }

    @Sendable private func show(_ request: ServiceRequest) async throws -> Answer {
        let view = try await control.showBackup(request.id("backup_id"), by: request.caller())
        return try .json(BackupBody(backup: try await shape(view, by: request.caller())))
    }

    private func shape(_ view: BackupView, by caller: Caller) async throws -> BackupShape {
        try await shapes([view], by: caller).first ?? BackupShape(view)
    }

    /// With what was sent of them, and whom they are shared with.
    private func shapes(_ views: [BackupView], by caller: Caller) async throws -> [BackupShape] {
        let ids = views.map(\.record.id)
        let sent = try await control.replications(of: ids, by: caller)
        let members = try await control.members(of: ids, by: caller)
        let enterprises = try await control.enterpriseProjects(of: Set(views.compactMap(\.vault)), by: caller)
        return views.map { view in
            var shape = BackupShape(view)
            shape.replicationRecords = (sent[view.record.id] ?? []).map {
                ReplicationRecordShape($0, sourceRegion: control.peers.localRegion)
            }
            shape.enterpriseProjectId.value = view.vault.flatMap { enterprises[$0] }
            shape.members = (members[view.record.id] ?? []).map { MemberShape($0) }
            return shape
        }
    }

    @Sendable private func update(_ request: ServiceRequest) async throws -> Answer {
        let body = try UpdateBackupRequest(request.fields())
        let view = try await control.renameBackup(request.id("backup_id"), to: body.name, by: request.caller())
        return try .json(BackupBody(backup: try await shape(view, by: request.caller())))
    }

    @Sendable private func delete(_ request: ServiceRequest) async throws -> Answer {
        try await control.deleteBackup(request.id("backup_id"), by: request.caller())
        return .empty(.noContent)
    }

    @Sendable private func restore(_ request: ServiceRequest) async throws -> Answer {
        let body = try RestoreRequestBody(request.fields(), backup: request.parameter("backup_id"))
        let operation = try await control.restoreBackup(
            RestoreDraft(
                backup: request.id("backup_id"), target: RestoreDraft.Target(body.target),
                deletesExtra: body.deleteExtra),
            by: request.caller())
        return try .json(JobBody(jobId: operation.id.text), status: .accepted)
    }
}

extension RestoreDraft.Target {
    init(_ target: RestoreRequestBody.Target) {
        switch target {
        case .original: self = .original
        case .resource(let id): self = .resource(ResourceID(id))
        case .path(let path): self = .path(path)
        case .server(let id): self = .server(ResourceID(id))
        }
    }
}

extension BackupStatus {
    var wireName: String {
        switch self {
        case .waitingProtect: "waiting_protect"
        case .waitingDelete: "waiting_delete"
        case .waitingRestore: "waiting_restore"
        case .protecting, .available, .deleting, .restoring, .error: rawValue
        }
    }
}

extension BackupShape {
    /// Of another project's backup, what its owner has around it stays unsaid: the restore point, the parent, the vault. The
    /// vault is the caller's own, once it has accepted.
    init(_ view: BackupView) {
        self.init()
        let record = view.record
        let isOwn = view.share == nil
        checkpointId.value = isOwn ? record.checkpoint.text : nil
        createdAt = WireTime.microseconds(record.createdAt.microseconds)
        description = record.description
        expiredAt.value = record.expiresAt.map { WireTime.microseconds($0.microseconds) }
        extendInfo.autoTrigger = record.isAutomatic
        extendInfo.progress.value = view.progressPercent
        extendInfo.supportedRestoreMode = record.state == .available && view.isReadable ? "backup" : "na"
        id = record.id.text
        incremental = record.isIncremental
        name = record.name
        parentId.value = isOwn ? record.parent?.text : nil
        projectId = record.project.text
        protectedAt.value = record.protectedAt.map { WireTime.microseconds($0.microseconds) }
        providerId = record.resourceType.providerID
        resourceId = record.resource.text
        resourceName = record.resourceName
        resourceSize = Units.gigabytes(record.resourceSizeBytes ?? record.logicalBytes)
        resourceType = record.resourceType.rawValue
        status = view.status.wireName
        updatedAt = WireTime.microseconds(record.updatedAt.microseconds)
        vaultId = view.vault?.text ?? ""
        imageType = record.origin == nil ? "backup" : "replication"
    }
}
