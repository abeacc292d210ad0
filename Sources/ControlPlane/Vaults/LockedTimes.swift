import Catalog
import HoldfastCore

/// Until when the policies of a locked vault keep its automatic backups.
struct LockedTimes {
    /// What was there already is there for so long after its vault was locked, and a backup for so long after it was made.
    static let daysMin = 1
    /// For how long a backup is locked again that a rule still keeps when its time has come.
    static let renewalDays = 7
    /// For how long a backup stays at least that came back from the repository.
    static let foundDaysMin = 30

    /// - Parameter keptUntil: what the repository keeps it to; ``Instant/never`` gives no time.
    static func ofFound(keptUntil: Instant, now: Instant) -> Instant? {
        keptUntil == .never ? nil : max(keptUntil, now.adding(days: foundDaysMin))
    }

    /// Of the policies that are on.
    let rules: [RetentionRules]
    /// A policy of the vault is off: it keeps all there is.
    let isPaused: Bool

    init(rules: [RetentionRules], isPaused: Bool = false) {
        self.rules = rules
        self.isPaused = isPaused
    }

    /// - Returns: nil: for ever. No rule says a time, or a policy has no rules.
    func end(of made: Instant) -> Instant? {
        guard rules.contains(where: \.saysTimes), !rules.contains(where: \.keepsAll) else { return nil }
        let end = rules.compactMap { $0.end(of: made) }.max()
        return max(end ?? made, made.adding(days: Self.daysMin)).orNever
    }

    /// The later time of a backup whose time has come.
    ///
    /// - Parameter keepers: of its decision.
    /// - Returns: nil when no rule keeps it any more.
    func renewal(of made: Instant, keepers: [RetentionDecision.Keeper], now: Instant) -> Instant? {
        if let end = rules.compactMap({ $0.end(of: made) }).max(), end >= now { return end.orNever ?? .never }
        let isKept =
            isPaused
            || keepers.contains { keeper in
                switch keeper {
                // By the end above, to the microsecond.
                case .days, .advanced: false
                // Of backups that policies are not asked about.
                case .unstamped: false
                case .noRule, .newest, .daily, .weekly, .monthly, .yearly, .fromTheFuture: true
                }
            }
        return isKept ? now.adding(days: Self.renewalDays) : nil
    }
}

extension RetentionRules {
    /// Whether it says how long backups stay, and not only how many.
    var saysTimes: Bool { days != nil || !advanced.isEmpty }

    /// Until when a backup of this moment could be kept by the rules that say a time; nil: by none of them.
    func end(of made: Instant) -> Instant? {
        let day = zone.civil(made).day
        var ends = advanced.filter { $0.selects(day) }.map { zone.moment($0.end(of: day), second: 0) }
        if let days { ends.append(made.adding(days: days)) }
        return ends.max()
    }
}

extension Instant {
    func adding(days: Int) -> Instant { adding(.seconds(days * 86_400)) }

    /// - Returns: nil for a moment that nothing can be kept to but for ever.
    var orNever: Instant? { self < .yearsEnd ? self : nil }
}

extension BackupRecord {
    /// Policies say nothing of what was made by hand, and vouch for no age of what came from elsewhere.
    var goesByPolicies: Bool { isAutomatic && importedAt == nil }
}

extension SQLTransaction {
    /// Gives a time to backups of a locked vault that have none: to automatic ones what its policies keep them to, to those that
    /// came from the repository what that keeps them to. For what no vault locked until now: in a locked one a backup
    /// without a time stays for ever.
    func stampTimes(of backups: [BackupRecord], in vault: VaultRecord, now: Instant) throws {
        let times = LockedTimes(rules: try retentionRules(of: vault))
        for var backup in backups where backup.expiresAt == nil && backup.keptUntil != .never {
            if backup.importedAt != nil {
                guard let kept = backup.keptUntil else { continue }
                backup.expiresAt = LockedTimes.ofFound(keptUntil: kept, now: now)
            } else {
                guard backup.isAutomatic, let end = times.end(of: backup.createdAt) else { continue }
                backup.expiresAt = max(end, now.adding(days: LockedTimes.daysMin), backup.keptUntil ?? end)
            }
            backup.updatedAt = now
            try self.backups.update(backup)
        }
    }

    /// Of the backup policies that hold for a vault and are on.
    func retentionRules(of vault: VaultRecord) throws -> [RetentionRules] {
        try backupPolicies(of: vault).filter(\.isEnabled).map { try RetentionRules($0.definition) }
    }

    /// The later times of a locked vault's backups whose time has come and that its policies still keep.
    func renewals(in vault: VaultRecord, now: Instant) throws -> [BackupID: Instant] {
        let isPaused = try backupPolicies(of: vault).contains { !$0.isEnabled }
        let times = LockedTimes(rules: try retentionRules(of: vault), isPaused: isPaused)
        guard isPaused || !times.rules.isEmpty else { return [:] }
        var found: [BackupID: Instant] = [:]
        for backups in try judgedBackups(in: vault) {
            let decisions = times.rules.map { $0.decide(backups.map { RetentionCandidate($0) }, now: now) }
            for (index, backup) in backups.enumerated()
            where backup.goesByPolicies && backup.state == .available && backup.expiresAt.map({ $0 <= now }) ?? false {
                found[backup.id] = times.renewal(
                    of: backup.createdAt, keepers: decisions.flatMap { $0[index].keepers }, now: now)
            }
        }
        return found
    }
}
