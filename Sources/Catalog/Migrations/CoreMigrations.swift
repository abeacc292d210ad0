/// The schema of vaults, resources, restore points, backups and operations.
///
/// Numbers are BIGINT, which both databases keep in 64 bits; instants are microseconds since 1970 UTC; flags are 0 and
/// 1; lists and free facts are JSON text. Ids that a user may choose are unique within their project only, so that one
/// project can't learn what another has.
public enum CoreMigrations {
    public static let all =
        [first, operationResources] + VaultMigrations.all + PolicyMigrations.all + AgentMigrations.all
        + ReplicationMigrations.all + RepeatMigrations.all + SharingMigrations.all + PostgresMigrations.all
        + OrganizationMigrations.all + OperationMigrations.all + LockMigrations.all
        + [VaultMigrations.includedVolumes, VaultMigrations.pages, VaultMigrations.binding]

    /// What logs are searched by. Logs from before are found by everything else.
    static let operationResources = Migration(
        "core-002-operation-resources",
        [
            "ALTER TABLE operations ADD COLUMN resource_name TEXT",
            "ALTER TABLE operations ADD COLUMN resource_type TEXT",
        ])

    static let first = Migration(
        "core-001-first",
        [
            """
            CREATE TABLE resources (
                project_id TEXT NOT NULL,
                id TEXT NOT NULL,
                type TEXT NOT NULL,
                name TEXT NOT NULL,
                location TEXT NOT NULL,
                size_bytes BIGINT,
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL,
                PRIMARY KEY (project_id, id)
            )
            """,
            "CREATE INDEX resources_by_type ON resources (project_id, type, created_at, id)",
            """
            CREATE TABLE vaults (
                id TEXT PRIMARY KEY,
                project_id TEXT NOT NULL,
                user_id TEXT,
                name TEXT NOT NULL,
                description TEXT,
                state TEXT NOT NULL,
                object_type TEXT NOT NULL,
                protect_type TEXT NOT NULL,
                consistent_level TEXT NOT NULL,
                size_gib BIGINT NOT NULL,
                settings TEXT NOT NULL,
                version BIGINT NOT NULL,
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL
            )
            """,
            "CREATE INDEX vaults_by_project ON vaults (project_id, created_at, id)",
            """
            CREATE TABLE vault_resources (
                project_id TEXT NOT NULL,
                vault_id TEXT NOT NULL REFERENCES vaults (id),
                resource_id TEXT NOT NULL,
                is_suspended BIGINT NOT NULL,
                is_removing BIGINT NOT NULL,
                exclude_volumes TEXT NOT NULL,
                added_at BIGINT NOT NULL,
                PRIMARY KEY (project_id, resource_id),
                FOREIGN KEY (project_id, resource_id) REFERENCES resources (project_id, id)
            )
            """,
            "CREATE INDEX vault_resources_by_vault ON vault_resources (vault_id, added_at, resource_id)",
            """
            CREATE TABLE checkpoints (
                id TEXT PRIMARY KEY,
                project_id TEXT NOT NULL,
                vault_id TEXT NOT NULL REFERENCES vaults (id),
                name TEXT NOT NULL,
                description TEXT NOT NULL,
                is_automatic BIGINT NOT NULL,
                is_incremental BIGINT NOT NULL,
                retention_days BIGINT NOT NULL,
                skipped TEXT NOT NULL,
                created_at BIGINT NOT NULL
            )
            """,
            "CREATE INDEX checkpoints_by_vault ON checkpoints (vault_id, created_at, id)",
            """
            CREATE TABLE backups (
                id TEXT PRIMARY KEY,
                project_id TEXT NOT NULL,
                vault_id TEXT NOT NULL REFERENCES vaults (id),
                checkpoint_id TEXT NOT NULL REFERENCES checkpoints (id),
                resource_id TEXT NOT NULL,
                resource_name TEXT NOT NULL,
                resource_type TEXT NOT NULL,
                resource_location TEXT NOT NULL,
                resource_size_bytes BIGINT,
                name TEXT NOT NULL,
                description TEXT NOT NULL,
                is_automatic BIGINT NOT NULL,
                is_incremental BIGINT NOT NULL,
                state TEXT NOT NULL,
                restore_point TEXT,
                parent_id TEXT,
                stored_bytes BIGINT NOT NULL,
                logical_bytes BIGINT NOT NULL,
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL,
                protected_at BIGINT
            )
            """,
            // The rule itself: one resource, one running backup.
            "CREATE UNIQUE INDEX backups_one_running ON backups (project_id, resource_id) WHERE state = 'protecting'",
            "CREATE INDEX backups_by_project ON backups (project_id, created_at, id)",
            "CREATE INDEX backups_by_vault ON backups (vault_id, created_at, id)",
            "CREATE INDEX backups_by_checkpoint ON backups (checkpoint_id)",
            "CREATE INDEX backups_by_resource ON backups (project_id, resource_id, state, protected_at)",
            """
            CREATE TABLE operations (
                id TEXT PRIMARY KEY,
                project_id TEXT NOT NULL,
                kind TEXT NOT NULL,
                state TEXT NOT NULL,
                vault_id TEXT,
                vault_name TEXT,
                checkpoint_id TEXT,
                backup_id TEXT,
                resource_id TEXT,
                subject TEXT NOT NULL,
                request_id TEXT NOT NULL,
                progress BIGINT NOT NULL,
                details TEXT NOT NULL,
                error_code TEXT,
                error_message TEXT,
                attempt BIGINT NOT NULL,
                fence BIGINT NOT NULL,
                worker TEXT,
                lease_ends BIGINT,
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL,
                started_at BIGINT,
                ended_at BIGINT
            )
            """,
            // Which turn was each project's last, so that workers serve projects in turn.
            """
            CREATE TABLE worker_turns (
                project_id TEXT PRIMARY KEY,
                turn BIGINT NOT NULL
            )
            """,
            "CREATE INDEX operations_unfinished ON operations (state, created_at, id) "
                + "WHERE state IN ('queued', 'running')",
            "CREATE INDEX operations_by_project ON operations (project_id, created_at, id)",
            "CREATE INDEX operations_by_vault ON operations (vault_id, created_at, id)",
            "CREATE INDEX operations_by_checkpoint ON operations (checkpoint_id)",
            "CREATE INDEX operations_by_backup ON operations (backup_id)",
        ])
}
