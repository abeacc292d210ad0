import Catalog

/// What this server allows beyond the documented interface.
public struct PolicyRules: Sendable, Equatable {
    public static let documented = PolicyRules()

    /// Of each kind, in a project.
    public static let policiesMax = 32

    public var limits = Schedule.Limits.documented
    /// Several policies of one kind may hold for one vault.
    public var allowsSeveral = false
    /// A policy may name whose clocks its pattern means.
    public var allowsTimeZone = false

    public init() {}
}

extension RetentionRules {
    /// What a policy's definition keeps. Fields that switch a rule off, and those that are left out, are no rules.
    ///
    /// - Throws: ``ControlError`` with `.invalid` for fields that can't go together, or that name nothing.
    init(_ definition: PolicyDefinition) throws(ControlError) {
        self.init()
        if let count = definition.maxBackups, count >= 0 { newest = count }
        if let days = definition.retentionDurationDays, days >= 0 { self.days = days }
        daily = definition.dayBackups ?? 0
        weekly = definition.weekBackups ?? 0
        monthly = definition.monthBackups ?? 0
        yearly = definition.yearBackups ?? 0
        let place = "policy.operation_definition"
        if let name = definition.timezone {
            guard let zone = CivilZone(named: name) else {
                throw .invalid(
                    "\(place).timezone", "has to be like UTC+08:00, or a zone that the time zone database has")
            }
            self.zone = zone
        }
        if daily + weekly + monthly + yearly > 0 {
            guard definition.timezone != nil else {
                throw .invalid("\(place).timezone", "is required with day, week, month and year backups")
            }
            guard days == nil else {
                throw .invalid(
                    "\(place).retention_duration_days", "can't be given with day, week, month and year backups")
            }
        }
        for rule in definition.advancedRules ?? [] {
            if let rule = try AdvancedRetentionRule(rule, place: "\(place).advanced_retention_rules") {
                advanced.append(rule)
            }
        }
    }
}

extension AdvancedRetentionRule {
    /// - Returns: nil for a rule that is off.
    init?(_ rule: PolicyAdvancedRule, place: String) throws(ControlError) {
        let place = "\(place).\(Self.name(rule.period))_retention_rules"
        guard let periods = rule.periods, periods > 0 else { return nil }
        let weekdays = try Self.set(rule.daysOfWeek, "\(place).days_of_week", "a day of the week", Self.weekday)
        let days: Days
        if rule.period == .week {
            guard !weekdays.isEmpty else { throw .invalid("\(place).days_of_week", "is required") }
            days = .ofWeek(weekdays)
        } else if rule.retentionType == "Weekly" {
            let weeks = try Self.set(rule.weeks, "\(place).retention_weeks", "a week of a month", Self.week)
            guard !weekdays.isEmpty else { throw .invalid("\(place).days_of_week", "is required with Weekly") }
            guard !weeks.isEmpty else { throw .invalid("\(place).retention_weeks", "is required with Weekly") }
            guard (rule.daysOfMonth ?? []).isEmpty else { throw .invalid("\(place).days_of_month", "needs Monthly") }
            days = .ofWeeks(weeks, weekdays)
        } else if rule.retentionType == "Monthly" {
            let numbers = rule.daysOfMonth ?? []
            guard !numbers.isEmpty else { throw .invalid("\(place).days_of_month", "is required with Monthly") }
            guard numbers.allSatisfy({ $0 == -1 || (1...28).contains($0) }) else {
                throw .invalid("\(place).days_of_month", "takes 1 to 28, and -1 for the last day")
            }
            guard weekdays.isEmpty else { throw .invalid("\(place).days_of_week", "needs Weekly") }
            days = .ofMonth(Set(numbers))
        } else {
            throw .invalid("\(place).retention_type", "has to be Weekly or Monthly")
        }
        let months = try Self.set(rule.months, "\(place).retention_months", "a month", Self.month)
        guard rule.period != .year || !months.isEmpty else {
            throw .invalid("\(place).retention_months", "is required")
        }
        self.init(
            period: Period(rawValue: rule.period.rawValue) ?? .week, periods: periods, days: days, months: months)
    }

    /// Also of a rule that is off.
    ///
    /// - Throws: ``ControlError`` with `.invalid` for a word that means nothing.
    static func checkWords(of rule: PolicyAdvancedRule, place: String) throws(ControlError) {
        let place = "\(place).\(name(rule.period))_retention_rules"
        _ = try set(rule.daysOfWeek, "\(place).days_of_week", "a day of the week", weekday)
        _ = try set(rule.weeks, "\(place).retention_weeks", "a week of a month", week)
        _ = try set(rule.months, "\(place).retention_months", "a month", month)
    }

    private static func name(_ period: PolicyAdvancedRule.Period) -> String {
        switch period {
        case .week: "weekly"
        case .month: "monthly"
        case .year: "yearly"
        }
    }

    private static func set<Value: Hashable>(
        _ words: [String]?, _ place: String, _ kind: String, _ read: (String) -> Value?
    ) throws(ControlError) -> Set<Value> {
        var found: Set<Value> = []
        for word in words ?? [] {
            guard let value = read(word.lowercased()) else {
                throw .invalid(place, "has '\(word.prefix(20))', which is not \(kind)")
            }
            found.insert(value)
        }
        return found
    }

    /// `monday`, `mon` or `mo`, or 1 to 7 from Monday on: the interface does not say which words it takes.
    private static func weekday(_ word: String) -> Weekday? {
        if let number = Int(word), (1...7).contains(number) { return Weekday.allCases[number - 1] }
        guard word.count >= 2 else { return nil }
        return Weekday.allCases.first {
            $0.rawValue == word || $0.rawValue.prefix(3) == word || $0.rawValue.prefix(2) == word
        }
    }

    private static func week(_ word: String) -> WeekOfMonth? {
        let names = ["first", "second", "third", "fourth", "last"]
        return (names.firstIndex(of: word).map { $0 + 1 } ?? (word == "-1" ? 5 : Int(word))).flatMap(WeekOfMonth.init)
    }

    private static func month(_ word: String) -> Int? {
        let names = [
            "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
            "november",
            "december",
        ]
        if let number = Int(word), (1...12).contains(number) { return number }
        return names.firstIndex { $0 == word || $0.prefix(3) == word }.map { $0 + 1 }
    }
}
