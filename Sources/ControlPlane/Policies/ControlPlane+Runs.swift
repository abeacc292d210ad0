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
        /// Why it is tried again a minute later.
        case postponed(String)
    }

    public let run: PolicyRun
    public let outcome: Outcome
}

/// Regions that did not answer a moment ago: runs that would ask them again are refused at once, so that one region that is away
/// holds up nothing else.
public struct SilentRegions: Sendable {
    static let rememberedFor = Duration.seconds(60)

    private struct Key: Hashable {
        let project: ProjectID
        let region: String
    }

    private var found: [Key: (error: ControlError, until: Duration)] = [:]

    public init() {}

    func error(_ region: String, for project: ProjectID, uptime: Duration) -> ControlError? {
        found[Key(project: project, region: region)].flatMap { uptime < $0.until ? $0.error : nil }
    }

    mutating func note(_ error: ControlError, _ region: String, for project: ProjectID, uptime: Duration) {
        found = found.filter { uptime < $0.value.until }
        found[Key(project: project, region: region)] = (error, uptime + Self.rememberedFor)
    }
}

extension ControlPlane {
    /// A run that could not begin for reasons of ours is tried so often, and then refused.
    static let attemptsMax = 3
    static let attemptAgainAfter = Duration.seconds(60)

    /// Begins the runs whose turn it is, one after the other.
    public func beginDueRuns(limit: Int = 64) async throws -> [ScheduledRun] {
        var silent = SilentRegions()
        return try await beginDueRuns(nil, limit: limit, silent: &silent)
    }

    /// Begins the runs of one kind of policy whose turn it is, one after the other. One that can't begin holds up no other: it
    /// is refused, or put off for a minute.
    ///
    /// - Parameters:
    ///   - kind: nil: of both.
    ///   - silent: regions that need not be asked; those that do not answer now are added.
    public func beginDueRuns(
        _ kind: PolicyKind?, limit: Int = 64, silent: inout SilentRegions
    ) async throws -> [ScheduledRun] {
        let now = now
        var done: [ScheduledRun] = []
        for run in try await read({ transaction in try transaction.policyRuns.due(now, kind: kind, limit: limit) }) {
            done.append(ScheduledRun(run: run, outcome: try await begin(run, &silent)))
        }
        return done
    }

    private func begin(_ run: PolicyRun, _ silent: inout SilentRegions) async throws -> ScheduledRun.Outcome {
        let caller = Caller(
            project: run.project, user: nil, role: .admin, requestID: "policy-\(run.policy)-\(run.runAt.microseconds)")
        var kind = OperationKind.backup
        do {
            guard let policy = try await read({ try $0.policies.find(run.policy, in: run.project) }) else {
                try await drop(run)
                return .gone
            }
            if policy.kind == .replication {
                kind = .replication
                return try await replicate(run, of: policy, by: caller, &silent)
            }
            let draft = CheckpointDraft(vault: run.vault, isAutomatic: true, policy: run.policy)
            return .began(try await createCheckpoint(draft, by: caller, for: run, of: policy.definition).record.id)
        } catch {
            // A server that stops leaves the run to the next look.
            if Task.isCancelled { throw error }
            let error = ControlError.wrapping(error)
            switch error.code {
            case .leaseLost: return .gone
            case .unavailable: return try await postpone(run, error)
            // Another policy's, or one of somebody else: its turn comes after them, or goes into the next run.
            case .backupRunning: return try await postpone(run, error)
            case .unexpected where run.attempts + 1 < Self.attemptsMax: return try await postpone(run, error)
            default: return try await refuse(run, kind, error, by: caller)
            }
        }
    }

    /// - Throws: when the catalog can't be written either: then nothing can begin.
    private func postpone(_ run: PolicyRun, _ error: ControlError) async throws -> ScheduledRun.Outcome {
        let moment = now.adding(Self.attemptAgainAfter)
        try await write { transaction in
            try transaction.policyRuns.postpone(run, to: moment, counted: error.code == .unexpected)
        }
        return .postponed(error.message)
    }

