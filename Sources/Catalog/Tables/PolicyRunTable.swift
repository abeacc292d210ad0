public import HoldfastCore

/// When a policy runs next.
public struct PolicySchedule: Sendable, Equatable {
    public let policy: PolicyID
    public let project: ProjectID
    /// Of the policy, when the next run was computed.
    public var policyVersion: Int64
    public var nextRunAt: Instant
    public var lastRunAt: Instant?

    public init(policy: PolicyID, project: ProjectID, policyVersion: Int64, nextRunAt: Instant, lastRunAt: Instant?) {
        self.policy = policy
        self.project = project
        self.policyVersion = policyVersion
        self.nextRunAt = nextRunAt
        self.lastRunAt = lastRunAt
    }
}

/// A vault's part in a run of a policy, which has not begun.
public struct PolicyRun: Sendable, Equatable {
    public let project: ProjectID
    public let vault: VaultID
    public let policy: PolicyID
    /// The moment that the policy's pattern names.
    public let runAt: Instant
    /// When this vault's turn is.
    public let dueAt: Instant

    public init(project: ProjectID, vault: VaultID, policy: PolicyID, runAt: Instant, dueAt: Instant) {
        self.project = project
        self.vault = vault
        self.policy = policy
        self.runAt = runAt
        self.dueAt = dueAt
    }
}

/// For the scheduler, which serves all projects.
public struct PolicyRunTable {
    let transaction: any SQLTransaction

    /// Enabled policies whose next run is not known, or was computed from an older version of theirs.
    public func unplanned() throws -> [PolicyRecord] {
        try transaction.query(
            """
            SELECT p.* FROM policies p LEFT JOIN policy_schedules s ON s.policy_id = p.id
            WHERE p.is_enabled = 1 AND (s.policy_id IS NULL OR s.policy_version <> p.version)
            ORDER BY p.created_at, p.id
            """
        ).map(PolicyRecord.init)
    }

    /// Schedules of enabled policies, the next to run first.
    public func schedules() throws -> [PolicySchedule] {
        try transaction.query(
            """
            SELECT s.* FROM policy_schedules s JOIN policies p ON p.id = s.policy_id AND p.is_enabled = 1
            ORDER BY s.next_run_at, s.policy_id
            """
        ).map { row in
            PolicySchedule(
                policy: try row.id("policy_id"), project: try row.id("project_id"),
                policyVersion: try row.int64("policy_version"), nextRunAt: try row.instant("next_run_at"),
                lastRunAt: try row.optionalInstant("last_run_at"))
        }
    }

    public func schedule(of policy: PolicyID) throws -> PolicySchedule? {
        try schedules().first { $0.policy == policy }
    }

    /// Stores a schedule in place of the one that is there.
    public func set(_ schedule: PolicySchedule) throws {
        try transaction.execute("DELETE FROM policy_schedules WHERE policy_id = ?", [SQLValue(schedule.policy)])
        try transaction.execute(
            """
            INSERT INTO policy_schedules (policy_id, project_id, policy_version, next_run_at, last_run_at)
            VALUES (?, ?, ?, ?, ?)
            """,
            [
                SQLValue(schedule.policy), SQLValue(schedule.project), SQLValue(schedule.policyVersion),
                SQLValue(schedule.nextRunAt), SQLValue(schedule.lastRunAt),
            ])
    }

    /// - Returns: false when this vault's part in this run is there already.
    public func add(_ run: PolicyRun) throws -> Bool {
        guard try find(run) == nil else { return false }
        try transaction.execute(
            "INSERT INTO policy_runs (project_id, vault_id, policy_id, run_at, due_at) VALUES (?, ?, ?, ?, ?)",
            [
                SQLValue(run.project), SQLValue(run.vault), SQLValue(run.policy), SQLValue(run.runAt),
                SQLValue(run.dueAt),
            ])
        return true
    }

    private func find(_ run: PolicyRun) throws -> SQLRow? {
        try transaction.query(
            "SELECT due_at FROM policy_runs WHERE vault_id = ? AND policy_id = ? AND run_at = ?",
            [SQLValue(run.vault), SQLValue(run.policy), SQLValue(run.runAt)]
        ).first
    }

    public func due(_ now: Instant, limit: Int) throws -> [PolicyRun] {
        try transaction.query(
            "SELECT * FROM policy_runs WHERE due_at <= ? ORDER BY due_at, vault_id, policy_id, run_at LIMIT ?",
            [SQLValue(now), SQLValue(limit)]
        ).map { row in
            PolicyRun(
                project: try row.id("project_id"), vault: try row.id("vault_id"), policy: try row.id("policy_id"),
                runAt: try row.instant("run_at"), dueAt: try row.instant("due_at"))
        }
    }

    /// Takes a run away: whoever does carries it out, in the same transaction.
    ///
    /// - Returns: false when another one has it.
    public func take(_ run: PolicyRun) throws -> Bool {
        try transaction.execute(
            "DELETE FROM policy_runs WHERE vault_id = ? AND policy_id = ? AND run_at = ?",
            [SQLValue(run.vault), SQLValue(run.policy), SQLValue(run.runAt)]) == 1
    }

    /// Counts a run of a policy in a vault.
    ///
    /// - Returns: how many there were before.
    public func count(_ run: PolicyRun) throws -> Int {
        let key = [SQLValue(run.vault), SQLValue(run.policy)]
        let before =
            try transaction.query("SELECT runs FROM vault_policies WHERE vault_id = ? AND policy_id = ?", key)
            .first?.int("runs") ?? 0
        try transaction.execute(
            "UPDATE vault_policies SET runs = runs + 1 WHERE vault_id = ? AND policy_id = ?", key)
        return before
    }

    /// Vaults for which an enabled backup policy holds.
    public func vaultsWithRetention() throws -> [(project: ProjectID, vault: VaultID)] {
        try transaction.query(
            """
            SELECT DISTINCT b.project_id, b.vault_id FROM vault_policies b
            JOIN policies p ON p.id = b.policy_id AND p.is_enabled = 1 AND p.kind = 'backup'
            ORDER BY b.vault_id
            """
        ).map { row in (try row.id("project_id"), try row.id("vault_id")) }
    }
}

extension SQLTransaction {
    public var policyRuns: PolicyRunTable { PolicyRunTable(transaction: self) }
}
