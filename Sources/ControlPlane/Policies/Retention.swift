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

    public let id: BackupID
    /// Empty: it expires.
    public let keepers: [Keeper]

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
        var keepers: [BackupID: [RetentionDecision.Keeper]] = [:]
        func keep(_ backup: RetentionCandidate, _ keeper: RetentionDecision.Keeper) {
            keepers[backup.id, default: []].append(keeper)
        }
        var counted: [(backup: RetentionCandidate, at: Instant)] = []
        for backup in backups {
            guard let at = backup.stampedAt else {
                keep(backup, .unstamped)
                continue
            }
            guard at <= now else {
                keep(backup, .fromTheFuture)
                continue
            }
            if keepsAll { keep(backup, .noRule) }
            if let days, isAtMost(days, at, now) { keep(backup, .days(days)) }
            if backup.isWhole { counted.append((backup, at)) }
        }
        // Newest first; equal moments in an order that does not change from look to look.
        counted.sort { ($0.at, $0.backup.id.description) > ($1.at, $1.backup.id.description) }
        if let newest {
            for (place, one) in counted.prefix(newest).enumerated() { keep(one.backup, .newest(place + 1)) }
        }
        let days = counted.map { ($0.backup, zone.civil($0.at).day) }
        for (backup, day) in firsts(days, of: { $0 }, limit: daily) { keep(backup, .daily(day)) }
        for (backup, day) in firsts(days, of: \.week, limit: weekly) { keep(backup, .weekly(day)) }
        for (backup, day) in firsts(days, of: \.firstOfMonth, limit: monthly) { keep(backup, .monthly(day)) }
        for (backup, day) in firsts(days, of: \.firstOfYear, limit: yearly) { keep(backup, .yearly(day)) }
        let today = zone.civil(now).day
        for rule in advanced {
            for (backup, day) in firsts(days, of: { $0 }, limit: .max)
            where rule.selects(day) && today < rule.end(of: day) {
                keep(backup, .advanced(rule.period, until: rule.end(of: day)))
            }
        }
        return backups.map { RetentionDecision(id: $0.id, keepers: keepers[$0.id] ?? []) }
    }

    private func isAtMost(_ days: Int, _ at: Instant, _ now: Instant) -> Bool {
        now.microseconds - at.microseconds <= Int64(days) * 86_400_000_000
    }

    /// The newest backup of each span of days, of the newest so many spans that have any.
    private func firsts(
        _ backups: [(RetentionCandidate, CivilDay)], of span: (CivilDay) -> CivilDay, limit: Int
    ) -> [(RetentionCandidate, CivilDay)] {
        var found: [(RetentionCandidate, CivilDay)] = []
        for (backup, day) in backups where found.count < limit {
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
