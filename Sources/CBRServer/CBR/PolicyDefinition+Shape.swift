import CBRWire
import Catalog

extension PolicyDefinition {
    init(_ shape: PolicyDefinitionShape) {
        self.init()
        retentionDurationDays = shape.retentionDurationDays
        maxBackups = shape.maxBackups
        dayBackups = shape.dayBackups
        weekBackups = shape.weekBackups
        monthBackups = shape.monthBackups
        yearBackups = shape.yearBackups
        timezone = shape.timezone
        fullBackupInterval = shape.fullBackupInterval
        destinationProject = shape.destinationProjectId
        destinationRegion = shape.destinationRegion
        enableAcceleration = shape.enableAcceleration
        crossAccountURN = shape.crossAccountUrn
        advancedRules = shape.advancedRetentionRules.map { rules in
            [
                (PolicyAdvancedRule.Period.week, rules.weeklyRetentionRules), (.month, rules.monthlyRetentionRules),
                (.year, rules.yearlyRetentionRules),
            ]
            .compactMap { period, rule in rule.map { PolicyAdvancedRule($0, period) } }
        }
    }
}

extension PolicyDefinitionShape {
    init(_ definition: PolicyDefinition) {
        self.init()
        retentionDurationDays = definition.retentionDurationDays
        maxBackups = definition.maxBackups
        dayBackups = definition.dayBackups
        weekBackups = definition.weekBackups
        monthBackups = definition.monthBackups
        yearBackups = definition.yearBackups
        timezone = definition.timezone
        fullBackupInterval = definition.fullBackupInterval
        destinationProjectId = definition.destinationProject
        destinationRegion = definition.destinationRegion
        enableAcceleration = definition.enableAcceleration
        crossAccountUrn = definition.crossAccountURN
        advancedRetentionRules = definition.advancedRules.map { rules in
            var shape = AdvancedRetentionRulesShape()
            for rule in rules {
                switch rule.period {
                case .week: shape.weeklyRetentionRules = .init(rule)
                case .month: shape.monthlyRetentionRules = .init(rule)
                case .year: shape.yearlyRetentionRules = .init(rule)
                }
            }
            return shape
        }
    }
}

extension PolicyAdvancedRule {
    init(_ rule: AdvancedRetentionRulesShape.Rule, _ period: Period) {
        self.init(period: period)
        retentionType = rule.retentionType
        months = rule.retentionMonths
        weeks = rule.retentionWeeks
        daysOfWeek = rule.daysOfWeek
        daysOfMonth = rule.daysOfMonth
        periods = rule.retentionDurationPeriods
    }
}

extension AdvancedRetentionRulesShape.Rule {
    init(_ rule: PolicyAdvancedRule) {
        self.init()
        retentionType = rule.retentionType
        retentionMonths = rule.months
        retentionWeeks = rule.weeks
        daysOfWeek = rule.daysOfWeek
        daysOfMonth = rule.daysOfMonth
        retentionDurationPeriods = rule.periods
    }
}
