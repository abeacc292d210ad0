/// Which data directory the catalog belongs to.
public struct DataDirectoryTable {
    let transaction: any SQLTransaction

    /// Nil: nobody has said so yet.
    public func id() throws -> String? {
        try transaction.query("SELECT id FROM data_directory ORDER BY noted_at, id").first?.text("id")
    }

    public func set(_ id: String, now: Instant) throws {
        try transaction.execute("DELETE FROM data_directory")
        try transaction.execute(
            "INSERT INTO data_directory (id, noted_at) VALUES (?, ?)", [.text(id), SQLValue(now)])
    }
}

extension SQLTransaction {
    public var dataDirectory: DataDirectoryTable { DataDirectoryTable(transaction: self) }
}
