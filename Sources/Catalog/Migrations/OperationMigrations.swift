/// Indexes for work that waits: its cost must not grow with how much of it there is.
enum OperationMigrations {
    static let all = [waiting]

    static let waiting = Migration(
        "operations-45-waiting",
        [
            "CREATE INDEX operations_unfinished_by_project ON operations (project_id, created_at, id, state, lease_ends) "
                + "WHERE state IN ('queued', 'running')",
            "CREATE INDEX operations_unfinished_by_kind ON operations (kind, project_id, created_at, id) "
                + "WHERE state IN ('queued', 'running')",
        ])
}
