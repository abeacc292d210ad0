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
            vault.keep = found.items.count(where: \.stays)
            vault.expire = found.items.count - vault.keep
            vault.backups = found.items.map { item in
                var shape = Item()
                shape.backupId = item.backup.id.text
                shape.name = item.backup.name
                shape.resourceId = item.backup.resource.text
                shape.resourceName = item.backup.resourceName
                shape.createdAt = WireTime.seconds(item.backup.createdAt.microseconds)
                shape.keep = item.stays
                shape.keepByRules = item.decision.isKept
                shape.ruleReasons =
                    item.decision.isKept
                    ? item.decision.keepers.map(Self.reason) : item.decision.expirers.map(Self.reason)
                shape.reasons = Self.reasons(item, rules: shape.ruleReasons)
                return shape
            }
            return vault
        }
    }

    private static func reasons(_ item: RetentionPreview.Item, rules: [String]) -> [String] {
        let bars = item.bars.map(reason)
        if !item.stays, let time = item.backup.expiresAt {
            return ["its own time is over: \(WireTime.seconds(time.microseconds))"]
        }
        return item.stays && !item.decision.isKept ? bars : rules + bars
    }

    private static func reason(_ bar: RetentionBar) -> String {
        switch bar {
        case .policyOff(let name): "policy '\(name)' is off, and keeps all"
        case .otherPolicy(let name, let keeper): "policy '\(name)': \(reason(keeper))"
        case .held(let reason): "under a legal hold (\(reason))"
        case .locked(let until):
            until.map { "locked until \(WireTime.seconds($0.microseconds))" } ?? "locked for ever: it has no time"
        case .vaultLocked: "its vault is locked, and has backups go by their own time alone"
        case .ownTime(let time): "it goes at its own time, \(WireTime.seconds(time.microseconds))"
        case .recentFailure(let days): "the log of a failed backup stays \(days) days"
        case .inUse: "it is being restored or sent"
        case .vaultNotAvailable: "its vault is not available"
        }
    }

    private static func reason(_ expirer: RetentionDecision.Expirer) -> String {
        switch expirer {
        case .notAmongNewest(let count): "not among the \(count) newest"
        case .olderThan(let days): "older than \(days) days"
        case .notNewestOf(let span): "not the newest of its \(span.rawValue)"
        case .beyond(let span, let limit): "not of the newest \(limit) \(span.rawValue)s that have any"
        case .notSelected(let period): "no day's newest that the \(period.rawValue)ly rule keeps"
        case .advancedOver(let period, let since): "kept by the \(period.rawValue) until \(name(since)), which is over"
        case .failed: "it failed"
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
