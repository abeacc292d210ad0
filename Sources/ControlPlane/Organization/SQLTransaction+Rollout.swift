import Catalog
import HoldfastCore

extension SQLTransaction {
    /// Brings every project that the policy is for to its version, and takes it from the others. Those that are there already
    /// are left alone; those where it can't be done are written down with the reason, and tried again by the next call.
    ///
    /// - Parameters:
    ///   - domain: with the policy's id.
    ///   - newID: makes ids.
    /// - Returns: how many projects were brought forward.
    func rollOut(
        _ policy: OrganizationPolicyRecord, over domain: DomainRecord, now: Instant, newID: () -> PolicyID
    ) throws -> Int {
        let projects = try projects().filter { $0.domain == domain.id }
        // A project that is named and later taken away leaves nothing to cover: the others keep what they have.
        let scope = (try? OrganizationScope(policy.scope, domain: domain, projects: projects)) ?? .named([])
        let known = try organizationPolicies.rollouts(of: policy.id)
        var count = 0
        for project in projects where project.isEnabled && scope.covers(project.id) {
            let before = known.first { $0.project == project.id }
            if let before, before.status == .success, before.version == policy.version { continue }
            let after = try bring(policy, to: project.id, before: before, now: now, newID: newID)
            guard after != before else { continue }
            try organizationPolicies.put(after)
            if after.status == .success { count += 1 }
        }
        for rollout in known where !scope.covers(rollout.project) { try withdraw(rollout, now: now) }
        return count
    }

    private func bring(
        _ policy: OrganizationPolicyRecord, to project: ProjectID, before: PolicyRollout?, now: Instant,
        newID: () -> PolicyID
    ) throws -> PolicyRollout {
        var rollout = PolicyRollout(
            organizationPolicy: policy.id, project: project, policy: before?.policy, version: policy.version,
            status: .success, reason: nil)
        if let id = before?.policy, let present = try policies.find(id, in: project) {
            var copy = present
            (copy.name, copy.isEnabled, copy.definition) = (policy.policyName, policy.isEnabled, policy.definition)
            copy.timing.pattern = policy.timing.pattern
            copy.timing.windowMinutes = policy.timing.windowMinutes
            copy.timing.timeZone = policy.timing.timeZone
            copy.version += 1
            copy.updatedAt = now
            try store(copy, changedFrom: present)
            return rollout
        }
        guard try policies.count(policy.kind, in: project) < PolicyRules.policiesMax else {
            rollout.status = .failed
            rollout.reason =
                "the project has \(PolicyRules.policiesMax) \(policy.kind.rawValue) policies, which is as many as it may"
            rollout.policy = nil
            return rollout
        }
        let id = newID()
        var timing = policy.timing
        timing.id = newID().text
        let copy = PolicyRecord(
            id: id, project: project, name: policy.policyName, kind: policy.kind, isEnabled: policy.isEnabled,
            definition: policy.definition, timing: timing, origin: .organization, version: 1, createdAt: now,
            updatedAt: now)
        try policies.insert(copy)
        try plan(copy)
        rollout.policy = id
        return rollout
    }

    /// Takes a policy from a project. One that holds for a vault stays there, as one that was removed: backups don't end because
    /// somebody tidies up elsewhere.
    func withdraw(_ rollout: PolicyRollout, now: Instant) throws {
        try organizationPolicies.removeRollout(of: rollout.organizationPolicy, in: rollout.project)
        guard let id = rollout.policy, let present = try policies.find(id, in: rollout.project) else { return }
        guard try !policies.bindings(in: rollout.project, policy: id).isEmpty else {
            return try policies.delete(id, in: rollout.project)
        }
        var copy = present
        copy.origin = .removed
        copy.version += 1
        copy.updatedAt = now
        try store(copy, changedFrom: present)
    }

    /// The domain that a caller manages.
    ///
    /// A domain is managed from the project that was made first in it, by those who have the admin role there.
    func managedDomain(_ caller: Caller) throws -> DomainRecord {
        let projects = try projects()
        guard let own = projects.first(where: { $0.id == caller.project }),
            let domain = try domains().first(where: { $0.id == own.domain }),
            let first = projects.first(where: { $0.domain == own.domain })
        else {
            throw ControlError(code: .forbidden, message: "this project belongs to no domain of this server")
        }
        guard first.id == own.id else {
            throw ControlError(
                code: .forbidden,
                message: "organization policies are managed from the project that was made first in the domain",
                facts: ["project.id": caller.project.text])
        }
        return domain
    }

    func organizationPolicy(_ id: OrganizationPolicyID, in domain: DomainID) throws -> OrganizationPolicyRecord {
        guard let policy = try organizationPolicies.find(id, in: domain) else {
            throw ControlError(
                code: .policyNotFound, message: "there is no organization policy \(id)",
                facts: ["organization_policy.id": id.text])
        }
        return policy
    }

    func view(_ policy: OrganizationPolicyRecord, of domain: DomainRecord) throws -> OrganizationPolicyView {
        // Projects that are switched off wait with what they had.
        let off = Set(try projects().filter { !$0.isEnabled }.map(\.id))
        let rollouts = try organizationPolicies.rollouts(of: policy.id).filter { !off.contains($0.project) }
        return OrganizationPolicyView(
            record: policy, domain: domain,
            isEverywhere: rollouts.allSatisfy { $0.status == .success && $0.version == policy.version })
    }
}
