public import HoldfastCore

/// What tags the vaults of a project have.
public struct VaultTagTable {
    let transaction: any SQLTransaction

    /// Every key with every value that some vault has, both in order.
    public func all(in project: ProjectID) throws -> [(key: String, values: [String])] {
        let rows = try transaction.query(
            "SELECT DISTINCT tag_key, tag_value FROM vault_tags WHERE project_id = ? ORDER BY tag_key, tag_value",
            [SQLValue(project)])
        return try rows.reduce(into: []) { found, row in
            let (key, value) = (try row.text("tag_key"), try row.text("tag_value"))
            if found.last?.key == key {
                found[found.count - 1].values.append(value)
            } else {
                found.append((key, [value]))
            }
        }
    }

    /// Puts the tags of vaults from before searches into their place. Does nothing where that is done.
    ///
    /// - Returns: how many vaults there were.
    public func indexOld() throws -> Int {
        let rows = try transaction.query(
            """
            SELECT t.* FROM vaults t
            WHERE t.settings LIKE '%"tags":[{%' AND NOT EXISTS (SELECT 1 FROM vault_tags g WHERE g.vault_id = t.id)
            """)
        let untracked = try rows.map(VaultRecord.init).filter { !$0.settings.tags.isEmpty }
        for record in untracked { try transaction.vaults.setTags(of: record) }
        return untracked.count
    }
}

extension SQLTransaction {
    public var vaultTags: VaultTagTable { VaultTagTable(transaction: self) }
}
