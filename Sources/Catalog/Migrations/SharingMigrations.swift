/// The schema of backups that projects share with others.
enum SharingMigrations {
    static let all = [members]

    /// `project_id` is the project that a backup is shared with; `vault_id` is one of its vaults, while it has accepted.
    static let members = Migration(
        "sharing-30-members",
        [
            """
            CREATE TABLE backup_members (
                id TEXT PRIMARY KEY,
                backup_id TEXT NOT NULL REFERENCES backups (id),
                owner_id TEXT NOT NULL,
                project_id TEXT NOT NULL,
                status TEXT NOT NULL,
                vault_id TEXT,
                version BIGINT NOT NULL,
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL,
                UNIQUE (backup_id, project_id)
            )
            """,
            "CREATE INDEX backup_members_by_project ON backup_members (project_id, backup_id)",
            "CREATE INDEX backup_members_by_vault ON backup_members (vault_id) WHERE vault_id IS NOT NULL",
        ])
}
