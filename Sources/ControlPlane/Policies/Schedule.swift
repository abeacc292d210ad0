public import Catalog

/// When a policy runs: the moments that any of its rules names.
public struct Schedule: Sendable, Equatable {
    /// What a pattern may hold.
    public struct Limits: Sendable, Equatable {
        /// As the interface documents them: an hour between two runs.
        public static let documented = Limits(minutesBetweenMin: 60)

        public static let rulesMax = 24
        public let minutesBetweenMin: Int

        /// - Parameter minutesBetweenMin: 1 to 60.
        public init(minutesBetweenMin: Int) { self.minutesBetweenMin = min(max(minutesBetweenMin, 1), 60) }
    }

    public let rules: [RecurrenceRule]
    public let zone: CivilZone
    /// The day from which every so many days are counted.
    public let start: CivilDay

    /// - Parameter start: when the schedule began.
    /// - Throws: ``PatternProblem`` also where two runs may come too close to each other.
    public init(
        pattern: [String], zone: CivilZone = .utc, start: Instant, limits: Limits = .documented
    ) throws(PatternProblem) {
        guard (1...Limits.rulesMax).contains(pattern.count) else {
            throw PatternProblem("", "there have to be 1 to \(Limits.rulesMax) rules")
        }
        var rules: [RecurrenceRule] = []
        for text in pattern { rules.append(try RecurrenceRule(parsing: text)) }
        self.rules = rules
        self.zone = zone
        self.start = zone.civil(start).day
        try Self.checkDistances(rules, limits)
    }

    /// Compares the moments of a week. A daily rule counts for each day of it, whatever its interval is: on which days it meets
    /// the others changes from week to week.
    private static func checkDistances(_ rules: [RecurrenceRule], _ limits: Limits) throws(PatternProblem) {
        for rule in rules {
            guard case .minutely(let interval) = rule.frequency else { continue }
            guard limits.minutesBetweenMin < 60 else {
                throw PatternProblem(rule.text, "FREQ has to be DAILY or WEEKLY")
            }
            guard interval >= limits.minutesBetweenMin else {
                throw PatternProblem(rule.text, "runs have to be \(limits.minutesBetweenMin) minutes apart")
            }
        }
        let moments = Set(rules.flatMap(\.secondsOfWeek)).sorted()
        guard let first = moments.first, moments.count > 1 else { return }
        for (moment, next) in zip(moments, moments.dropFirst() + [first + 7 * 86_400])
        where next - moment < limits.minutesBetweenMin * 60 {
            let rule = rules.first { $0.secondsOfWeek.contains(next % (7 * 86_400)) }?.text ?? ""
            throw PatternProblem(rule, "runs have to be \(limits.minutesBetweenMin) minutes apart")
        }
    }

    /// The first run after a moment. Never nil but at the end of time: every rule comes again within a year.
    public func next(after moment: Instant) -> Instant? { rules.compactMap { next(of: $0, after: moment) }.min() }

    /// The last run at or before a moment, and after another one.
    public func last(upTo moment: Instant, after earlier: Instant) -> Instant? {
        var back = 3600
        while true {
            let from = max(earlier, moment.adding(.seconds(-back)))
            var found: Instant?
            while let next = next(after: found ?? from), next <= moment { found = next }
            if found != nil || from == earlier || back > Self.searchDaysMax * 86_400 { return found }
            back *= 4
        }
    }

    private static let searchDaysMax = 367

    private func next(of rule: RecurrenceRule, after moment: Instant) -> Instant? {
        if case .minutely(let interval) = rule.frequency {
            let step = Int64(interval) * 60_000_000
            return Instant(microseconds: (moment.microseconds.floorDivided(by: step) + 1) * step)
        }
        // One that falls into a gap may come after the end of its day by other clocks: begin a day early.
        let today = zone.civil(moment).day
        for offset in -1...Self.searchDaysMax {
            let day = today.adding(offset)
            guard isOn(day, rule) else { continue }
            let found = rule.secondsOfDay.lazy.map { zone.moment(day, second: $0) }.filter { $0 > moment }.min()
            if let found { return found }
        }
        return nil
    }

    private func isOn(_ day: CivilDay, _ rule: RecurrenceRule) -> Bool {
        switch rule.frequency {
        case .daily(let interval): ((day.number - start.number) % interval + interval) % interval == 0
        case .weekly(let days): days.contains(day.weekday)
        case .minutely: true
        }
    }
}

extension RecurrenceRule {
    /// From Monday on. Empty for minutes.
    fileprivate var secondsOfWeek: [Int] {
        let days: [Int]
        switch frequency {
        case .daily: days = Array(0..<7)
        case .weekly(let weekdays): days = weekdays.map(\.index)
        case .minutely: return []
        }
        return days.flatMap { day in secondsOfDay.map { day * 86_400 + $0 } }
    }
}
