import CBRWire
import ControlPlane
import HTTPTypes

/// What this server can do, by names: made from its routes and its limits, so that it is true.
struct FeatureRoutes: Sendable {
    let features: [String: Feature]

    enum Feature: Encodable, Sendable, Equatable {
        case flag(Bool)
        case number(Int)

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .flag(let flag): try container.encode(flag)
            case .number(let number): try container.encode(number)
            }
        }
    }

    /// - Parameter routes: all others of the server.
    init(_ routes: [Route]) {
        let offered = Set(routes.map(\.operation))
        features = Self.operations.mapValues { .flag(offered.contains($0)) }
            .merging(Self.fixed) { _, fixed in fixed }
    }

    /// Features that are there when an operation is.
    private static let operations = [
        "agents": "RegisterAgent", "organization_policies": "CreateOrganizationPolicy", "policies": "CreatePolicy",
        "replication": "CopyBackup", "sharing": "AddMember", "vault.migrate_resources": "MigrateVaultResource",
        "vault.tags": "CreateVaultTags", "vault.update_expiration_time": "UpdateExpirationTime",
    ]

    private static let fixed: [String: Feature] = [
        "backup.incremental": .flag(true), "backup.legal_hold": .flag(true), "orders": .flag(false),
        "sharing.members_max": .number(ControlPlane.membersPerBackupMax),
        "vault.auto_expand": .flag(true), "vault.bind_rules": .flag(true), "vault.locked": .flag(true),
        "vault.multi_az": .flag(false), "vault.resources_max": .number(ControlPlane.resourcesPerVaultMax),
        "vault.tags_max": .number(ControlPlane.tagsPerVaultMax),
    ]

    var routes: [Route] {
        let all = "/v3/{project_id}/cbr-features"
        return [
            .cbr("ListFeatures", .get, all, handle: list),
            .cbr("ShowFeature", .get, all + "/{feature_key}", handle: show),
        ]
    }

    /// In order of their names, as many as asked for.
    @Sendable private func list(_ request: ServiceRequest) async throws -> Answer {
        let query = try ListQuery(request, offsetMax: 1000)
        let shown = features.sorted { $0.key < $1.key }.dropFirst(query.offset).prefix(query.limit)
        return try .json(Dictionary(uniqueKeysWithValues: shown.map { ($0.key, $0.value) }))
    }

    @Sendable private func show(_ request: ServiceRequest) async throws -> Answer {
        _ = try ListQuery(request, offsetMax: 1000)
        let key = try request.parameter("feature_key")
        guard let feature = features[key] else {
            throw Refusal.badRequest(
                "feature_key: must be one of " + features.keys.sorted().joined(separator: ", "))
        }
        return try .json([key: feature])
    }
}
