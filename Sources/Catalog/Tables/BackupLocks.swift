public import HoldfastCore

/// Backups whose locks and holds the repository itself does not know as the catalog does.
extension BackupTable {
    /// Of all projects: held, or not held any more, unknown to the repository.
    public func unkeptHolds(limit: Int) throws -> [BackupRecord] {
        // Two queries, each of which an index of its own answers.
        let begun = try transaction.query(
            """
            SELECT * FROM backups WHERE held_at IS NOT NULL AND is_hold_kept = 0 AND restore_point IS NOT NULL
            ORDER BY id LIMIT ?
            """, [SQLValue(limit)])
        let ended = try transaction.query(
            "SELECT * FROM backups WHERE held_at IS NULL AND is_hold_kept = 1 ORDER BY id LIMIT ?", [SQLValue(limit)])
        return try (begun + ended).map(BackupRecord.init)
    }

    /// Of a locked vault: available ones that stay longer than the repository was told.
    public func unkept(in vault: VaultID, now: Instant, limit: Int) throws -> [BackupRecord] {
        try transaction.query(
            """
            SELECT * FROM backups
            WHERE vault_id = ? AND restore_point IS NOT NULL AND state IN ('available', 'error')
                AND (expires_at IS NULL OR expires_at > ?)
                AND (kept_until IS NULL OR (expires_at IS NULL AND kept_until < ?) OR expires_at > kept_until)
            ORDER BY created_at, id LIMIT ?
            """, [SQLValue(vault), SQLValue(now), SQLValue(Instant.never), SQLValue(limit)]
        ).map(BackupRecord.init)
    }

    /// Notes what the repository knows now. A time that it knew already never becomes earlier.
    public func setKept(_ id: BackupID, until: Instant?, isHoldKept: Bool) throws {
        try transaction.execute(
            "UPDATE backups SET is_hold_kept = ? WHERE id = ?", [SQLValue(isHoldKept), SQLValue(id)])
        guard let until else { return }
        try transaction.execute(
            "UPDATE backups SET kept_until = ? WHERE id = ? AND (kept_until IS NULL OR kept_until < ?)",
            [SQLValue(until), SQLValue(id), SQLValue(until)])
    }
}

extension VaultTable {
    /// Of all projects.
    public func locked() throws -> [VaultRecord] {
        try transaction.query(
            "SELECT * FROM vaults t WHERE \(Self.hasSetting) ORDER BY id", [.text("\"isLocked\":true")]
        ).map(VaultRecord.init).filter(\.settings.isLocked)
    }
}
