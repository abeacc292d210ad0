/// How long a policy keeps the backups of each resource. A backup stays as long as any rule keeps it; with no rule, for ever.
public struct RetentionRules: Sendable, Equatable {
    /// The newest so many; nil: no rule.
    public var newest: Int?
    /// Those that are at most so many days old; nil: no rule.
    public var days: Int?
    /// The newest of each of the last so many days, weeks, months and years in which there are any; 0: no rule.
    public var daily = 0
    public var weekly = 0
    public var monthly = 0
    public var yearly = 0
    public var advanced: [AdvancedRetentionRule] = []
    /// Whose days those are.
    public var zone = CivilZone.utc

    public init() {}

    /// Nothing is ever removed.
    public var keepsAll: Bool {
        newest == nil && days == nil && daily + weekly + monthly + yearly == 0 && advanced.isEmpty
    }
}

/// Keeps the newest backup of certain days for longer.
public struct AdvancedRetentionRule: Sendable, Equatable {
    public enum Period: String, Sendable { case week, month, year }

    /// Which of a month's weeks: the days 1–7, 8–14, 15–21, 22–28; the last: its last seven days.
    public enum WeekOfMonth: Int, Sendable, Hashable { case first = 1, second, third, fourth, last }

    public enum Days: Sendable, Equatable {
        case ofWeek(Set<Weekday>)
        case ofWeeks(Set<WeekOfMonth>, Set<Weekday>)
        /// 1 to 28; -1 is the last day of a month.
        case ofMonth(Set<Int>)
    }

    public let period: Period
    /// How many weeks, months or years such a backup stays.
    public let periods: Int
    public let days: Days
    /// 1 to 12; empty: all of them.
    public let months: Set<Int>

    public init(period: Period, periods: Int, days: Days, months: Set<Int> = []) {
        self.period = period
        self.periods = periods
        self.days = days
        self.months = months
    }

    func selects(_ day: CivilDay) -> Bool {
        let (_, month, dayOfMonth) = day.parts
        guard months.isEmpty || months.contains(month) else { return false }
        switch days {
        case .ofWeek(let weekdays): return weekdays.contains(day.weekday)
        case .ofMonth(let wanted): return wanted.contains(dayOfMonth) || wanted.contains(-1) && day.isLastOfMonth
        case .ofWeeks(let weeks, let weekdays):
            guard weekdays.contains(day.weekday) else { return false }
            if weeks.contains(.last), day.adding(7).parts.month != month { return true }
            return WeekOfMonth(rawValue: (dayOfMonth - 1) / 7 + 1).map { $0 != .last && weeks.contains($0) } ?? false
        }
    }

    /// The first day on which a backup of `day` is not kept any more.
    func end(of day: CivilDay) -> CivilDay {
        switch period {
        case .week: return day.adding(7 * periods)
        case .month, .year:
            let (year, month, dayOfMonth) = day.parts
            let count = year * 12 + month - 1 + periods * (period == .year ? 12 : 1)
            let first = CivilDay(year: count / 12, month: count % 12 + 1, day: 1)
            let next = CivilDay(year: (count + 1) / 12, month: (count + 1) % 12 + 1, day: 1)
            // The 31st of a month that has none is its last day.
            return min(first.adding(dayOfMonth - 1), next.adding(-1))
        }
    }
}
