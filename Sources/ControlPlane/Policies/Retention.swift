public import Catalog
public import HoldfastCore

/// A backup, as retention sees it.
public struct RetentionCandidate: Sendable, Equatable {
    public let id: BackupID
    /// When this server began it, by its own clock; nil for one that came from elsewhere.
    public let stampedAt: Instant?
    /// Whether it can be restored. One that failed never counts, and goes like any other.
    public let isWhole: Bool

    public init(id: BackupID, stampedAt: Instant?, isWhole: Bool) {
        self.id = id
        self.stampedAt = stampedAt
        self.isWhole = isWhole
    }
}

/// What becomes of a backup, and why.
public struct RetentionDecision: Sendable, Equatable {
    public enum Keeper: Sendable, Equatable, Hashable {
        case noRule
        /// It is the so-many-th newest.
        case newest(Int)
        case days(Int)
        /// The newest of a day, week, month or year, named by its first day.
        case daily(CivilDay)
        case weekly(CivilDay)
        case monthly(CivilDay)
        case yearly(CivilDay)
        case advanced(AdvancedRetentionRule.Period, until: CivilDay)
        /// No server has stamped it: it has no age that anybody vouches for.
        case unstamped
        /// It is stamped with a moment that has not come yet.
        case fromTheFuture
    }

    /// Why a rule does not keep it.
    public enum Expirer: Sendable, Equatable, Hashable {
        public enum Span: String, Sendable { case day, week, month, year }

        case notAmongNewest(Int)
        case olderThan(days: Int)
        /// A later backup of the same day, week, month or year takes the place.
        case notNewestOf(Span)
        /// It is the newest of its span, but so many later ones have backups.
        case beyond(Span, limit: Int)
        /// No day that such a rule keeps, or not that day's newest.
        case notSelected(AdvancedRetentionRule.Period)
        /// Such a rule kept it until then.
        case advancedOver(AdvancedRetentionRule.Period, since: CivilDay)
        /// It can't be restored, so only an age keeps it.
        case failed
    }

    public let id: BackupID
    /// Empty: it expires.
    public let keepers: [Keeper]
    /// Of a backup that expires: why each of the rules does not keep it.
    public let expirers: [Expirer]

    public var isKept: Bool { !keepers.isEmpty }
}

extension RetentionRules {
    /// Decides on the backups of one resource.
    ///
    /// Only what this server stamped, with a moment that has come, takes a place among those that are counted: nothing that
    /// is brought in from elsewhere, and no clock that once ran ahead, makes another backup expire. A backup that failed takes
    /// no place either, and is kept only as long as ``days`` would keep it.
    ///
    /// - Parameter backups: in any order.
    /// - Returns: one decision for each, in the order of `backups`.
    public func decide(_ backups: [RetentionCandidate], now: Instant) -> [RetentionDecision] {
        var found = Findings()
        var counted: [(backup: RetentionCandidate, at: Instant)] = []
        for backup in backups {
            guard let at = backup.stampedAt else {
                found.keep(backup, .unstamped)
                continue
            }
            guard at <= now else {
                found.keep(backup, .fromTheFuture)
                continue
            }
            if !backup.isWhole { found.expire(backup, .failed) }
            if keepsAll { found.keep(backup, .noRule) }
            if let days {
                if isAtMost(days, at, now) {
                    found.keep(backup, .days(days))
                } else {
                    found.expire(backup, .olderThan(days: days))
                }
            }
            if backup.isWhole { counted.append((backup, at)) }
        }
        // Newest first; equal moments in an order that does not change from look to look.
        counted.sort { ($0.at, $0.backup.id.description) > ($1.at, $1.backup.id.description) }
        if let newest {
            for (place, one) in counted.enumerated() {
                if place < newest {
                    found.keep(one.backup, .newest(place + 1))
                } else {
                    found.expire(one.backup, .notAmongNewest(newest))
                }
            }
        }
        let dated = counted.map { ($0.backup, zone.civil($0.at).day) }
        decideSpans(dated, &found)
        decideAdvanced(dated, today: zone.civil(now).day, &found)
        return backups.map { found.decision(on: $0) }
    }

