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
    /// How often it could not begin for a reason of ours.
    public let attempts: Int

    public init(
        project: ProjectID, vault: VaultID, policy: PolicyID, runAt: Instant, dueAt: Instant, attempts: Int = 0
    ) {
        self.project = project
        self.vault = vault
        self.policy = policy
        self.runAt = runAt
        self.dueAt = dueAt
        self.attempts = attempts
    }
}

/// For the scheduler, which serves all projects.
public struct PolicyRunTable {
    let transaction: any SQLTransaction

    /// An enabled policy, with what is planned for it.
    public struct Planned: Sendable, Equatable {
        public let policy: PolicyID
        public let project: ProjectID
        public let version: Int64
        public let schedule: PolicySchedule?
    }

    /// All enabled policies, in the order in which they were made. Reads no policy's contents: one that can't be read holds up
    /// no other.
    public func planned() throws -> [Planned] {
        try transaction.query(
            """
            SELECT p.id, p.project_id, p.version, s.policy_version, s.next_run_at, s.last_run_at
            FROM policies p LEFT JOIN policy_schedules s ON s.policy_id = p.id
            WHERE p.is_enabled = 1 ORDER BY p.created_at, p.id
            """
        ).map { row in
            let (id, project): (PolicyID, ProjectID) = (try row.id("id"), try row.id("project_id"))
            let schedule = try row.optionalInstant("next_run_at").map { next in
                PolicySchedule(
                    policy: id, project: project, policyVersion: try row.int64("policy_version"), nextRunAt: next,
                    lastRunAt: try row.optionalInstant("last_run_at"))
            }
            return Planned(policy: id, project: project, version: try row.int64("version"), schedule: schedule)
        }
    }

    /// The first moment at which an enabled policy runs.
    public func nextRunAt() throws -> Instant? {
        try transaction.query(
            """
            SELECT s.next_run_at FROM policy_schedules s JOIN policies p ON p.id = s.policy_id AND p.is_enabled = 1
            ORDER BY s.next_run_at, s.policy_id LIMIT 1
            """
        ).first?.instant("next_run_at")
    }

    /// Says that what is planned for a policy is what its newest version wants, too.
    public func keepSchedule(of policy: PolicyID, version: Int64) throws {
        try transaction.execute(
            "UPDATE policy_schedules SET policy_version = ? WHERE policy_id = ?", [SQLValue(version), SQLValue(policy)])
    }

    public func schedule(of policy: PolicyID) throws -> PolicySchedule? {
        try transaction.query("SELECT * FROM policy_schedules WHERE policy_id = ?", [SQLValue(policy)]).first.map {
            row in
            PolicySchedule(
                policy: try row.id("policy_id"), project: try row.id("project_id"),
                policyVersion: try row.int64("policy_version"), nextRunAt: try row.instant("next_run_at"),
                lastRunAt: try row.optionalInstant("last_run_at"))
        }
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

    /// - Parameter kind: only those of such policies.
    public func due(_ now: Instant, kind: PolicyKind? = nil, limit: Int) throws -> [PolicyRun] {
        var conditions = Conditions()
        conditions.add("r.due_at <= ?", SQLValue(now))
        if let kind { conditions.add("p.kind = ?", .text(kind.rawValue)) }
        return try transaction.query(
            """
            SELECT r.* FROM policy_runs r JOIN policies p ON p.id = r.policy_id \(conditions.sql)
            ORDER BY r.due_at, r.vault_id, r.policy_id, r.run_at LIMIT ?
            """, conditions.arguments + [SQLValue(limit)]
        ).map(PolicyRun.init)
    }

    /// A vault's runs of a policy that have not begun, in order.
    public func waiting(of policy: PolicyID, in vault: VaultID) throws -> [PolicyRun] {
        try transaction.query(
            "SELECT * FROM policy_runs WHERE vault_id = ? AND policy_id = ? ORDER BY run_at",
            [SQLValue(vault), SQLValue(policy)]
        ).map(PolicyRun.init)
    }

    /// Takes away what has not begun of a policy's runs.
    public func dropWaiting(of policy: PolicyID) throws {
        try transaction.execute("DELETE FROM policy_runs WHERE policy_id = ?", [SQLValue(policy)])
    }

    /// Puts off a run that could not begin.
    ///
    /// - Parameter counted: whether that was an attempt of its own.
    public func postpone(_ run: PolicyRun, to moment: Instant, counted: Bool) throws {
        try transaction.execute(
            """
            UPDATE policy_runs SET due_at = ?, attempts = attempts + ? WHERE vault_id = ? AND policy_id = ? AND run_at = ?
            """,
            [
                SQLValue(moment), SQLValue(counted ? 1 : 0), SQLValue(run.vault), SQLValue(run.policy),
                SQLValue(run.runAt),
            ])
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

extension PolicyRun {
    init(_ row: SQLRow) throws {
        self.init(
            project: try row.id("project_id"), vault: try row.id("vault_id"), policy: try row.id("policy_id"),
            runAt: try row.instant("run_at"), dueAt: try row.instant("due_at"), attempts: try row.int("attempts"))
    }
}
