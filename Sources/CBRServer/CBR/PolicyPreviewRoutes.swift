import CBRWire
import Catalog
import ControlPlane
import HTTPTypes
import HoldfastCore

/// Shows what policies would do before they do it: our own calls.
struct PolicyPreviewRoutes: Sendable {
    let control: ControlPlane

    var routes: [Route] {
        let place = "/holdfast/v1/{project_id}/policies/{policy_id}/preview"
        return [
            .cbr("PreviewPolicy", .get, place, handle: preview),
            .cbr("PreviewPolicyChange", .post, place, handle: previewChange),
        ]
    }

    @Sendable private func preview(_ request: ServiceRequest) async throws -> Answer {
        let found = try await control.previewPolicy(request.id("policy_id"), by: request.caller())
        return try .json(PolicyPreviewBody(preview: PolicyPreviewShape(found)))
    }

    @Sendable private func previewChange(_ request: ServiceRequest) async throws -> Answer {
        let body = try PreviewPolicyRequest(request.fields())
        let found = try await control.previewPolicy(
            request.id("policy_id"), changedBy: .init(body.definition), by: request.caller())
        return try .json(PolicyPreviewBody(preview: PolicyPreviewShape(found)))
    }
}

extension PolicyPreviewShape {
    init(_ preview: PolicyPreview) {
        self.init()
        policyId = preview.policy.id.text
        nextRuns = preview.runs.map { WireTime.seconds($0.microseconds) }
        vaults = preview.vaults.map { found in
            var vault = Vault()
            vault.vaultId = found.vault.text
            vault.keep = found.items.count { $0.decision.isKept }
            vault.expire = found.items.count - vault.keep
            vault.backups = found.items.map { item in
                var shape = Item()
                shape.backupId = item.backup.id.text
                shape.name = item.backup.name
                shape.resourceId = item.backup.resource.text
                shape.resourceName = item.backup.resourceName
                shape.createdAt = WireTime.seconds(item.backup.createdAt.microseconds)
                shape.keep = item.decision.isKept
                shape.reasons = item.decision.keepers.map(Self.reason)
                return shape
            }
            return vault
        }
    }

    private static func reason(_ keeper: RetentionDecision.Keeper) -> String {
        switch keeper {
        case .noRule: "the policy keeps all"
        case .newest(let place): "number \(place) of the newest"
        case .days(let days): "at most \(days) days old"
        case .daily(let day): "the newest of \(name(day))"
        case .weekly(let day): "the newest of the week from \(name(day))"
        case .monthly(let day): "the newest of the month from \(name(day))"
        case .yearly(let day): "the newest of the year from \(name(day))"
        case .advanced(let period, let until): "kept by the \(period.rawValue) until \(name(until))"
        case .unstamped: "it was not made by this server"
        case .fromTheFuture: "its moment has not come yet"
        }
    }

    private static func name(_ day: CivilDay) -> String {
        String(WireTime.seconds(Int64(day.number) * 86_400_000_000).prefix(10))
    }
}
