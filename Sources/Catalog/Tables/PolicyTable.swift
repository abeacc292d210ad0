public import HoldfastCore

public struct PolicyTable {
    let transaction: any SQLTransaction

    public func insert(_ record: PolicyRecord) throws {
        try transaction.execute(
            """
            INSERT INTO policies (id, project_id, name, kind, is_enabled, definition, timing, origin, version, created_at,
                updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                SQLValue(record.id), SQLValue(record.project), .text(record.name), .text(record.kind.rawValue),
                SQLValue(record.isEnabled), try JSONText.encode(record.definition), try JSONText.encode(record.timing),
                .text(record.origin.rawValue), SQLValue(record.version), SQLValue(record.createdAt),
                SQLValue(record.updatedAt),
            ])
    }

    public func find(_ id: PolicyID, in project: ProjectID) throws -> PolicyRecord? {
        try transaction.query(
            "SELECT * FROM policies WHERE project_id = ? AND id = ?", [SQLValue(project), SQLValue(id)]
        ).first.map(PolicyRecord.init)
    }

    /// In the order in which they were made.
    ///
    /// - Parameter vault: only those that hold for it.
    public func list(in project: ProjectID, of vault: VaultID? = nil) throws -> [PolicyRecord] {
        var conditions = Conditions()
        conditions.add("t.project_id = ?", SQLValue(project))
        if let vault {
            conditions.add(
                "EXISTS (SELECT 1 FROM vault_policies b WHERE b.policy_id = t.id AND b.vault_id = ?)", SQLValue(vault))
        }
        return try transaction.query(
            "SELECT t.* FROM policies t \(conditions.sql) ORDER BY t.created_at, t.id", conditions.arguments
        ).map(PolicyRecord.init)
    }

    public func count(_ kind: PolicyKind, in project: ProjectID) throws -> Int {
        try transaction.query(
            "SELECT COUNT(*) AS n FROM policies WHERE project_id = ? AND kind = ?",
            [SQLValue(project), .text(kind.rawValue)]
        ).first?.int("n") ?? 0
    }

    /// Stores what may change, unless somebody else changed it since it was read.
    ///
    /// - Parameter record: its version is one above that which was read.
    /// - Returns: false when it is not there in that version any more.
    public func update(_ record: PolicyRecord) throws -> Bool {
        try transaction.execute(
            """
            UPDATE policies SET name = ?, is_enabled = ?, definition = ?, timing = ?, origin = ?, version = ?,
                updated_at = ?
            WHERE project_id = ? AND id = ? AND version = ?
            """,
            [
                .text(record.name), SQLValue(record.isEnabled), try JSONText.encode(record.definition),
                try JSONText.encode(record.timing), .text(record.origin.rawValue), SQLValue(record.version),
                SQLValue(record.updatedAt), SQLValue(record.project), SQLValue(record.id), SQLValue(record.version - 1),
            ]) == 1
    }

    /// Removes a policy; it does not hold for any vault any more.
    public func delete(_ id: PolicyID, in project: ProjectID) throws {
        for table in ["policy_runs", "policy_schedules"] {
            try transaction.execute(
                "DELETE FROM \(table) WHERE project_id = ? AND policy_id = ?", [SQLValue(project), SQLValue(id)])
        }
        try transaction.execute(
            "DELETE FROM vault_policies WHERE project_id = ? AND policy_id = ?", [SQLValue(project), SQLValue(id)])
        try transaction.execute(
            "DELETE FROM policies WHERE project_id = ? AND id = ?", [SQLValue(project), SQLValue(id)])
    }

    // MARK: Which vaults a policy holds for

    public func bind(_ binding: PolicyBinding) throws {
        try transaction.execute(
            """
            INSERT INTO vault_policies (project_id, vault_id, policy_id, destination_vault_id, bound_at)
            VALUES (?, ?, ?, ?, ?)
            """,
            [
                SQLValue(binding.project), SQLValue(binding.vault), SQLValue(binding.policy),
                SQLValue(binding.destination), SQLValue(binding.boundAt),
            ])
    }

    public func unbind(_ policy: PolicyID, from vault: VaultID) throws {
        try transaction.execute(
            "DELETE FROM policy_runs WHERE vault_id = ? AND policy_id = ?", [SQLValue(vault), SQLValue(policy)])
        try transaction.execute(
            "DELETE FROM vault_policies WHERE vault_id = ? AND policy_id = ?", [SQLValue(vault), SQLValue(policy)])
    }

    /// In the order in which they were bound.
    public func bindings(in project: ProjectID, policy: PolicyID? = nil, vault: VaultID? = nil) throws
        -> [PolicyBinding]
    {
        var conditions = Conditions()
        conditions.add("project_id = ?", SQLValue(project))
        if let policy { conditions.add("policy_id = ?", SQLValue(policy)) }
        if let vault { conditions.add("vault_id = ?", SQLValue(vault)) }
        return try transaction.query(
            "SELECT * FROM vault_policies \(conditions.sql) ORDER BY bound_at, vault_id, policy_id",
            conditions.arguments
        ).map { row in
            PolicyBinding(
                project: try row.id("project_id"), vault: try row.id("vault_id"), policy: try row.id("policy_id"),
                destination: try row.optionalID("destination_vault_id"), boundAt: try row.instant("bound_at"))
        }
    }
}

extension SQLTransaction {
    public var policies: PolicyTable { PolicyTable(transaction: self) }
}

extension PolicyRecord {
    init(_ row: SQLRow) throws {
        self.init(
            id: try row.id("id"), project: try row.id("project_id"), name: try row.text("name"),
            kind: try row.choice("kind"), isEnabled: try row.bool("is_enabled"), definition: try row.json("definition"),
            timing: try row.json("timing"), origin: try row.choice("origin"), version: try row.int64("version"),
            createdAt: try row.instant("created_at"), updatedAt: try row.instant("updated_at"))
    }
}
