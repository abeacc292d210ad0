public import HoldfastCore

/// By which rules a replica stays, as the policy that sent it had them then.
public struct ReplicaRules: Sendable, Equatable, Codable {
    /// Of the region that sent it: its name for the policy, and no policy of this catalog.
    public let policy: PolicyID
    /// What it keeps; nothing else.
    public let definition: PolicyDefinition

    public init(policy: PolicyID, definition: PolicyDefinition) {
        self.policy = policy
        self.definition = definition
    }
}

public struct ReplicaRulesTable {
    let transaction: any SQLTransaction

    public func insert(_ rules: ReplicaRules, of backup: BackupID) throws {
        try transaction.execute(
            """
            INSERT INTO replica_rules (backup_id, policy_id, definition) VALUES (?, ?, ?)
            ON CONFLICT (backup_id) DO NOTHING
            """, [SQLValue(backup), SQLValue(rules.policy), try JSONText.encode(rules.definition)])
    }

    public func delete(of backup: BackupID) throws {
        try transaction.execute("DELETE FROM replica_rules WHERE backup_id = ?", [SQLValue(backup)])
    }

    /// Vaults that hold replicas with rules.
    public func vaults() throws -> [(project: ProjectID, vault: VaultID)] {
        try transaction.query(
            """
            SELECT DISTINCT b.project_id, b.vault_id FROM replica_rules r JOIN backups b ON b.id = r.backup_id
            ORDER BY b.vault_id
            """
        ).map { row in (try row.id("project_id"), try row.id("vault_id")) }
    }

    /// The rules of a vault's replicas, by backup.
    public func list(in vault: VaultID) throws -> [BackupID: ReplicaRules] {
        let rows = try transaction.query(
            """
            SELECT r.backup_id, r.policy_id, r.definition FROM replica_rules r JOIN backups b ON b.id = r.backup_id
            WHERE b.vault_id = ?
            """, [SQLValue(vault)])
        return try rows.reduce(into: [:]) { found, row in
            found[try row.id("backup_id")] = ReplicaRules(
                policy: try row.id("policy_id"), definition: try row.json("definition"))
        }
    }
}

extension SQLTransaction {
    public var replicaRules: ReplicaRulesTable { ReplicaRulesTable(transaction: self) }
}
