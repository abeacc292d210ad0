import HTTPTypes

/// Operations of the interface that this version does not carry out. Each answers with an error that says so.
enum MissingRoutes {
    static let routes: [Route] = [
        missing("BatchUpdateVault", .put, "/v3/{project_id}/vaults/batch-update"),
        missing("ListExternalVault", .get, "/v3/{project_id}/vaults/external"),
        missing("ShowSummary", .get, "/v3/{project_id}/vaults/summary"),
        missing("MigrateVaultResource", .post, "/v3/{project_id}/vaults/{vault_id}/migrateresources"),
        missing("UpdateExpirationTime", .put, "/v3/{project_id}/vaults/{vault_id}/update-backup-expiration-time"),
        missing("ImportCheckpoint", .post, "/v3/{project_id}/checkpoints/sync"),
        missing("CopyCheckpoint", .post, "/v3/{project_id}/checkpoints/replicate"),
        missing("ImportBackup", .post, "/v3/{project_id}/backups/sync"),
        missing("CopyBackup", .post, "/v3/{project_id}/backups/{backup_id}/replicate"),
        missing("ShowStorageUsage", .get, "/v3/{project_id}/storage_usage"),
        missing("ListFeatures", .get, "/v3/{project_id}/cbr-features"),
        missing("ShowFeature", .get, "/v3/{project_id}/cbr-features/{feature_key}"),
        missing("ShowReplicationCapabilities", .get, "/v3/{project_id}/replication-capabilities"),
        missing("ShowMembersDetail", .get, "/v3/{project_id}/backups/{backup_id}/members"),
        missing("AddMember", .post, "/v3/{project_id}/backups/{backup_id}/members"),
        missing("ShowMemberDetail", .get, "/v3/{project_id}/backups/{backup_id}/members/{member_id}"),
        missing("UpdateMemberStatus", .put, "/v3/{project_id}/backups/{backup_id}/members/{member_id}"),
        missing("DeleteMember", .delete, "/v3/{project_id}/backups/{backup_id}/members/{member_id}"),
        missing("ChangeOrder", .post, "/v3/{project_id}/orders/change"),
        missing("UpdateOrder", .put, "/v3/{project_id}/orders/{order_id}"),
        missing("ChangeVaultChargeMode", .post, "/v3/{project_id}/vaults/change-charge-mode"),
        missing("CreatePostPaidVault", .post, "/v3/{project_id}/vaults/order"),
        missing("ListOrganizationPolicies", .get, organization),
        missing("CreateOrganizationPolicy", .post, organization),
        missing("ShowOrganizationPolicy", .get, organization + "/{organization_policy_id}"),
        missing("UpdateOrganizationPolicy", .put, organization + "/{organization_policy_id}"),
        missing("DeleteOrganizationPolicy", .delete, organization + "/{organization_policy_id}"),
        missing("ListOrganizationPolicyDetail", .get, organization + "/{organization_policy_id}/policy-detail"),
        missing("ListDomainProjects", .get, "/v3/domain/{domain_name}/projects", access: .known),
        missing("ShowDomain", .get, "/v3/domain/{source_project_id}", access: .known),
        missing("ListProjects", .get, "/v3/region-projects", access: .known),
        missing("ShowMigrateStatus", .get, "/v3/migrates", access: .known),
        missing("MigrateDomain", .post, "/v3/migrates", access: .known),
    ]

    private static let organization = "/v3/{project_id}/organization-policies"

    private static func missing(
        _ operation: String, _ method: HTTPRequest.Method, _ template: String, access: Route.Access = .project
    ) -> Route {
        Route(operation: operation, method: method, template: template, access: access, isOffered: false) { _ in
            throw Refusal.badRequest("this version does not offer the operation \(operation)")
        }
    }
}