    private struct Findings {
        var keepers: [BackupID: [RetentionDecision.Keeper]] = [:]
        var expirers: [BackupID: [RetentionDecision.Expirer]] = [:]

        mutating func keep(_ backup: RetentionCandidate, _ keeper: RetentionDecision.Keeper) {
            keepers[backup.id, default: []].append(keeper)
        }

        mutating func expire(_ backup: RetentionCandidate, _ expirer: RetentionDecision.Expirer) {
            expirers[backup.id, default: []].append(expirer)
        }

        func decision(on backup: RetentionCandidate) -> RetentionDecision {
            let keepers = keepers[backup.id] ?? []
            return RetentionDecision(
                id: backup.id, keepers: keepers, expirers: keepers.isEmpty ? expirers[backup.id] ?? [] : [])
        }
    }

    private func decideSpans(_ dated: [(RetentionCandidate, CivilDay)], _ found: inout Findings) {
        for (limit, name, span, keeper) in spans where limit > 0 {
            let firsts = firsts(dated, of: span)
            for (backup, day) in firsts.prefix(limit) { found.keep(backup, keeper(day)) }
            for (backup, _) in firsts.dropFirst(limit) { found.expire(backup, .beyond(name, limit: limit)) }
            let newest = Set(firsts.map(\.0.id))
            for (backup, _) in dated where !newest.contains(backup.id) { found.expire(backup, .notNewestOf(name)) }
        }
    }

    private func decideAdvanced(
        _ dated: [(RetentionCandidate, CivilDay)], today: CivilDay, _ found: inout Findings
    ) {
        for rule in advanced {
            let selected = firsts(dated, of: { $0 }).filter { rule.selects($0.1) }
            for (backup, day) in selected {
                let end = rule.end(of: day)
                if today < end {
                    found.keep(backup, .advanced(rule.period, until: end))
                } else {
                    found.expire(backup, .advancedOver(rule.period, since: end))
                }
            }
            let ids = Set(selected.map(\.0.id))
            for (backup, _) in dated where !ids.contains(backup.id) { found.expire(backup, .notSelected(rule.period)) }
        }
    }

    private typealias SpanRule = (
        limit: Int, name: RetentionDecision.Expirer.Span, span: (CivilDay) -> CivilDay,
        keeper: (CivilDay) -> RetentionDecision.Keeper
    )

    private var spans: [SpanRule] {
        [
            (daily, .day, { $0 }, RetentionDecision.Keeper.daily),
            (weekly, .week, \.week, RetentionDecision.Keeper.weekly),
            (monthly, .month, \.firstOfMonth, RetentionDecision.Keeper.monthly),
            (yearly, .year, \.firstOfYear, RetentionDecision.Keeper.yearly),
        ]
    }

    private func isAtMost(_ days: Int, _ at: Instant, _ now: Instant) -> Bool {
        now.microseconds - at.microseconds <= Int64(days) * 86_400_000_000
    }

    /// The newest backup of each span of days that has any, the newest span first.
    private func firsts(
        _ backups: [(RetentionCandidate, CivilDay)], of span: (CivilDay) -> CivilDay
    ) -> [(RetentionCandidate, CivilDay)] {
        var found: [(RetentionCandidate, CivilDay)] = []
        for (backup, day) in backups {
            let start = span(day)
            // They are in order, so those of one span lie together, by the same clocks.
            if found.last?.1 != start { found.append((backup, start)) }
        }
        return found
    }
}

extension CivilDay {
    var firstOfMonth: CivilDay { adding(1 - parts.day) }
    var firstOfYear: CivilDay { CivilDay(year: parts.year, month: 1, day: 1) }
}
