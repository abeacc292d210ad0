public import HoldfastCore

/// The tags of resources, by which vaults take them in.
public struct ResourceTagTable {
    let transaction: any SQLTransaction

    /// In the order of their keys. An empty value is one that was not given.
    public func of(_ resource: ResourceID, in project: ProjectID) throws -> [Tag] {
        try transaction.query(
            """
            SELECT tag_key, tag_value FROM resource_tags WHERE project_id = ? AND resource_id = ? ORDER BY tag_key
            """, [SQLValue(project), SQLValue(resource)]
        ).map { Tag(key: try $0.text("tag_key"), value: try $0.text("tag_value")) }
    }

    /// Replaces all of them.
    ///
    /// - Parameter tags: no two have one key.
    public func set(_ tags: [Tag], of resource: ResourceID, in project: ProjectID) throws {
        try transaction.execute(
            "DELETE FROM resource_tags WHERE project_id = ? AND resource_id = ?",
            [SQLValue(project), SQLValue(resource)]
        )
        for tag in tags {
            try transaction.execute(
                "INSERT INTO resource_tags (project_id, resource_id, tag_key, tag_value) VALUES (?, ?, ?, ?)",
                [SQLValue(project), SQLValue(resource), .text(tag.key), .text(tag.value ?? "")])
        }
    }
}

extension SQLTransaction {
    public var resourceTags: ResourceTagTable { ResourceTagTable(transaction: self) }
}
