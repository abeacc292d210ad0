/// The schema of backups that this server did not make by itself.
enum ReplicationMigrations {
    static let all = [imports]

    /// When a backup was found in the repository and taken into the catalog; null for those that this catalog saw being made.
    static let imports = Migration(
        "replication-35-imports",
        ["ALTER TABLE backups ADD COLUMN imported_at BIGINT"])
}
