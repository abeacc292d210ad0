public import Catalog
public import HoldfastCore

/// What a policy would keep and remove in a vault at a moment.
public struct RetentionPreview: Sendable, Equatable {
    public struct Item: Sendable, Equatable {
        public let backup: BackupRecord
        /// Of the policy's own rules.
        public let decision: RetentionDecision
        /// What else keeps it.
        public let bars: [RetentionBar]
        /// Whether it stays, by the policy or by anything else.
        public let stays: Bool
    }

    public let vault: VaultID
    /// Newest first. Of a replication policy none: it removes nothing here.
    public let items: [Item]
}

/// What a policy is about to do.
public struct PolicyPreview: Sendable, Equatable {
    public let policy: PolicyRecord
    /// The next runs.
    public let runs: [Instant]
    public let vaults: [RetentionPreview]
}

extension ControlPlane {
    /// What a policy would do: when it runs next, and what stays and goes in the vaults that it holds for, by its rules and by
    /// all else that keeps backups. Changes nothing.
    ///
    /// - Parameter change: as if the policy had been changed so.
    public func previewPolicy(
        _ id: PolicyID, changedBy change: PolicyDefinition? = nil, by caller: Caller
    ) async throws -> PolicyPreview {
        let (now, rules) = (now, policyRules)
        return try await read { transaction in
            let before = try transaction.policy(id, in: caller.project)
            var policy = before
            if let change {
                policy.definition = change
                try rules.check(policy, changedFrom: before)
            }
            var runs: [Instant] = []
            if policy.isEnabled {
                let schedule = try PolicyRules.schedule(of: policy)
                while runs.count < 5, let next = schedule.next(after: runs.last ?? now) { runs.append(next) }
            }
            let vaults = try transaction.policies.bindings(in: caller.project, policy: id).map { binding in
                let vault = try transaction.vault(binding.vault, in: caller.project)
                return RetentionPreview(
                    vault: vault.id, items: try transaction.preview(of: policy, in: vault, now: now))
            }
            return PolicyPreview(policy: policy, runs: runs, vaults: vaults)
        }
    }
}

extension SQLTransaction {
    fileprivate func preview(
        of policy: PolicyRecord, in vault: VaultRecord, now: Instant
    ) throws -> [RetentionPreview.Item] {
        guard policy.kind == .backup else { return [] }
        let policies = try backupPolicies(of: vault).map { $0.id == policy.id ? policy : $0 }
        return try fates(in: vault, by: policies, asked: policy.id, now: now).compactMap { fate in
            fate.decision.map { decision in
                RetentionPreview.Item(
                    backup: fate.backup, decision: decision, bars: fate.bars,
                    stays: !fate.goesByRules && !fate.goesByTime)
            }
        }
        .sorted { ($0.backup.createdAt, $0.backup.id) > ($1.backup.createdAt, $1.backup.id) }
    }
}
