public import Catalog
public import HoldfastCore

/// Policies that a domain gives to its projects.
///
/// Each project that a policy is for has a copy, which it lets hold for vaults as its own ones, and can't change or delete. What
/// changes in the domain changes in all copies in the same transaction; projects made later get theirs from ``rollOut()``.
extension ControlPlane {
    public func createOrganizationPolicy(
        _ draft: OrganizationPolicyDraft, by caller: Caller
    ) async throws -> OrganizationPolicyView {
        try caller.mustGovern()
        let (now, newID) = (now, newPolicyID)
        let policy = draft.policy
        let timing = PolicyTiming(
            id: newID().text, pattern: policy.pattern, startedAt: now, windowMinutes: policy.windowMinutes,
            timeZone: policy.timeZone)
        let id = OrganizationPolicyID.randomDashed(seams.randomBytes)
        let rules = policyRules
        return try await write { transaction in
            let domain = try transaction.managedDomain(caller)
            let record = OrganizationPolicyRecord(
                id: id, domain: domain.id, name: draft.name, description: draft.description, scope: draft.scope,
                kind: policy.kind, policyName: policy.name, isEnabled: policy.isEnabled,
                definition: policy.definition, timing: timing, version: 1, createdAt: now, updatedAt: now)
            try rules.check(record, changedFrom: nil, in: domain, transaction)
            let count = try transaction.organizationPolicies.list(in: domain.id).count { $0.kind == record.kind }
            guard count < PolicyRules.policiesMax else {
                throw ControlError(
                    code: .policyLimit,
                    message: "a domain has at most \(PolicyRules.policiesMax) \(record.kind.rawValue) policies")
            }
            try transaction.organizationPolicies.insert(record)
            _ = try transaction.rollOut(record, over: domain, now: now, newID: newID)
            return try transaction.view(record, of: domain)
        }
    }

    /// In the order in which they were made.
    public func listOrganizationPolicies(
        of kind: PolicyKind, limit: Int, offset: Int, by caller: Caller
    ) async throws -> Listing<OrganizationPolicyView> {
        try await read { transaction in
            let domain = try transaction.managedDomain(caller)
            let found = try transaction.organizationPolicies.list(in: domain.id).filter { $0.kind == kind }
            return Listing(
                rows: try found.dropFirst(offset).prefix(limit).map { try transaction.view($0, of: domain) },
                count: found.count)
        }
    }

    public func showOrganizationPolicy(
        _ id: OrganizationPolicyID, by caller: Caller
    ) async throws -> OrganizationPolicyView {
        try await read { transaction in
            let domain = try transaction.managedDomain(caller)
            return try transaction.view(transaction.organizationPolicy(id, in: domain.id), of: domain)
        }
    }

    /// How far each project is, by the ids of projects.
    public func organizationRollout(
        _ id: OrganizationPolicyID, limit: Int, offset: Int, by caller: Caller
    ) async throws -> OrganizationRollout {
        try await read { transaction in
            let domain = try transaction.managedDomain(caller)
            let policy = try transaction.organizationPolicy(id, in: domain.id)
            let all = try transaction.organizationPolicies.rollouts(of: policy.id)
            return OrganizationRollout(
                domain: domain.id, rows: Array(all.dropFirst(offset).prefix(limit)), count: all.count)
        }
    }

    public func updateOrganizationPolicy(
        _ id: OrganizationPolicyID, _ change: OrganizationPolicyChange, by caller: Caller
    ) async throws -> OrganizationPolicyView {
        try caller.mustGovern()
        let (now, newID, rules) = (now, newPolicyID, policyRules)
        return try await write { transaction in
            let domain = try transaction.managedDomain(caller)
            let before = try transaction.organizationPolicy(id, in: domain.id)
            let policy = before.changed(by: change, now: now)
            try rules.check(policy, changedFrom: before, in: domain, transaction)
            try transaction.mustKeepRegion(of: policy, before: before)
            guard try transaction.organizationPolicies.update(policy) else {
                throw ControlError.policyChanged(PolicyID(id.text))
            }
            _ = try transaction.rollOut(policy, over: domain, now: now, newID: newID)
            return try transaction.view(policy, of: domain)
        }
    }

