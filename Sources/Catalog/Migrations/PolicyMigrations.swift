/// The schema of policies: when vaults are backed up, and how long what was made stays.
enum PolicyMigrations {
    static let all = [policies, runs, attempts]

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

    /// When each policy runs next, and the runs of single vaults that are to begin. The rows of `policy_schedules` follow the
    /// policies: one that is missing, or that is of an older version, is made anew.
    static let runs = Migration(
        "policies-21-runs",
        [
            """
            CREATE TABLE policy_schedules (
                policy_id TEXT PRIMARY KEY REFERENCES policies (id),
                project_id TEXT NOT NULL,
                policy_version BIGINT NOT NULL,
                next_run_at BIGINT NOT NULL,
                last_run_at BIGINT
            )
            """,
            "CREATE INDEX policy_schedules_due ON policy_schedules (next_run_at, policy_id)",
            """
            CREATE TABLE policy_runs (
                project_id TEXT NOT NULL,
                vault_id TEXT NOT NULL REFERENCES vaults (id),
                policy_id TEXT NOT NULL REFERENCES policies (id),
                run_at BIGINT NOT NULL,
                due_at BIGINT NOT NULL,
                PRIMARY KEY (vault_id, policy_id, run_at)
            )
            """,
            "CREATE INDEX policy_runs_due ON policy_runs (due_at, vault_id, policy_id, run_at)",
            "ALTER TABLE vault_policies ADD COLUMN runs BIGINT NOT NULL DEFAULT 0",
        ])
    /// How often a run could not begin for reasons of ours, and the last moment that a server vouches for: one row.
    static let attempts = Migration(
        "policies-22-attempts",
        [
            "ALTER TABLE policy_runs ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0",
            """
            CREATE TABLE clock_seen (
                name TEXT PRIMARY KEY,
                seen_at BIGINT NOT NULL
            )
            """,
        ])
}
