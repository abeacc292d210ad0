/// Indexes for work that waits, and for logs: what they cost must not grow with how much of them there is.
enum OperationMigrations {
    static let all = [waiting, logs, filters]

    static let waiting = Migration(
        "operations-45-waiting",
        [
            "CREATE INDEX operations_unfinished_by_project ON operations (project_id, created_at, id, state, lease_ends) "
                + "WHERE state IN ('queued', 'running')",
            "CREATE INDEX operations_unfinished_by_kind ON operations (kind, project_id, created_at, id) "
                + "WHERE state IN ('queued', 'running')",
        ])

    /// Logs of one kind or one state are counted, and read in their order, from an index alone.
    static let logs = Migration(
        "operations-46-logs",
        [
            "CREATE INDEX operations_by_state ON operations (project_id, state, created_at, id)",
            "CREATE INDEX operations_by_kind ON operations (project_id, kind, created_at, id)",
            // Backups ask for their unfinished operation, one by one.
            "CREATE INDEX operations_unfinished_by_backup ON operations (backup_id, project_id, state, kind, progress) "
                + "WHERE state IN ('queued', 'running')",
            // Planners prefer it, and then look at every row for what the newer ones hold.
            "DROP INDEX operations_unfinished",
        ])

    /// Logs of one resource, by its id or name or kind, or of one vault by its name.
    static let filters = Migration(
        "operations-47-filters",
        [
            "CREATE INDEX operations_by_resource ON operations (project_id, resource_id, created_at, id)",
            "CREATE INDEX operations_by_resource_name ON operations (project_id, resource_name, created_at, id)",
            "CREATE INDEX operations_by_resource_type ON operations (project_id, resource_type, created_at, id)",
            "CREATE INDEX operations_by_vault_name ON operations (project_id, vault_name, created_at, id)",
        ])
}
