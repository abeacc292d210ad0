/// The schema of what the repository itself was told about how long backups stay.
enum LockMigrations {
    static let all = [kept]

    /// `kept_until` is the largest number for ever. Holds that the repository does not know yet, or does not know to be over, are
    /// few: they are found by an index of their own.
    static let kept = Migration(
        "locks-60-kept",
        [
            "ALTER TABLE backups ADD COLUMN kept_until BIGINT",
            "ALTER TABLE backups ADD COLUMN is_hold_kept BIGINT NOT NULL DEFAULT 0",
            "CREATE INDEX backups_unkept_holds ON backups (id) WHERE held_at IS NOT NULL AND is_hold_kept = 0",
            "CREATE INDEX backups_ended_holds ON backups (id) WHERE held_at IS NULL AND is_hold_kept = 1",
        ])
}
