import Catalog
public import ControlPlane
import Foundation
public import HoldfastCore
public import Logging
public import ServiceLifecycle
import Synchronization

/// Begins what policies have planned, and removes what they do not keep.
///
/// Several servers may run one each on one catalog: every run is begun once.
public struct PolicyRunner: Service {
    /// The longest time between two looks: clocks jump, and policies change.
    static let lookEvery = Duration.seconds(10)
    static let expireEvery = Duration.seconds(600)
    /// How old what the catalog knows of the clock may get.
    static let noteEvery = Duration.seconds(60)
    /// How long a look sends runs to other regions, which may be slow: the rest comes with the next one.
    static let sendFor = Duration.seconds(10)

    private let control: ControlPlane
    private let seams: Seams
    private let logger: Logger
    private let told = ToldProblems()

    public init(control: ControlPlane, seams: Seams, logger: Logger) {
        self.control = control
        self.seams = seams
        self.logger = logger
    }

    /// Runs until a graceful shutdown, or until the task is cancelled.
    public func run() async { _ = await cancelWhenGracefulShutdown { await work() } }

    private func work() async {
        var state = State(expireAt: seams.uptime() + Self.lookEvery)
        while !Task.isCancelled {
            await look(&state)
            guard (try? await seams.sleep(await pause())) != nil else { return }
        }
    }

    /// What is kept from look to look.
    struct State: Sendable {
        var clock: ClockWatch?
        var seenAt: Duration?
        var expireAt: Duration
        var silent = SilentRegions()
    }

    /// One look at all there is to do. No part of it keeps another from being done.
    func look(_ state: inout State) async {
        await watch(&state)
        await attempt("policies could not be looked at; trying again") { try await begin(&state.silent) }
        if seams.uptime() >= state.expireAt {
            state.expireAt = seams.uptime() + Self.expireEvery
            await expire(state.clock)
        }
        await attempt("policies of the organization could not be rolled out; trying again") { try await rollOut() }
    }

    private func attempt(_ warning: Logger.Message, _ body: () async throws -> Void) async {
        do { try await body() } catch { logger.warning(warning, metadata: ["error": "\(error)"]) }
    }

    /// Compares the clock with what it was at the last look, at the first one with what any server saw last.
    private func watch(_ state: inout State) async {
        let now = Instant(seams.now())
        do {
            if state.clock == nil { state.clock = ClockWatch(lastSeen: try await control.lastSeenMoment()) }
            state.clock?.look(now: now, uptime: seams.uptime())
            guard state.clock?.isTrusted == true, state.seenAt.map({ seams.uptime() >= $0 + Self.noteEvery }) ?? true
            else { return }
            try await control.noteSeenMoment()
            state.seenAt = seams.uptime()
        } catch {
            logger.warning("the clock could not be compared; trying again", metadata: ["error": "\(error)"])
        }
    }

    private func pause() async -> Duration {
        guard let next = try? await control.nextScheduledMoment() else { return Self.lookEvery }
        let wait = Duration.microseconds(next.microseconds - Instant(seams.now()).microseconds)
        return min(max(wait, .milliseconds(100)), Self.lookEvery)
    }

    private func begin(_ silent: inout SilentRegions) async throws {
        for turn in try await control.advanceSchedules(report: report("a policy can't run")) {
            var facts: Logger.Metadata = [
                "policy.id": "\(turn.policy)", "run_at": "\(turn.runAt.date.formatted(.iso8601))",
                "vaults": "\(turn.vaults)",
            ]
            logger.info("a policy runs", metadata: facts)
            if turn.isLate { logger.warning("a run of the policy was missed; it is caught up", metadata: facts) }
            guard turn.missed > 0 else { continue }
            facts["missed"] = "\(turn.missed)"
            logger.warning("earlier runs of the policy were missed; the last one is caught up", metadata: facts)
        }
        let until = seams.uptime() + Self.sendFor
        // Backups wait for no other region, but for the one call that is under way.
        repeat {
            while case let runs = try await control.beginDueRuns(.backup, silent: &silent), !runs.isEmpty {
                for run in runs { log(run) }
            }
            let sent = try await control.beginDueRuns(.replication, limit: 1, silent: &silent)
            for run in sent { log(run) }
            if sent.isEmpty { return }
        } while seams.uptime() < until
    }

    private func report(_ warning: Logger.Message) -> ControlPlane.ReportProblem {
        { [logger, told, seams] problem in
            guard told.isNews(problem, uptime: seams.uptime()) else { return }
            var facts: Logger.Metadata = ["reason": "\(problem.message)"]
            if let policy = problem.policy { facts["policy.id"] = "\(policy)" }
            if let vault = problem.vault { facts["vault.id"] = "\(vault)" }
            logger.warning(warning, metadata: facts)
        }
    }

