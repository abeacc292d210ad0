/// The schema of what vaults have beside their resources: tags, times of expiry, holds, exact use, events; and of what their
/// resources say of volumes.
enum VaultMigrations {
    static let all = [tags, expiry, usage]

    /// Appended after everything else.
    static let includedVolumes = Migration(
        "vaults-28-included-volumes",
        ["ALTER TABLE vault_resources ADD COLUMN include_volumes TEXT NOT NULL DEFAULT '[]'"])

    /// Pages of vaults say what each uses, and how each of its resources stands: counted from indexes alone. Appended after
    /// everything else.
    static let pages = Migration(
        "vaults-51-pages",
        [
            "CREATE INDEX backups_by_vault_use ON backups (vault_id, change_number, stored_bytes)",
            "CREATE INDEX backups_by_member ON backups "
                + "(project_id, resource_id, vault_id, created_at, id, state, stored_bytes)",
            "CREATE INDEX operations_unfinished_by_resource ON operations (resource_id, project_id, kind, state) "
                + "WHERE state IN ('queued', 'running')",
        ])

    /// Every resource that is made known asks which vaults take resources in by themselves: few, and found without reading the
    /// others. Appended after everything else.
    static let binding = Migration(
        "vaults-52-binding",
        [
            "CREATE INDEX vaults_binding ON vaults (project_id, created_at, id) "
                + #"WHERE REPLACE(settings, '"autoBind":true', '') <> settings"#
        ])

    /// Tags stand in the vault's settings, in their order; this is where searches look. Values are empty, not null.
    static let tags = Migration(
        "vaults-25-tags",
        [
            """
            CREATE TABLE vault_tags (
                project_id TEXT NOT NULL,
                vault_id TEXT NOT NULL REFERENCES vaults (id),
                tag_key TEXT NOT NULL,
                tag_value TEXT NOT NULL,
                PRIMARY KEY (vault_id, tag_key)
            )
            """,
            "CREATE INDEX vault_tags_by_key ON vault_tags (project_id, tag_key, tag_value)",
            """
            CREATE TABLE resource_tags (
                project_id TEXT NOT NULL,
                resource_id TEXT NOT NULL,
                tag_key TEXT NOT NULL,
                tag_value TEXT NOT NULL,
                PRIMARY KEY (project_id, resource_id, tag_key),
                FOREIGN KEY (project_id, resource_id) REFERENCES resources (project_id, id)
            )
            """,
            "CREATE INDEX resource_tags_by_key ON resource_tags (project_id, tag_key, tag_value)",
        ])

    /// Without a time of expiry a backup stays until somebody removes it; while it is held nobody can.
    static let expiry = Migration(
        "vaults-26-expiry",
        [
            "ALTER TABLE backups ADD COLUMN expires_at BIGINT",
            "ALTER TABLE backups ADD COLUMN held_at BIGINT",
            "ALTER TABLE backups ADD COLUMN hold_reason TEXT",
            "CREATE INDEX backups_by_expiry ON backups (expires_at) WHERE expires_at IS NOT NULL",
        ])

    /// `changes` grows with every change of a vault's backups. `needed_bytes` is what they took together when it was
    /// `counted`; backups that came since have a `change_number` greater than that.
    static let usage = Migration(
        "vaults-27-usage",
        [
            "ALTER TABLE backups ADD COLUMN change_number BIGINT",
            """
            CREATE TABLE vault_usage (
                vault_id TEXT PRIMARY KEY REFERENCES vaults (id),
                project_id TEXT NOT NULL,
                changes BIGINT NOT NULL,
                counted BIGINT NOT NULL,
                needed_bytes BIGINT NOT NULL,
                counted_at BIGINT,
                is_alerting BIGINT NOT NULL
            )
            """,
            "CREATE INDEX vault_usage_stale ON vault_usage (vault_id) WHERE changes > counted",
            """
            CREATE TABLE vault_events (
                id TEXT PRIMARY KEY,
                project_id TEXT NOT NULL,
                vault_id TEXT NOT NULL,
                vault_name TEXT NOT NULL,
                kind TEXT NOT NULL,
                message TEXT NOT NULL,
                is_announced BIGINT NOT NULL,
                created_at BIGINT NOT NULL
            )
            """,
            "CREATE INDEX vault_events_by_project ON vault_events (project_id, created_at, id)",
            "CREATE INDEX vault_events_unannounced ON vault_events (created_at, id) WHERE is_announced = 0",
        ])
}
