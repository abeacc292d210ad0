import Catalog
public import ControlPlane
import Foundation
public import HoldfastCore
public import Logging
public import ServiceLifecycle

/// Begins what policies have planned, and removes what they do not keep.
///
/// Several servers may run one each on one catalog: every run is begun once.
public struct PolicyRunner: Service {
    /// The longest time between two looks: clocks jump, and policies change.
    static let lookEvery = Duration.seconds(10)
    static let expireEvery = Duration.seconds(600)

    private let control: ControlPlane
    private let seams: Seams
    private let logger: Logger

    public init(control: ControlPlane, seams: Seams, logger: Logger) {
        self.control = control
        self.seams = seams
        self.logger = logger
    }

    /// Runs until a graceful shutdown, or until the task is cancelled.
    public func run() async { _ = await cancelWhenGracefulShutdown { await work() } }

    private func work() async {
        var clock = ClockWatch()
        var expireAt = seams.uptime() + Self.lookEvery
        while !Task.isCancelled {
            clock.look(now: Instant(seams.now()), uptime: seams.uptime())
            do {
                try await begin()
                if seams.uptime() >= expireAt {
                    expireAt = seams.uptime() + Self.expireEvery
                    try await expire(clock)
                }
            } catch {
                logger.warning("policies could not be looked at; trying again", metadata: ["error": "\(error)"])
            }
            await rollOut()
            guard (try? await seams.sleep(await pause())) != nil else { return }
        }
    }

    private func pause() async -> Duration {
        guard let next = try? await control.nextScheduledMoment() else { return Self.lookEvery }
        let wait = Duration.microseconds(next.microseconds - Instant(seams.now()).microseconds)
        return min(max(wait, .milliseconds(100)), Self.lookEvery)
    }

    private func begin() async throws {
        for turn in try await control.advanceSchedules() {
            var facts: Logger.Metadata = [
                "policy.id": "\(turn.policy)", "run_at": "\(turn.runAt.date.formatted(.iso8601))",
                "vaults": "\(turn.vaults)",
            ]
            logger.info("a policy runs", metadata: facts)
            guard turn.missed > 0 else { continue }
            facts["missed"] = "\(turn.missed)"
            logger.warning("earlier runs of the policy were missed; the last one is caught up", metadata: facts)
        }
        while case let runs = try await control.beginDueRuns(), !runs.isEmpty {
            for run in runs { log(run) }
        }
    }

    /// Apart from the rest: what an organization wants to change must not hold up what is planned.
    private func rollOut() async {
        do {
            let copies = try await control.rollOut()
            guard copies > 0 else { return }
            logger.info("policies of the organization reached projects", metadata: ["copies": "\(copies)"])
        } catch {
            logger.warning("policies could not be rolled out; trying again", metadata: ["error": "\(error)"])
        }
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
            logger.warning("a scheduled backup could not begin", metadata: facts)
        }
    }

    private func expire(_ clock: ClockWatch) async throws {
        guard clock.isTrusted else {
            return logger.warning("the clock jumped ahead: nothing is removed by age until it stood well for an hour")
        }
        let count = try await control.expireByPolicies()
        if count > 0 { logger.info("backups expired by their policies", metadata: ["backups": "\(count)"]) }
        let timed = try await control.expireByTime()
        if timed > 0 { logger.info("backups expired at their time", metadata: ["backups": "\(timed)"]) }
    }
}

/// Whether the wall clock may be asked how old something is: one that jumps years ahead would make everything old.
struct ClockWatch: Sendable, Equatable {
    static let jumpMax = Duration.seconds(3600)
    static let patience = Duration.seconds(3600)

    private var last: (now: Instant, uptime: Duration)?
    private var doubtedUntil: Duration?
    private(set) var isTrusted = true

    static func == (left: Self, right: Self) -> Bool {
        left.isTrusted == right.isTrusted && left.doubtedUntil == right.doubtedUntil
    }

    /// Compares how far both clocks went since the last look. After a jump ahead the clock is trusted again when it went evenly
    /// for ``patience``, which leaves a person time to see the warning.
    mutating func look(now: Instant, uptime: Duration) {
        defer { last = (now, uptime) }
        if let last {
            let ahead = Duration.microseconds(now.microseconds - last.now.microseconds) - (uptime - last.uptime)
            if ahead > Self.jumpMax { doubtedUntil = uptime + Self.patience }
        }
        if let until = doubtedUntil, uptime >= until { doubtedUntil = nil }
        isTrusted = doubtedUntil == nil
    }
}
