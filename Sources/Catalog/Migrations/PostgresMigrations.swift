/// The schema of what a catalog outside its data directory has to know.
enum PostgresMigrations {
    static let all = [directory]

    /// Which data directory, and with it which repository and keys, the catalog belongs to: one row, or none yet.
    static let directory = Migration(
        "postgres-15-directory",
        [
            """
            CREATE TABLE data_directory (
                id TEXT PRIMARY KEY,
                noted_at BIGINT NOT NULL
            )
            """
        ])
}