    private func refuse(
        _ run: PolicyRun, _ kind: OperationKind, _ error: ControlError, by caller: Caller
    ) async throws -> ScheduledRun.Outcome {
        let refused = ScheduledRun.Outcome.refused(error.code, error.message)
        do {
            return try await noteRefused(run, kind, error, by: caller) ? refused : .gone
        } catch let failure as ControlError where failure.code == .unexpected {
            // A vault that can't be read gets no operation either; the log has the reason.
            try await drop(run)
            return refused
        }
    }

    private func replicate(
        _ run: PolicyRun, of policy: PolicyRecord, by caller: Caller, _ silent: inout SilentRegions
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
        var draft = ReplicationDraft(
            region: region, project: ProjectID(project), vault: vault, isAutomatic: true)
        draft.rules = ReplicaRules(policy: policy.id, definition: policy.definition.retention)
        if let error = silent.error(region, for: run.project, uptime: seams.uptime()) { throw error }
        do {
            return .sent(try await copyVault(run.vault, draft, by: caller, for: run).count)
        } catch let error as ControlError where error.code == .regionUnreachable {
            silent.note(error, region, for: run.project, uptime: seams.uptime())
            throw error
        }
    }

    private func drop(_ run: PolicyRun) async throws {
        _ = try await write { transaction in try transaction.policyRuns.take(run) }
    }

    /// Takes a run away that can't begin.
    ///
    /// - Returns: false when another server has the run.
    private func noteRefused(
        _ run: PolicyRun, _ kind: OperationKind, _ error: ControlError, by caller: Caller
    ) async throws -> Bool {
        let now = now
        return try await write { [seams] transaction in
            guard try transaction.policyRuns.take(run) else { return false }
            try transaction.noteFailed(run.vault, of: run.policy, kind, error, by: caller, seams: seams, now: now)
            return true
        }
    }
}

extension SQLTransaction {
    /// Leaves one failed operation that says why a vault's run did not begin: who looks at the operations sees that a night has
    /// no restore point. A vault that holds nothing has nothing to miss.
    fileprivate func noteFailed(
        _ id: VaultID, of policy: PolicyID, _ kind: OperationKind, _ error: ControlError, by caller: Caller,
        seams: Seams,
        now: Instant
    ) throws {
        guard let vault = try vaults.find(id, in: caller.project),
            try error.code != .nothingToBackUp || !vaultResources.members(of: vault.id).isEmpty
        else { return }
        var subject = OperationSubject()
        subject.policy = policy
        var operation = OperationRecord.queued(
            kind, by: caller, vault: vault, subject: subject, seams: seams, now: now)
        operation.state = .failed(OperationFailure(code: error.failureCode, message: error.message))
        operation.startedAt = now
        operation.endedAt = now
        try operations.insert(operation)
    }

    func noteFailed(
        _ vault: VaultID, of policy: PolicyRecord, _ error: ControlError, requestID: String, seams: Seams, now: Instant
    ) throws {
        let caller = Caller(project: policy.project, user: nil, role: .admin, requestID: requestID)
        try noteFailed(
            vault, of: policy.id, policy.kind == .replication ? .replication : .backup, error, by: caller, seams: seams,
            now: now)
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

extension PolicyDefinition {
    /// What it keeps, without all else.
    var retention: PolicyDefinition {
        var rules = self
        rules.fullBackupInterval = nil
        rules.destinationProject = nil
        rules.destinationRegion = nil
        rules.enableAcceleration = nil
        return rules
    }

    /// Whether the run after so many others reads everything anew.
    func isFull(after runs: Int) -> Bool {
        guard let interval = fullBackupInterval, interval >= 0 else { return false }
        return (runs + 1).isMultiple(of: max(interval, 1))
    }
}
