/// The schema of policies that domains give to their projects.
enum OrganizationMigrations {
    static let all = [policies]

    static let policies = Migration(
        "organization-40-policies",
        [
            """
            CREATE TABLE organization_policies (
                id TEXT PRIMARY KEY,
                domain_id TEXT NOT NULL,
                name TEXT NOT NULL,
                description TEXT,
                scope TEXT,
                kind TEXT NOT NULL,
                policy_name TEXT NOT NULL,
                is_enabled BIGINT NOT NULL,
                definition TEXT NOT NULL,
                timing TEXT NOT NULL,
                version BIGINT NOT NULL,
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL
            )
            """,
            "CREATE INDEX organization_policies_by_domain ON organization_policies (domain_id, created_at, id)",
            """
            CREATE TABLE organization_policy_rollouts (
                organization_policy_id TEXT NOT NULL REFERENCES organization_policies (id),
                project_id TEXT NOT NULL,
                policy_id TEXT,
                version BIGINT NOT NULL,
                status TEXT NOT NULL,
                reason TEXT,
                PRIMARY KEY (organization_policy_id, project_id)
            )
            """,
        ])
}
