public import Catalog
public import HoldfastCore

/// A run of a policy that began, or that came to nothing.
public struct ScheduledRun: Sendable, Equatable {
    public enum Outcome: Sendable, Equatable {
        case began(CheckpointID)
        /// So many backups are on their way to another region.
        case sent(Int)
        /// Another server carried it out, or the policy does not hold for the vault any more.
        case gone
        /// Why no restore point was made.
        case refused(ControlError.Code, String)
    }

    public let run: PolicyRun
    public let outcome: Outcome
}

/// A policy whose time has come.
public struct PolicyTurn: Sendable, Equatable {
    public let policy: PolicyID
    public let runAt: Instant
    public let vaults: Int
    /// How many earlier runs were left out because nobody was there to begin them; counted up to ``missedMax``.
    public let missed: Int

    public static let missedMax = 1000
}

extension ControlPlane {
    /// Sees which policies' time has come, and sets down the runs of their vaults. Of runs that were missed, while no server
    /// ran or a clock stood wrong, the last one is caught up. Safe to call from several servers at once: each run is set down
    /// once.
    public func advanceSchedules() async throws -> [PolicyTurn] {
        let (now, rules) = (now, policyRules)
        return try await write { transaction in
            for policy in try transaction.policyRuns.unplanned() {
                guard let schedule = rules.schedule(of: policy), let next = schedule.next(after: now) else { continue }
                let before = try transaction.policyRuns.schedule(of: policy.id)
                try transaction.policyRuns.set(
                    PolicySchedule(
                        policy: policy.id, project: policy.project, policyVersion: policy.version, nextRunAt: next,
                        lastRunAt: before?.lastRunAt))
            }
            var turns: [PolicyTurn] = []
            for var planned in try transaction.policyRuns.schedules() {
                guard let policy = try transaction.policies.find(planned.policy, in: planned.project),
                    let schedule = rules.schedule(of: policy), let next = schedule.next(after: now)
                else { continue }
                if planned.nextRunAt <= now {
                    turns.append(try transaction.begin(policy, schedule, planned, now: now))
                    planned.lastRunAt = turns.last?.runAt
                } else if planned.nextRunAt <= next {
                    continue
                }
                // Also when a clock went back: what was planned for a day that is far off now comes as the pattern says.
                planned.nextRunAt = next
                try transaction.policyRuns.set(planned)
            }
            return turns
        }
    }

    /// When the scheduler has something to do next; nil: nothing is planned.
    public func nextScheduledMoment() async throws -> Instant? {
        try await read { transaction in
            let run = try transaction.policyRuns.due(Instant(microseconds: .max), limit: 1).first?.dueAt
            return [run, try transaction.policyRuns.schedules().first?.nextRunAt].compactMap { $0 }.min()
        }
    }

    /// Begins the runs whose turn it is, one after the other.
    public func beginDueRuns(limit: Int = 64) async throws -> [ScheduledRun] {
        let now = now
        var done: [ScheduledRun] = []
        for run in try await read({ transaction in try transaction.policyRuns.due(now, limit: limit) }) {
            done.append(ScheduledRun(run: run, outcome: try await begin(run)))
        }
        return done
    }

    private func begin(_ run: PolicyRun) async throws -> ScheduledRun.Outcome {
        let caller = Caller(
            project: run.project, user: nil, role: .admin, requestID: "policy-\(run.policy)-\(run.runAt.microseconds)")
        let policy = try await read { transaction in try transaction.policies.find(run.policy, in: run.project) }
        do {
            guard let policy else {
                try await drop(run)
                return .gone
            }
            if policy.kind == .replication { return try await replicate(run, of: policy, by: caller) }
            let draft = CheckpointDraft(vault: run.vault, isAutomatic: true)
            return .began(try await createCheckpoint(draft, by: caller, for: run, of: policy.definition).record.id)
        } catch let error as ControlError where error.code == .leaseLost {
            return .gone
        } catch let error as ControlError where error.code != .unavailable && error.code != .unexpected {
            let kind: OperationKind = policy?.kind == .replication ? .replication : .backup
            return try await refuse(run, kind, error, by: caller) ? .refused(error.code, error.message) : .gone
        }
    }

