/// The last moment at which a server found its clock right, for the next start to compare its own with.
public struct ClockTable {
    let transaction: any SQLTransaction

    /// - Returns: nil in a catalog that no server has looked after yet; then the newest operation's time.
    public func seen() throws -> Instant? {
        let noted = try transaction.query("SELECT seen_at FROM clock_seen WHERE name = 'server'").first
        if let noted { return try noted.instant("seen_at") }
        return try transaction.query("SELECT MAX(created_at) AS newest FROM operations").first?.optionalInstant(
            "newest")
    }

    public func note(_ moment: Instant) throws {
        try transaction.execute(
            """
            INSERT INTO clock_seen (name, seen_at) VALUES ('server', ?)
            ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at
            """, [SQLValue(moment)])
    }
}

extension SQLTransaction {
    public var clock: ClockTable { ClockTable(transaction: self) }
}
