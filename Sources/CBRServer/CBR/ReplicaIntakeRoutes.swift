import CBRWire
import Catalog
import ControlPlane
import HTTPTypes
import HoldfastCore

/// What other servers call to bring replicas: ours, not the interface's.
struct ReplicaIntakeRoutes: Sendable {
    let receiver: any ReplicaReceiver

    var routes: [Route] {
        let all = "/holdfast/v1/{project_id}/replication/sessions"
        let one = all + "/{session_id}"
        var chunks = Route.cbr("HoldfastSendReplicaChunks", .post, one + "/chunks", handle: take)
        chunks.bodyBytesMax = Limits.chunksBodyBytesMax
        return [
            .cbr("HoldfastBeginReplica", .post, all, handle: begin),
            .cbr("HoldfastListMissingChunks", .post, one + "/missing", handle: missing),
            chunks,
            .cbr("HoldfastReadReplicaChunk", .get, one + "/chunks/{chunk_id}", handle: give),
            .cbr("HoldfastFinishReplica", .post, one + "/finish", handle: finish),
            .cbr("HoldfastEndReplicaSession", .delete, one, handle: end),
        ]
    }

    @Sendable private func begin(_ request: ServiceRequest) async throws -> Answer {
        let body = try BeginReplicaRequest(request.fields())
        guard let type = ResourceType(rawValue: body.resourceType) else {
            throw Refusal.unknownResourceType(body.resourceType, field: "replica.resource_type")
        }
        let draft = ReplicaDraft(
            vault: VaultID(body.vaultID),
            origin: ReplicaOrigin(
                region: body.sourceRegion, backup: BackupID(body.sourceBackupID),
                checkpoint: CheckpointID(body.sourceCheckpointID)),
            name: body.name, description: body.description, checkpointName: body.checkpointName,
            resource: ResourceID(body.resourceID), resourceName: body.resourceName, resourceType: type,
            isAutomatic: body.isAutomatic, isIncremental: body.isIncremental,
            createdAt: Instant(microseconds: body.createdAt),
            rules: body.policyID.flatMap { id in
                body.keeps.map { ReplicaRules(policy: PolicyID(id), definition: PolicyDefinition($0)) }
            })
        let answer = try await receiver.begin(
            draft, isImage: body.isImage, basis: body.basis.map { RestorePointID($0) }, isRepeated: body.isRepeated,
            by: request.caller())
        return try .json(
            ReplicaAnswerBody(
                replica: answer.present.map { .init($0) },
                session: answer.session.map {
                    .init(
                        id: $0.id, namingKey: Hex.encode($0.namingKey), basisRoot: $0.basisRoot.map { Hex.encode($0) })
                }))
    }

    @Sendable private func missing(_ request: ServiceRequest) async throws -> Answer {
        try .bytes(
            await receiver.missing(request.body, session: request.parameter("session_id"), by: request.caller()))
    }

    @Sendable private func take(_ request: ServiceRequest) async throws -> Answer {
        try .json(
            StoredChunksBody(
                stored: await receiver.take(
                    request.body, session: request.parameter("session_id"), by: request.caller())))
    }

    @Sendable private func give(_ request: ServiceRequest) async throws -> Answer {
        guard let id = Hex.decode(try request.parameter("chunk_id")), id.count == 32 else {
            throw Refusal.notFound("there is no such chunk")
        }
        return try .bytes(
            await receiver.give(id, session: request.parameter("session_id"), by: request.caller()))
    }

    @Sendable private func finish(_ request: ServiceRequest) async throws -> Answer {
        let body = try FinishReplicaRequest(request.fields())
        guard let root = Hex.decode(body.root) else {
            throw FieldError(field: "replica.root", rule: "must be 64 hex digits")
        }
        let present = try await receiver.finish(
            ReplicaEnd(
                root: [UInt8](root), isImage: body.isImage, logicalBytes: body.logicalBytes,
                entryCount: body.entryCount, warningCount: body.warningCount),
            session: request.parameter("session_id"), by: request.caller())
        return try .json(ReplicaAnswerBody(replica: .init(present)))
    }

    @Sendable private func end(_ request: ServiceRequest) async throws -> Answer {
        try await receiver.end(session: request.parameter("session_id"), by: request.caller())
        return .empty(.noContent)
    }
}

extension ReplicaAnswerBody.Replica {
    fileprivate init(_ present: ReplicaAnswer.Present) {
        self.init(
            backup: present.backup.text, checkpoint: present.checkpoint.text, restorePoint: present.restorePoint.text)
    }
}

extension Answer {
    fileprivate static func bytes(_ body: [UInt8]) -> Answer {
        Answer(status: .ok, headers: [.contentType: "application/octet-stream"], body: body)
    }
}
