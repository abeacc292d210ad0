public import Catalog
import Foundation
public import HoldfastCore

/// A policy whose time has come.
public struct PolicyTurn: Sendable, Equatable {
    public let policy: PolicyID
    public let runAt: Instant
    public let vaults: Int
    /// How many earlier runs were left out because nobody was there to begin them; counted up to ``missedMax``.
    public let missed: Int
    /// Whether this one begins long after its time.
    public let isLate: Bool

    public static let missedMax = 1000
}

/// A policy, or one vault's part in it, that could not be looked after; the others were.
public struct PolicyProblem: Sendable, Hashable {
    public let policy: PolicyID?
    public let vault: VaultID?
    public let message: String

    public init(policy: PolicyID?, vault: VaultID?, message: String) {
        self.policy = policy
        self.vault = vault
        self.message = message
    }
}

extension ControlPlane {
    public typealias ReportProblem = @Sendable (PolicyProblem) -> Void

    /// How long after it is looked again at a policy that has no schedule here.
    static let unusableFor = Duration.seconds(86_400)

    /// Sees which policies' time has come, and sets down the runs of their vaults. Of runs that were missed, while no server
    /// ran or a clock stood wrong, the last one is caught up. Safe to call from several servers at once: each run is set down
    /// once.
    ///
    /// - Parameter report: told of policies that could not be looked at; they hold up no others.
    public func advanceSchedules(report: ReportProblem = { _ in }) async throws -> [PolicyTurn] {
        let planned = try await read { transaction in try transaction.policyRuns.planned() }
        guard !planned.isEmpty else { return [] }
        do {
            return try await advance(planned, report)
        } catch let error as ControlError where error.code != .unavailable {
            // One of them can't be looked at: find it by looking at each alone.
            var turns: [PolicyTurn] = []
            for one in planned {
                do {
                    turns += try await advance([one], report)
                } catch let error as ControlError where error.code != .unavailable {
                    report(PolicyProblem(policy: one.policy, vault: nil, message: error.message))
                }
            }
            return turns
        }
    }

    private func advance(_ planned: [PolicyRunTable.Planned], _ report: ReportProblem) async throws -> [PolicyTurn] {
        let now = now
        let (turns, problems) = try await write { [seams] transaction in
            var (turns, problems): ([PolicyTurn], [PolicyProblem]) = ([], [])
            for one in planned {
                // Another server may have been faster, or somebody may have changed it.
                guard let policy = try transaction.policies.find(one.policy, in: one.project), policy.isEnabled,
                    let schedule = try transaction.usableSchedule(
                        of: policy, seams: seams, now: now, problems: &problems)
                else { continue }
                if let turn = try transaction.advance(policy, schedule, seams: seams, now: now) { turns.append(turn) }
            }
            return (turns, problems)
        }
        for problem in problems { report(problem) }
        return turns
    }

    /// When the scheduler has something to do next; nil: nothing is planned.
    public func nextScheduledMoment() async throws -> Instant? {
        try await read { transaction in
            let run = try transaction.policyRuns.due(Instant(microseconds: .max), limit: 1).first?.dueAt
            return [run, try transaction.policyRuns.nextRunAt()].compactMap { $0 }.min()
        }
    }

    /// The last moment at which a server found its clock right; nil: none ran on this catalog yet.
    public func lastSeenMoment() async throws -> Instant? {
        try await read { transaction in try transaction.clock.seen() }
    }

    /// Keeps the present moment for ``lastSeenMoment()``. For a server that has no doubts about its clock.
    public func noteSeenMoment() async throws {
        let now = now
        try await write { transaction in try transaction.clock.note(now) }
    }
}

extension SQLTransaction {
    /// Plans the next run of a policy that is new or has another pattern, with its change: a server that ends before its
    /// scheduler has looked catches the run up. One that has no schedule is left to the scheduler, which says so.
    func plan(_ policy: PolicyRecord) throws {
        guard policy.isEnabled, let schedule = try? PolicyRules.schedule(of: policy),
            let next = schedule.next(after: policy.updatedAt)
        else { return }
        try policyRuns.set(
            PolicySchedule(
                policy: policy.id, project: policy.project, policyVersion: policy.version, nextRunAt: next,
                lastRunAt: policyRuns.schedule(of: policy.id)?.lastRunAt))
    }
}