    /// Copies that hold for no vault are deleted; the others go on for their vaults, as ones that were removed.
    public func deleteOrganizationPolicy(_ id: OrganizationPolicyID, by caller: Caller) async throws {
        try caller.mustGovern()
        let now = now
        try await write { transaction in
            let domain = try transaction.managedDomain(caller)
            let policy = try transaction.organizationPolicy(id, in: domain.id)
            for rollout in try transaction.organizationPolicies.rollouts(of: policy.id) {
                try transaction.withdraw(rollout, now: now)
            }
            try transaction.organizationPolicies.delete(id, in: domain.id)
        }
    }

    /// Brings projects that were made, switched on or emptied since then to where their domain's policies want them.
    ///
    /// - Returns: how many copies were made or brought forward.
    public func rollOut() async throws -> Int {
        let (now, newID) = (now, newPolicyID)
        let isNeeded = try await read { transaction in
            try transaction.domains().contains { try !transaction.organizationPolicies.list(in: $0.id).isEmpty }
        }
        guard isNeeded else { return 0 }
        return try await write { transaction in
            var count = 0
            for domain in try transaction.domains() {
                for policy in try transaction.organizationPolicies.list(in: domain.id) {
                    count += try transaction.rollOut(policy, over: domain, now: now, newID: newID)
                }
            }
            return count
        }
    }

    private var newPolicyID: @Sendable () -> PolicyID {
        { [seams] in .randomDashed(seams.randomBytes) }
    }
}

extension Caller {
    /// - Throws: ``ControlError`` with `.forbidden` unless the caller has the admin role.
    func mustGovern() throws {
        guard role == .admin else { throw ControlError.forbidden("change policies of the organization", role) }
    }
}

extension OrganizationPolicyRecord {
    func changed(by change: OrganizationPolicyChange, now: Instant) -> Self {
        var policy = self
        policy.name = change.name ?? name
        policy.description = change.description ?? description
        policy.scope = change.scope ?? scope
        policy.policyName = change.policy.name ?? policyName
        policy.isEnabled = change.policy.isEnabled ?? isEnabled
        policy.definition = change.policy.definition ?? definition
        policy.timing.pattern = change.policy.pattern ?? timing.pattern
        if let minutes = change.policy.windowMinutes { policy.timing.windowMinutes = minutes }
        if let zone = change.policy.timeZone { policy.timing.timeZone = zone }
        policy.version += 1
        policy.updatedAt = now
        return policy
    }
}

extension OrganizationPolicyRecord {
    fileprivate var asPolicy: PolicyRecord {
        PolicyRecord(
            id: PolicyID(id.text), project: ProjectID(""), name: policyName, kind: kind, isEnabled: isEnabled,
            definition: definition, timing: timing, origin: .organization, version: 1, createdAt: createdAt,
            updatedAt: updatedAt)
    }
}

extension PolicyRules {
    /// As for a project's own policy, with the fields' names as they are here.
    func check(
        _ policy: OrganizationPolicyRecord, changedFrom before: OrganizationPolicyRecord?, in domain: DomainRecord,
        _ transaction: any SQLTransaction
    ) throws(ControlError) {
        if before == nil || before?.scope != policy.scope {
            let projects: [ProjectRecord]
            do { projects = try transaction.projects() } catch { throw ControlError.wrapping(error) }
            _ = try OrganizationScope(
                policy.scope, domain: domain, projects: projects.filter { $0.domain == domain.id })
        }
        do throws(ControlError) {
            try check(policy.asPolicy, changedFrom: before?.asPolicy)
        } catch {
            guard error.code == .invalid, let field = error.facts["field"] else { throw error }
            let renamed = field.replacing("policy.", with: "policy.policy_", maxReplacements: 1)
            throw ControlError(
                code: .invalid, message: error.message.replacing(field, with: renamed), facts: ["field": renamed])
        }
    }
}

extension SQLTransaction {
    /// Where replicas go is fixed once a copy holds for a vault of any project.
    func mustKeepRegion(of policy: OrganizationPolicyRecord, before: OrganizationPolicyRecord) throws {
        guard policy.kind == .replication, policy.definition.destinationRegion != before.definition.destinationRegion
        else { return }
        for rollout in try organizationPolicies.rollouts(of: policy.id) {
            guard let id = rollout.policy, let copy = try policies.find(id, in: rollout.project) else { continue }
            try mustKeepRegion(of: copy, policy.definition, before: copy)
        }
    }
}
