/// The schema of creating requests that a client may send again.
enum RepeatMigrations {
    static let all = [first]

    /// `digest` is of who asks for what: another request under the same id is another request. Without a status it has not
    /// ended, as far as anybody knows.
    static let first = Migration(
        "requests-15-repeats",
        [
            """
            CREATE TABLE request_repeats (
                project_id TEXT NOT NULL,
                request_id TEXT NOT NULL,
                digest TEXT NOT NULL,
                status BIGINT,
                answer TEXT,
                created_at BIGINT NOT NULL,
                PRIMARY KEY (project_id, request_id, digest)
            )
            """,
            "CREATE INDEX request_repeats_by_time ON request_repeats (created_at)",
        ])
}
