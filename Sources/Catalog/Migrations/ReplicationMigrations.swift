/// The schema of backups that this server did not make by itself.
enum ReplicationMigrations {
    static let all = [imports, replications, rules]

    /// When a backup was found in the repository and taken into the catalog; null for those that this catalog saw being made.
    static let imports = Migration(
        "replication-35-imports",
        ["ALTER TABLE backups ADD COLUMN imported_at BIGINT"])

    /// What was sent to other regions; and of backups that came from there, where they were made. How a replication stands
    /// is its operation's state.
    static let replications = Migration(
        "replication-36-replications",
        [
            """
            CREATE TABLE replications (
                id TEXT PRIMARY KEY,
                project_id TEXT NOT NULL,
                backup_id TEXT NOT NULL,
                checkpoint_id TEXT NOT NULL,
                vault_id TEXT NOT NULL,
                resource_id TEXT NOT NULL,
                operation_id TEXT NOT NULL,
                region TEXT NOT NULL,
                remote_project_id TEXT NOT NULL,
                remote_vault_id TEXT NOT NULL,
                remote_backup_id TEXT,
                remote_checkpoint_id TEXT,
                remote_restore_point TEXT,
                is_automatic BIGINT NOT NULL,
                created_at BIGINT NOT NULL,
                ended_at BIGINT
            )
            """,
            "CREATE INDEX replications_by_backup ON replications (backup_id, created_at, id)",
            "CREATE INDEX replications_by_resource ON replications (project_id, resource_id, region, ended_at)",
            "ALTER TABLE backups ADD COLUMN replica_region TEXT",
            "ALTER TABLE backups ADD COLUMN replica_backup_id TEXT",
            "ALTER TABLE backups ADD COLUMN replica_checkpoint_id TEXT",
            "CREATE INDEX backups_by_origin ON backups (vault_id, replica_backup_id) "
                + "WHERE replica_backup_id IS NOT NULL",
        ])

    /// The rules that a replica came with. When it came is its backup's `imported_at`.
    static let rules = Migration(
        "replication-38-rules",
        [
            """
            CREATE TABLE replica_rules (
                backup_id TEXT PRIMARY KEY,
                policy_id TEXT NOT NULL,
                definition TEXT NOT NULL
            )
            """
        ])
}