    private func replicate(
        _ run: PolicyRun, of policy: PolicyRecord, by caller: Caller
    ) async throws -> ScheduledRun.Outcome {
        let binding = try await read { transaction in
            try transaction.policies.bindings(in: run.project, policy: run.policy, vault: run.vault).first
        }
        guard let vault = binding?.destination, let region = policy.definition.destinationRegion,
            let project = policy.definition.destinationProject
        else {
            try await drop(run)
            return .gone
        }
        let draft = ReplicationDraft(
            region: region, project: ProjectID(project), vault: vault, isAutomatic: true)
        return .sent(try await copyVault(run.vault, draft, by: caller, for: run).count)
    }

    private func drop(_ run: PolicyRun) async throws {
        _ = try await write { transaction in try transaction.policyRuns.take(run) }
    }

    /// Takes a run away that can't begin, and leaves one failed operation that says why: who looks at the operations sees
    /// that a night has no restore point. A vault that holds nothing has nothing to miss.
    ///
    /// - Returns: false when another server has the run.
    private func refuse(
        _ run: PolicyRun, _ kind: OperationKind, _ error: ControlError, by caller: Caller
    ) async throws -> Bool {
        let now = now
        return try await write { [seams] transaction in
            guard try transaction.policyRuns.take(run) else { return false }
            guard let vault = try transaction.vaults.find(run.vault, in: run.project),
                try error.code != .nothingToBackUp || !transaction.vaultResources.members(of: vault.id).isEmpty
            else { return true }
            var operation = OperationRecord.queued(
                kind, by: caller, vault: vault, subject: OperationSubject(), seams: seams, now: now)
            operation.state = .failed(OperationFailure(code: error.failureCode, message: error.message))
            operation.startedAt = now
            operation.endedAt = now
            try transaction.operations.insert(operation)
            return true
        }
    }
}

extension ControlError {
    /// Why a planned run could not begin, as the log of its operation keeps it.
    fileprivate var failureCode: OperationFailure.Code {
        switch code {
        case .nothingToBackUp: .nothingToBackUp
        case .vaultFull: .vaultFull
        case .vaultNotAvailable, .vaultStateWrong, .vaultBusy, .vaultNotReplicable, .vaultTakesNoBackups:
            .vaultNotAvailable
        case .regionUnknown, .regionUnreachable, .projectNotPaired: .regionUnreachable
        case .targetVaultMissing, .targetVaultUnfit, .targetVaultState, .targetVaultFull, .tooManyReplicas:
            .replicaRefused
        default: .unexpected
        }
    }
}

extension PolicyRules {
    /// - Returns: nil for a policy that these rules do not take any more.
    func schedule(of policy: PolicyRecord) -> Schedule? {
        let zone = policy.timing.timeZone.flatMap { CivilZone(named: $0) } ?? .utc
        // What was allowed when the policy was made goes on when the server's settings change.
        return try? Schedule(
            pattern: policy.timing.pattern, zone: zone, start: policy.timing.startedAt,
            limits: Schedule.Limits(minutesBetweenMin: 1))
    }
}

extension PolicyDefinition {
    /// Whether the run after so many others reads everything anew.
    func isFull(after runs: Int) -> Bool {
        guard let interval = fullBackupInterval, interval >= 0 else { return false }
        return (runs + 1).isMultiple(of: max(interval, 1))
    }
}

extension SQLTransaction {
    fileprivate func begin(
        _ policy: PolicyRecord, _ schedule: Schedule, _ planned: PolicySchedule, now: Instant
    ) throws -> PolicyTurn {
        var missed = 0
        var next = planned.nextRunAt
        let runAt = schedule.last(upTo: now, after: Instant(microseconds: planned.nextRunAt.microseconds - 1)) ?? next
        while next < runAt, missed < PolicyTurn.missedMax, let later = schedule.next(after: next) {
            missed += 1
            next = later
        }
        let bindings = try policies.bindings(in: policy.project, policy: policy.id)
        let window = Int64(policy.timing.windowMinutes ?? 0) * 60_000_000
        for binding in bindings {
            // The same place in the window each time, and spread evenly: vaults' ids are random.
            let place = Double(
                binding.vault.text.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 })
            let offset = Int64(place / 4_294_967_296 * Double(window))
            _ = try policyRuns.add(
                PolicyRun(
                    project: policy.project, vault: binding.vault, policy: policy.id, runAt: runAt,
                    dueAt: Instant(microseconds: max(runAt.microseconds + offset, 0))))
        }
        return PolicyTurn(policy: policy.id, runAt: runAt, vaults: bindings.count, missed: missed)
    }
}