    private func rollOut() async throws {
        let copies = try await control.rollOut()
        guard copies > 0 else { return }
        logger.info("policies of the organization reached projects", metadata: ["copies": "\(copies)"])
    }

    private func log(_ run: ScheduledRun) {
        var facts: Logger.Metadata = ["policy.id": "\(run.run.policy)", "vault.id": "\(run.run.vault)"]
        switch run.outcome {
        case .began(let checkpoint):
            facts["checkpoint.id"] = "\(checkpoint)"
            logger.info("a scheduled backup began", metadata: facts)
        case .sent(let count):
            facts["backups"] = "\(count)"
            logger.info("a scheduled replication began", metadata: facts)
        case .gone: break
        case .refused(_, let message):
            facts["reason"] = "\(message)"
            logger.warning("a scheduled run could not begin", metadata: facts)
        case .postponed(let message):
            let problem = PolicyProblem(policy: run.run.policy, vault: run.run.vault, message: message)
            guard told.isNews(problem, uptime: seams.uptime()) else { return }
            facts["reason"] = "\(message)"
            logger.warning("a scheduled run could not begin; trying again", metadata: facts)
        }
    }

    private func expire(_ clock: ClockWatch?) async {
        guard let clock, clock.isTrusted else {
            return logger.warning("the clock jumped ahead: nothing is removed by age until it stood well for an hour")
        }
        await attempt("backups could not be expired by their policies; trying again") {
            let count = try await control.expireByPolicies(report: report("a vault's backups could not be expired"))
            if count > 0 { logger.info("backups expired by their policies", metadata: ["backups": "\(count)"]) }
        }
        await attempt("replicas could not be expired; trying again") {
            let count = try await control.expireReplicas(report: report("a vault's replicas could not be expired"))
            if count > 0 {
                logger.info("replicas expired by the rules that they came with", metadata: ["backups": "\(count)"])
            }
        }
        await attempt("backups could not be expired at their time; trying again") {
            let count = try await control.expireByTime(report: report("a vault's backups could not be expired"))
            if count > 0 { logger.info("backups expired at their time", metadata: ["backups": "\(count)"]) }
        }
    }
}

/// Which problems the log has already: what is looked at every few seconds is told every ten minutes.
private final class ToldProblems: Sendable {
    private let found = Mutex<[PolicyProblem: Duration]>([:])

    func isNews(_ problem: PolicyProblem, uptime: Duration) -> Bool {
        found.withLock { found in
            found = found.filter { uptime < $0.value + PolicyRunner.expireEvery }
            guard found[problem] == nil else { return false }
            found[problem] = uptime
            return true
        }
    }
}

/// Whether the wall clock may be asked how old something is: one that jumps years ahead would make everything old.
struct ClockWatch: Sendable, Equatable {
    static let jumpMax = Duration.seconds(3600)
    /// How far a clock may be ahead, at a start, of the last moment that a server saw: a machine that is off for the night has
    /// nothing to explain.
    static let absenceMax = Duration.seconds(86_400)
    static let patience = Duration.seconds(3600)

    private var lastSeen: Instant?
    private var last: (now: Instant, uptime: Duration)?
    private var doubtedUntil: Duration?
    private(set) var isTrusted = true

    /// - Parameter lastSeen: the last moment at which a server found its clock right; nil: none ran before.
    init(lastSeen: Instant? = nil) { self.lastSeen = lastSeen }

    static func == (left: Self, right: Self) -> Bool {
        left.isTrusted == right.isTrusted && left.doubtedUntil == right.doubtedUntil
    }

    /// Compares how far both clocks went since the last look. After a jump ahead the clock is trusted again when it went evenly
    /// for ``patience``, which leaves a person time to see the warning. Between the last server and this one nobody saw it go:
    /// a clock that is far ahead then may be wrong, or right after a long absence, so the same patience finds out.
    mutating func look(now: Instant, uptime: Duration) {
        defer { last = (now, uptime) }
        if let last {
            let ahead = Duration.microseconds(now.microseconds - last.now.microseconds) - (uptime - last.uptime)
            if ahead > Self.jumpMax { doubtedUntil = uptime + Self.patience }
        } else if let lastSeen, lastSeen.adding(Self.absenceMax) < now {
            doubtedUntil = uptime + Self.patience
        }
        if let until = doubtedUntil, uptime >= until { doubtedUntil = nil }
        isTrusted = doubtedUntil == nil
    }
}
