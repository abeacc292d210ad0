import HTTPTypes

@testable import CBRServer

/// `docs/api-coverage.md`, made from the interface's document and the table of routes.
enum CoveragePage {
    static let path = "docs/api-coverage.md"

    /// Which suite shows that an offered operation does what it should; all lie in `Tests/CBRServerTests`.
    static let suites: [String: String] = [
        "ListVault": "AnswerShapeTests", "CreateVault": "AnswerShapeTests", "ShowVault": "AnswerShapeTests",
        "UpdateVault": "AnswerShapeTests", "DeleteVault": "AnswerShapeTests", "AddVaultResource": "AnswerShapeTests",
        "RemoveVaultResource": "AnswerShapeTests", "SetVaultResource": "AnswerShapeTests",
        "CreateCheckpoint": "AnswerShapeTests", "ShowCheckpoint": "AnswerShapeTests",
        "ListBackups": "AnswerShapeTests", "ShowBackup": "AnswerShapeTests", "UpdateBackup": "AnswerShapeTests",
        "DeleteBackup": "AnswerShapeTests", "RestoreBackup": "RestoreRouteTests", "ListOpLogs": "AnswerShapeTests",
        "ShowOpLog": "AnswerShapeTests", "ListProtectable": "AnswerShapeTests",
        "ShowProtectable": "AnswerShapeTests", "ListVersions": "IdentityDirectoryTests",
        "ShowVersion": "IdentityDirectoryTests", "ShowVaultResourceInstances": "TagRouteTests",
        "ShowVaultProjectTag": "TagRouteTests", "ShowVaultTag": "TagRouteTests", "CreateVaultTags": "TagRouteTests",
        "BatchCreateAndDeleteVaultTags": "TagRouteTests", "DeleteVaultTag": "TagRouteTests",
        "RegisterAgent": "AgentRouteTests",
        "ListAgent": "AgentRouteTests",
        "ShowAgent": "AgentRouteTests",
        "UpdateAgent": "AgentRouteTests",
        "UnregisterAgent": "AgentRouteTests",
        "AddAgentPath": "AgentRouteTests",
        "RemoveAgentPath": "AgentRouteTests",
        "CheckAgent": "AgentRouteTests",
        "ShowMetadata": "AgentRouteTests",
        "ShowSummary": "SummaryRouteTests", "ShowStorageUsage": "SummaryRouteTests",
        "BatchUpdateVault": "SummaryRouteTests", "ListFeatures": "SummaryRouteTests",
        "ShowFeature": "SummaryRouteTests", "ChangeOrder": "SummaryRouteTests", "UpdateOrder": "SummaryRouteTests",
        "ChangeVaultChargeMode": "SummaryRouteTests", "CreatePostPaidVault": "SummaryRouteTests",
        "ListDomainProjects": "SummaryRouteTests", "ShowDomain": "SummaryRouteTests",
        "ListProjects": "SummaryRouteTests", "ShowMigrateStatus": "SummaryRouteTests",
        "ShowReplicationCapabilities": "ReplicationRouteTests", "ListExternalVault": "ReplicationRouteTests",
        "CopyBackup": "ReplicationRouteTests", "CopyCheckpoint": "ReplicationRouteTests",
        "ImportCheckpoint": "ImportRouteTests", "ImportBackup": "ImportRouteTests",
        "AddMember": "MemberRouteTests", "ShowMembersDetail": "MemberRouteTests",
        "ShowMemberDetail": "MemberRouteTests", "UpdateMemberStatus": "MemberRouteTests",
        "DeleteMember": "MemberRouteTests", "MigrateDomain": "SummaryRouteTests",
        "UpdateExpirationTime": "ProtectionRouteTests",
        "MigrateVaultResource": "ProtectionRouteTests", "CreatePolicy": "PolicyRouteTests",
        "ListOrganizationPolicies": "OrganizationPolicyRouteTests",
        "CreateOrganizationPolicy": "OrganizationPolicyRouteTests",
        "ShowOrganizationPolicy": "OrganizationPolicyRouteTests",
        "UpdateOrganizationPolicy": "OrganizationPolicyRouteTests",
        "DeleteOrganizationPolicy": "OrganizationPolicyRouteTests",
        "ListOrganizationPolicyDetail": "OrganizationPolicyRouteTests",
        "ListPolicies": "PolicyRouteTests", "ShowPolicy": "PolicyRouteTests", "UpdatePolicy": "PolicyRouteTests",
        "DeletePolicy": "PolicyRouteTests", "AssociateVaultPolicy": "PolicyRouteTests",
        "DisassociateVaultPolicy": "PolicyRouteTests",
    ]

