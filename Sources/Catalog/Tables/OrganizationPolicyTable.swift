public import HoldfastCore

public struct OrganizationPolicyTable {
    let transaction: any SQLTransaction

    public func insert(_ record: OrganizationPolicyRecord) throws {
        try transaction.execute(
            """
            INSERT INTO organization_policies (id, domain_id, name, description, scope, kind, policy_name, is_enabled,
                definition, timing, version, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                SQLValue(record.id), SQLValue(record.domain), .text(record.name), SQLValue(record.description),
                SQLValue(record.scope), .text(record.kind.rawValue), .text(record.policyName),
                SQLValue(record.isEnabled), try JSONText.encode(record.definition), try JSONText.encode(record.timing),
                SQLValue(record.version), SQLValue(record.createdAt), SQLValue(record.updatedAt),
            ])
    }

    public func find(_ id: OrganizationPolicyID, in domain: DomainID) throws -> OrganizationPolicyRecord? {
        try transaction.query(
            "SELECT * FROM organization_policies WHERE domain_id = ? AND id = ?", [SQLValue(domain), SQLValue(id)]
        ).first.map(OrganizationPolicyRecord.init)
    }

    /// In the order in which they were made.
    public func list(in domain: DomainID) throws -> [OrganizationPolicyRecord] {
        try transaction.query(
            "SELECT * FROM organization_policies WHERE domain_id = ? ORDER BY created_at, id", [SQLValue(domain)]
        ).map(OrganizationPolicyRecord.init)
    }

    /// Stores what may change, unless somebody else changed it since it was read.
    ///
    /// - Parameter record: its version is one above that which was read.
    /// - Returns: false when it is not there in that version any more.
    public func update(_ record: OrganizationPolicyRecord) throws -> Bool {
        try transaction.execute(
            """
            UPDATE organization_policies SET name = ?, description = ?, scope = ?, policy_name = ?, is_enabled = ?,
                definition = ?, timing = ?, version = ?, updated_at = ?
            WHERE domain_id = ? AND id = ? AND version = ?
            """,
            [
                .text(record.name), SQLValue(record.description), SQLValue(record.scope), .text(record.policyName),
                SQLValue(record.isEnabled), try JSONText.encode(record.definition), try JSONText.encode(record.timing),
                SQLValue(record.version), SQLValue(record.updatedAt), SQLValue(record.domain), SQLValue(record.id),
                SQLValue(record.version - 1),
            ]) == 1
    }

    /// Removes a policy, and what was written down about its rollout. The projects' copies stay.
    public func delete(_ id: OrganizationPolicyID, in domain: DomainID) throws {
        guard try find(id, in: domain) != nil else { return }
        try transaction.execute(
            "DELETE FROM organization_policy_rollouts WHERE organization_policy_id = ?", [SQLValue(id)])
        try transaction.execute(
            "DELETE FROM organization_policies WHERE domain_id = ? AND id = ?", [SQLValue(domain), SQLValue(id)])
    }

    // MARK: Rollouts

    /// By the ids of projects.
    public func rollouts(of id: OrganizationPolicyID) throws -> [PolicyRollout] {
        try transaction.query(
            "SELECT * FROM organization_policy_rollouts WHERE organization_policy_id = ? ORDER BY project_id",
            [SQLValue(id)]
        ).map { row in
            PolicyRollout(
                organizationPolicy: id, project: try row.id("project_id"), policy: try row.optionalID("policy_id"),
                version: try row.int64("version"), status: try row.choice("status"),
                reason: try row.optionalText("reason"))
        }
    }

    /// Writes a project's rollout in place of what was there.
    public func put(_ rollout: PolicyRollout) throws {
        try removeRollout(of: rollout.organizationPolicy, in: rollout.project)
        try transaction.execute(
            """
            INSERT INTO organization_policy_rollouts (organization_policy_id, project_id, policy_id, version, status,
                reason)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            [
                SQLValue(rollout.organizationPolicy), SQLValue(rollout.project), SQLValue(rollout.policy),
                SQLValue(rollout.version), .text(rollout.status.rawValue), SQLValue(rollout.reason),
            ])
    }

    public func removeRollout(of id: OrganizationPolicyID, in project: ProjectID) throws {
        try transaction.execute(
            "DELETE FROM organization_policy_rollouts WHERE organization_policy_id = ? AND project_id = ?",
            [SQLValue(id), SQLValue(project)])
    }
}

extension SQLTransaction {
    public var organizationPolicies: OrganizationPolicyTable { OrganizationPolicyTable(transaction: self) }
}

extension OrganizationPolicyRecord {
    init(_ row: SQLRow) throws {
        self.init(
            id: try row.id("id"), domain: try row.id("domain_id"), name: try row.text("name"),
            description: try row.optionalText("description"), scope: try row.optionalText("scope"),
            kind: try row.choice("kind"), policyName: try row.text("policy_name"),
            isEnabled: try row.bool("is_enabled"), definition: try row.json("definition"),
            timing: try row.json("timing"), version: try row.int64("version"),
            createdAt: try row.instant("created_at"), updatedAt: try row.instant("updated_at"))
    }
}
