import Catalog
import HoldfastCore

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
            let policies = try transaction.backupPolicies(of: vault)
            guard !policies.isEmpty, policies.allSatisfy(\.isEnabled) else { return 0 }
            var count = 0
            for fate in try transaction.fates(in: vault, by: policies, now: now) where fate.goesByRules {
                try transaction.queueDeletion(of: fate.backup, in: vault, by: caller, seams: seams, now: now)
                count += 1
            }
            return count
        }
    }

    /// Queues the removal of replicas that the rules do not keep which they came with.
    ///
    /// - Parameter report: told of vaults that could not be looked at, and of rules that can't be read here.
    /// - Returns: how many replicas are being removed now.
    public func expireReplicas(report: ReportProblem = { _ in }) async throws -> Int {
        var count = 0
        for (project, vault) in try await read({ transaction in try transaction.replicaRules.vaults() }) {
            do {
                let (gone, unreadable) = try await expireReplicas(in: vault, of: project)
                count += gone
                for message in unreadable { report(PolicyProblem(policy: nil, vault: vault, message: message)) }
            } catch let error as ControlError where error.code != .unavailable {
                report(PolicyProblem(policy: nil, vault: vault, message: error.message))
            }
        }
        return count
    }

    private func expireReplicas(in id: VaultID, of project: ProjectID) async throws -> (Int, [String]) {
        let now = now
        let caller = Caller(project: project, user: nil, role: .admin, requestID: "retention-\(id)")
        return try await queue { [seams] transaction in
            guard let vault = try transaction.vaults.find(id, in: project), vault.state == .available,
                !vault.settings.isLocked
            else { return (0, []) }
            var unreadable: [String] = []
            var count = 0
            let fates = try transaction.replicaFates(in: vault, now: now) { unreadable.append($0) }
            for fate in fates where fate.goesByRules {
                try transaction.queueDeletion(of: fate.backup, in: vault, by: caller, seams: seams, now: now)
                count += 1
            }
            return (count, unreadable)
        }
    }
}

extension SQLTransaction {
    /// All that hold for a vault, also those that are off.
    func backupPolicies(of vault: VaultRecord) throws -> [PolicyRecord] {
        try policies.list(in: vault.project, of: vault.id).filter { $0.kind == .backup }
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