    /// Where an offered operation knowingly does other than the document says.
    static let differences: [String: String] = [
        "CreateVault":
            "`pre_paid` is refused: there are no orders; and so is `demand_billing`, which is only for that. "
            + "`consistent_level` and `resources` may be left out. `backup_name_prefix` has the characters of names. A "
            + "key that `bind_rules` have twice is refused.",
        "UpdateVault": "`backup_name_prefix` is ours. `bind_rules` as in CreateVault.",
        "AddVaultResource": "`include_volumes` are kept and given back; nothing is done with them.",
        "CreateCheckpoint": "`policy_id` has to be a backup policy's.",
        "CreatePolicy":
            "`cross_account_urn` is kept and given back; nothing is done with it. Days, weeks and months of "
            + "`advanced_retention_rules` are English words, their beginnings, or numbers. `holdfast_time_zone` is ours, "
            + "and so are names of zones in `timezone`, where the server allows them.",
        "AssociateVaultPolicy":
            "`destination_vault_id` is for the replication policies among those that are named; without "
            + "any it is refused. A vault of replicas takes no policies.",
        "ListVault": "`marker` works too, and so does `tags`: `key` or `key=value`.",
        "UpdateExpirationTime": "The day counts to its end in `time_zone`. In a locked vault nothing gets shorter.",
        "MigrateVaultResource":
            "Both vaults are for the same type; nothing leaves a locked vault for one that is not. A restore point "
            + "that does not move whole is divided.",
        "ShowVaultResourceInstances": "There are no system tags: `sys_tags` is refused. `matches` finds a part of the "
            + "name. `limit` and `offset` may be numbers.",
        "ShowSummary": "`size` is GB, `used_size` MB. What vaults share counts in each of them.",
        "ShowStorageUsage": "Every type of resource can be asked for. `backup_size` is MB: what its backups added.",
        "ListFeatures": "Made from what this server offers.",
        "ShowFeature": "An unknown key is 400, and the error lists the known ones.",
        "ImportCheckpoint":
            "For every vault, not only hybrid ones, and whether it is empty or not: what the repository "
            + "holds of it and the catalog does not know comes back. Nothing is removed: `delete_backup_num` is 0.",
        "ImportBackup":
            "Backups are found by `backup_id` and `resource_id` in the one repository; names and times are those "
            + "sealed there, not the given ones. `image_path` may name the restore point. `bucket_name` is not looked at.",
        "ShowReplicationCapabilities":
            "One region, this server's; its destinations are those that the project may send to.",
        "ListExternalVault":
            "Vaults of the remote project that the caller's is paired with; another project is 400 `1011`. A "
            + "region that is not set up has none. `object_type` works as `objcet_type` does.",
        "CopyBackup":
            "`enable_acceleration` and `cross_account_urn` are not looked at. Unknown regions, and those that do not "
            + "answer, are 400 `1005`.",
        "CopyCheckpoint": "All backups of the vault that were not sent to that vault yet; none is an empty list.",
        "ChangeOrder": "Always 400 `BackupService.9900`: there are no orders; resize with UpdateVault.",
        "UpdateOrder": "Always 400 `BackupService.9900`: there are no orders; resize with UpdateVault.",
        "ChangeVaultChargeMode": "Always 400 `BackupService.9900`: every vault is post-paid, nothing is charged.",
        "CreatePostPaidVault": "`pre_paid` is refused. Any other vault is made at once; `orders` holds its id, and an "
            + "empty order id. `name` and `description` have the characters of a vault's.",
        "BatchUpdateVault": "With nothing to set it changes no vault, and lists none.",
        "ListDomainProjects": "The projects of the caller's own domain that are switched on; another domain is 404.",
        "ShowDomain": "As ListDomainProjects.",
        "ListProjects": "The projects in which the caller has a role.",
        "ShowMigrateStatus": "Always `success`: there is nothing to move.",
        "MigrateDomain": "Moves nothing, and says so.",
        "CreateVaultTags": "A vault has at most 20 tags.",
        "BatchCreateAndDeleteVaultTags": "All or nothing. `sys_tags` is refused.",
        "DeleteVaultTag": "A key that is not there is 404 with `BackupService.6601`.",
        "UpdateBackup": "`name` is required.",
        "RestoreBackup": "Answers `{\"job_id\": …}`, the operation log to follow. Servers arrive later. "
            + "`details.delete_extra` is ours. With no target at all a backup goes to where it came from; an empty "
            + "`mappings` is none. For a disk's backup one mapping does what `volume_id` does.",
        "ListBackups":
            "`show_replication` changes nothing: replications are always shown. With `resource_az`, or `dec` "
            + "true, the list is empty. `members` is ours. Of a shared backup the owner's restore point and parent are "
            + "null, and `vault_id` is where it was accepted.",
        "ShowBackup": "`members` is ours. A member sees itself alone; the rest as in the list.",
        "AddMember":
            "Backups of every type can be shared. `domains` stands for the projects of the caller's own domain.",
        "UpdateMemberStatus": "A member may change its mind, as often as it likes. Nothing is stored in the vault.",
        "ShowMembersDetail": "A member sees itself alone. `marker` is a member's id or its project's.",
        "CreateOrganizationPolicy":
            "Managed by the admin role of the project that was made first in the domain; from others 403. "
            + "`effective_scope` is `all`, or ids or names of projects joined by commas.",
        "UpdateOrganizationPolicy": "All copies change with it.",
        "DeleteOrganizationPolicy":
            "Copies that hold for vaults go on for those, as `organization_policy_removed`; the others are deleted.",
        "ListOrganizationPolicyDetail":
            "`status` is `success` or `failed`; `policy_id` is the project's copy. `holdfast_reason` is ours.",
        "ListOpLogs": "`checkpoint_id` and `backup_id` filter too. "
            + "`extra_info.holdfast` is ours: bytes, entries, warnings. "
            + "A removal of several resources is not found by `resource_id`; a restore's `resource` is the one that is written.",
        "ShowOpLog": "`extra_info.holdfast` as in the list.",
        "ListProtectable": "`count` is ours.",
        "RegisterAgent":
            "An id has to be a UUID. Registering again is a report: an agent is `online` for 200 seconds after "
            + "each, then `offline`.",
        "AddAgentPath": "An agent has at most 64 paths. Exclusions replace earlier ones of the same path.",
        "ListAgent": "`status` is `online`, `offline` or `uninstalled`. `marker` works too.",
        "CheckAgent": "A resource's agent is the one with its id, or the one on the host of its name.",
        "ShowMetadata": "Names the resource and the backup; the rest is empty.",
        "ListVersions": "One answer with Identity's version discovery.",
        "ShowVersion": "Only `/v3`, and with 200: Identity's clients discover with the same call.",
    ]

