/// The schema of policies: when vaults are backed up, and how long what was made stays.
enum PolicyMigrations {
    static let all = [policies]

    static let policies = Migration(
        "policies-20-policies",
        [
            """
            CREATE TABLE policies (
                id TEXT PRIMARY KEY,
                project_id TEXT NOT NULL,
                name TEXT NOT NULL,
                kind TEXT NOT NULL,
                is_enabled BIGINT NOT NULL,
                definition TEXT NOT NULL,
                timing TEXT NOT NULL,
                origin TEXT NOT NULL,
                version BIGINT NOT NULL,
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL
            )
            """,
            "CREATE INDEX policies_by_project ON policies (project_id, created_at, id)",
            """
            CREATE TABLE vault_policies (
                project_id TEXT NOT NULL,
                vault_id TEXT NOT NULL REFERENCES vaults (id),
                policy_id TEXT NOT NULL REFERENCES policies (id),
                destination_vault_id TEXT,
                bound_at BIGINT NOT NULL,
                PRIMARY KEY (vault_id, policy_id)
            )
            """,
            "CREATE INDEX vault_policies_by_policy ON vault_policies (policy_id, bound_at, vault_id)",
        ])
}
