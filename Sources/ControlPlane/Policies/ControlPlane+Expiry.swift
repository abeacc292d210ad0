public import Catalog
public import HoldfastCore

/// What a policy would keep and remove in a vault at a moment.
public struct RetentionPreview: Sendable, Equatable {
    public struct Item: Sendable, Equatable {
        public let backup: BackupRecord
        public let decision: RetentionDecision
    }

    public let vault: VaultID
    /// Newest first.
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
    /// How long the log of a failed automatic backup stays, whatever the rules say.
    static let failedDays = 30

    /// Queues the removal of automatic backups that no policy of their vault keeps. A policy that is off keeps all there is.
    ///
    /// One transaction for each vault: an outage in between leaves the rest for the next time.
    ///
    /// - Parameter report: told of vaults that could not be looked at; they hold up no others.
    /// - Returns: how many backups are being removed now.
    public func expireByPolicies(report: ReportProblem = { _ in }) async throws -> Int {
        var count = 0
        for (project, vault) in try await read({ transaction in try transaction.policyRuns.vaultsWithRetention() }) {
            do {
                count += try await expire(in: vault, of: project)
            } catch let error as ControlError where error.code != .unavailable {
                report(PolicyProblem(policy: nil, vault: vault, message: error.message))
            }
        }
        return count
    }

    private func expire(in id: VaultID, of project: ProjectID) async throws -> Int {
        let now = now
        let caller = Caller(project: project, user: nil, role: .admin, requestID: "retention-\(id)")
        return try await queue { [seams] transaction in
            guard let vault = try transaction.vaults.find(id, in: project), vault.state == .available,
                // What a locked vault holds goes by its own time alone.
                !vault.settings.isLocked
            else { return 0 }
            let rules = try transaction.retentionRules(of: vault)
            guard !rules.isEmpty, !rules.contains(where: \.keepsAll) else { return 0 }
            let inUse = try transaction.readByOthers(of: project)
            var count = 0
            for (backup, decision) in try transaction.decisions(rules, in: vault, now: now) where !decision.isKept {
                // One with a time of its own goes by that.
                guard !inUse.contains(backup.id), RemovalBar(backup, in: vault, now: now) == nil,
                    backup.expiresAt == nil,
                    backup.isOldFailure(now) || backup.state == .available
                else { continue }
                // Being restored, or waiting for that: the next time.
                guard try [.available, .error].contains(transaction.backup(backup.id, in: project).status) else {
                    continue
                }
                try transaction.queueDeletion(of: backup, in: vault, by: caller, seams: seams, now: now)
                count += 1
            }
            return count
        }
    }

    /// What a policy would do: when it runs next, and what its rules alone keep and remove in the vaults that it holds for.
    /// Changes nothing.
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
                let schedule = try rules.schedule(of: policy)
                while runs.count < 5, let next = schedule.next(after: runs.last ?? now) { runs.append(next) }
            }
            let retention = try RetentionRules(policy.definition)
            let vaults = try transaction.policies.bindings(in: caller.project, policy: id).map { binding in
                let vault = try transaction.vault(binding.vault, in: caller.project)
                let found = try transaction.decisions([retention], in: vault, now: now)
                return RetentionPreview(
                    vault: vault.id,
                    items: found.map { RetentionPreview.Item(backup: $0, decision: $1) }
                        .sorted { ($0.backup.createdAt, $0.backup.id) > ($1.backup.createdAt, $1.backup.id) })
            }
            return PolicyPreview(policy: policy, runs: runs, vaults: vaults)
        }
    }
}

extension BackupRecord {
    /// A failed backup whose log nobody needs any more.
    fileprivate func isOldFailure(_ now: Instant) -> Bool {
        state == .error && createdAt.adding(.seconds(ControlPlane.failedDays * 86_400)) < now
    }
}

extension SQLTransaction {
    /// Of the backup policies that hold for a vault and are on.
    func retentionRules(of vault: VaultRecord) throws -> [RetentionRules] {
        try policies.list(in: vault.project, of: vault.id)
            .filter { $0.isEnabled && $0.kind == .backup }.map { try RetentionRules($0.definition) }
    }

    /// On each automatic backup of a vault, whole or failed, resource by resource: the decision of whichever rules keep it.
    fileprivate func decisions(
        _ rules: [RetentionRules], in vault: VaultRecord, now: Instant
    ) throws -> [(BackupRecord, RetentionDecision)] {
        let backups = try backups.ofVault(vault.id).filter {
            $0.isAutomatic && ($0.state == .available || $0.state == .error)
        }
        var found: [(BackupRecord, RetentionDecision)] = []
        for (_, backups) in Dictionary(grouping: backups, by: \.resource).sorted(by: { $0.key < $1.key }) {
            let candidates = backups.map {
                RetentionCandidate(
                    id: $0.id, stampedAt: $0.importedAt == nil ? $0.createdAt : nil, isWhole: $0.state == .available)
            }
            let all = rules.map { $0.decide(candidates, now: now) }
            for (index, backup) in backups.enumerated() {
                found.append((backup, RetentionDecision(id: backup.id, keepers: all.flatMap { $0[index].keepers })))
            }
        }
        return found
    }

    /// The later times of a locked vault's backups whose time has come and that its policies still keep.
    func renewals(in vault: VaultRecord, now: Instant) throws -> [BackupID: Instant] {
        let times = LockedTimes(rules: try retentionRules(of: vault))
        guard !times.rules.isEmpty else { return [:] }
        return try decisions(times.rules, in: vault, now: now).reduce(into: [:]) { found, one in
            let (backup, decision) = one
            guard backup.goesByPolicies, backup.state == .available, let time = backup.expiresAt, time <= now else {
                return
            }
            found[backup.id] = times.renewal(of: backup.createdAt, keepers: decision.keepers, now: now)
        }
    }

    /// Queues the removal of a backup that is available or failed.
    func queueDeletion(of backup: BackupRecord, in vault: VaultRecord, by caller: Caller, seams: Seams, now: Instant)
        throws
    {
        var record = backup
        try record.state.apply(.delete)
        record.updatedAt = now
        try backups.update(record)
        try operations.insert(
            .queued(
                .delete, by: caller, vault: vault, checkpoint: record.checkpoint, backup: record.id,
                resource: record.resource, subject: OperationSubject(of: record), seams: seams, now: now))
    }
}