    static func text(_ document: InterfaceDocument, routes: [Route]) -> String {
        let byOperation = Dictionary(routes.map { ($0.operation, $0) }, uniquingKeysWith: { first, _ in first })
        let rows = document.operations.map { operation -> (isOffered: Bool, line: String) in
            let route = byOperation[operation.id]
            let isOffered = route != nil
            let cells = [
                operation.id, "\(operation.method) `\(operation.template)`",
                isOffered ? (suites[operation.id] ?? "") : "", differences[operation.id] ?? "",
            ]
            return (isOffered, "| " + cells.joined(separator: " | ") + " |")
        }
        let offered = rows.filter(\.isOffered)
        let own = routes.filter { route in !document.operations.contains { $0.id == route.operation } }
        let head = "| Operation | Call | Shown by | Differences |\n|---|---|---|---|\n"
        return """
            # What of the interface is there

            This page is made from the table of routes and checked by `CoverageTests`; after a change of routes, run
            that suite with `HOLDFAST_WRITE_PAGES=1` set. The interface's operations and shapes are in
            [api/cbr-v3.openapi.json](api/cbr-v3.openapi.json). Suites lie in `Tests/CBRServerTests`; `Tests/EndToEnd`
            tells whole stories with real clients.

            Of \(document.operations.count) operations \(offered.count) are offered. The shapes of all answers are held against the document by `AnswerShapeTests`; that no request, however
            broken, is a fault of the server is shown for every route by the `Hostile…Tests`.

            ## Offered

            \(head)\(offered.map(\.line).joined(separator: "\n"))

            ## Ours, and Identity's

            | Operation | Call |
            |---|---|
            \(own.map { "| \($0.operation) | \($0.method.rawValue) `\($0.template)` |" }.joined(separator: "\n"))

            """
    }
}