extension PolicyRules {
    /// What was allowed when the policy was made goes on when the server's settings change.
    ///
    /// - Throws: ``ControlError`` with `.invalid` for a zone that the time zone database does not have any more, or a pattern
    ///   that nothing reads: when such a policy runs is not to be guessed.
    static func schedule(of policy: PolicyRecord) throws(ControlError) -> Schedule {
        var zone = CivilZone.utc
        if let name = policy.timing.timeZone {
            guard let found = CivilZone(named: name) else {
                throw .invalid(
                    "policy.trigger.properties.holdfast_time_zone",
                    "names '\(name)', which this server's time zone database does not have")
            }
            zone = found
        }
        do throws(PatternProblem) {
            return try Schedule(
                pattern: policy.timing.pattern, zone: zone, start: policy.timing.startedAt,
                limits: Schedule.Limits(minutesBetweenMin: 1))
        } catch {
            throw .invalid("policy.trigger.properties.pattern", "can't be used: \(error.reason)")
        }
    }
}

extension SQLTransaction {
    /// A policy's schedule. For one that has none on this server, each of its vaults gets a failed operation, once a day.
    fileprivate func usableSchedule(
        of policy: PolicyRecord, seams: Seams, now: Instant, problems: inout [PolicyProblem]
    ) throws -> Schedule? {
        do {
            return try PolicyRules.schedule(of: policy)
        } catch {
            let planned = try policyRuns.schedule(of: policy.id)
            let next = now.adding(ControlPlane.unusableFor)
            // Also when a clock went back: not later than in a day.
            if let planned, planned.policyVersion == policy.version, planned.nextRunAt > now, planned.nextRunAt <= next
            {
                return nil
            }
            problems.append(PolicyProblem(policy: policy.id, vault: nil, message: error.message))
            for binding in try policies.bindings(in: policy.project, policy: policy.id) {
                try noteFailed(
                    binding.vault, of: policy, error, requestID: "policy-\(policy.id)-\(now.microseconds)",
                    seams: seams,
                    now: now)
            }
            try policyRuns.set(
                PolicySchedule(
                    policy: policy.id, project: policy.project, policyVersion: policy.version, nextRunAt: next,
                    lastRunAt: planned?.lastRunAt))
            return nil
        }
    }

    fileprivate func advance(
        _ policy: PolicyRecord, _ schedule: Schedule, seams: Seams, now: Instant
    ) throws -> PolicyTurn? {
        let before = try policyRuns.schedule(of: policy.id)
        var turn: PolicyTurn?
        if let before, before.policyVersion == policy.version, before.nextRunAt <= now {
            turn = try begin(policy, schedule, before, seams: seams, now: now)
        }
        let lastRunAt = turn?.runAt ?? before?.lastRunAt
        guard var next = schedule.next(after: now) else { return turn }
        // A clock that went back a little comes to the same moment again.
        if next == lastRunAt { next = schedule.next(after: next) ?? next }
        // Also when a clock went back: what was planned for a day that is far off now comes as the pattern says.
        if turn == nil, let before, before.policyVersion == policy.version, before.nextRunAt > now,
            before.nextRunAt <= next
        {
            return nil
        }
        try policyRuns.set(
            PolicySchedule(
                policy: policy.id, project: policy.project, policyVersion: policy.version, nextRunAt: next,
                lastRunAt: lastRunAt))
        return turn
    }

    /// - Returns: nil when what was planned is no run by the pattern as it is read today.
    private func begin(
        _ policy: PolicyRecord, _ schedule: Schedule, _ planned: PolicySchedule, seams: Seams, now: Instant
    ) throws -> PolicyTurn? {
        let justBefore = Instant(microseconds: planned.nextRunAt.microseconds - 1)
        guard let runAt = schedule.last(upTo: now, after: justBefore) else { return nil }
        let bindings = try policies.bindings(in: policy.project, policy: policy.id)
        let window = Int64(policy.timing.windowMinutes ?? 0) * 60_000_000
        var staleMax = 0
        var isAnyLate = false
        for binding in bindings {
            // The same place in the window each time, and spread evenly: vaults' ids are random.
            let place = Double(
                binding.vault.text.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 })
            let offset = Int64(place / 4_294_967_296 * Double(window))
            var dueAt = Instant(microseconds: max(runAt.microseconds + offset, 0))
            let stale = try dropStale(binding, before: runAt, window: window, now: now)
            // Caught up in the place of what it replaces.
            staleMax = max(staleMax, stale.count)
            if let first = stale.map(\.dueAt).min() { dueAt = min(dueAt, first) }
            _ = try policyRuns.add(
                PolicyRun(
                    project: policy.project, vault: binding.vault, policy: policy.id, runAt: runAt, dueAt: dueAt))
            let from = max(justBefore, Instant(microseconds: binding.boundAt.microseconds - 1))
            let missed = schedule.count(after: from, before: runAt, max: PolicyTurn.missedMax) + stale.count
            let isLate = missed == 0 && binding.boundAt <= runAt && dueAt.adding(PolicyRun.lateAfter) < now
            if isLate { isAnyLate = true }
            guard missed > 0 || isLate, let vault = try vaults.find(binding.vault, in: policy.project) else { continue }
            if isLate {
                try note(
                    .runsMissed, vault,
                    "vault '\(vault.name)' missed the run of policy '\(policy.name)' at "
                        + "\(runAt.date.formatted(.iso8601)); it is caught up", seams: seams, now: now)
                continue
            }
            let count = missed >= PolicyTurn.missedMax ? "at least \(PolicyTurn.missedMax)" : "\(missed)"
            try note(
                .runsMissed, vault,
                "vault '\(vault.name)' missed \(count) run\(missed == 1 ? "" : "s") of policy '\(policy.name)'; the last one "
                    + "is caught up", seams: seams, now: now)
        }
        return PolicyTurn(
            policy: policy.id, runAt: runAt, vaults: bindings.count,
            missed: schedule.count(after: justBefore, before: runAt, max: PolicyTurn.missedMax) + staleMax,
            isLate: isAnyLate)
    }

    /// Takes away what waits for a vault though its time is over, or never was: its server went away before it began, it was put off,
    /// or a clock stood wrong.
    ///
    /// - Returns: what should have begun.
    private func dropStale(_ binding: PolicyBinding, before runAt: Instant, window: Int64, now: Instant) throws
        -> [PolicyRun]
    {
        var stale: [PolicyRun] = []
        for run in try policyRuns.waiting(of: binding.policy, in: binding.vault) where run.runAt != runAt {
            if run.runAt > now {
                _ = try policyRuns.take(run)
            } else if run.attempts > 0 || run.dueAt.microseconds > run.runAt.microseconds + window
                || run.dueAt.adding(PolicyRun.lateAfter) < now
            {
                if try policyRuns.take(run) { stale.append(run) }
            }
        }
        return stale
    }
}

extension PolicyRun {
    /// A run that has waited so long beyond its turn was not begun by a server that looks every few seconds.
    static let lateAfter = Duration.seconds(300)
    /// How old a backup of one of its resources may be that it waits for, while others are free: an old one, which may never end, holds
    /// up nobody else. One that finds all busy waits until they are done, or until its policy's next run takes its place.
    static let waitsMax = Duration.seconds(3600)
}

extension Schedule {
    /// How many runs there are between two moments, up to a number.
    func count(after earlier: Instant, before later: Instant, max: Int) -> Int {
        var (found, next) = (0, next(after: earlier))
        while let moment = next, moment < later, found < max {
            found += 1
            next = self.next(after: moment)
        }
        return found
    }
}
