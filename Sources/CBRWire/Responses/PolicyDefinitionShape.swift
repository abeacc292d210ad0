/// `operation_definition`, as requests give it and as answers repeat it: what was left out is left out.
public struct PolicyDefinitionShape: Encodable, Sendable, Equatable {
    public var dayBackups: Int?
    public var weekBackups: Int?
    public var monthBackups: Int?
    public var yearBackups: Int?
    public var maxBackups: Int?
    public var retentionDurationDays: Int?
    public var fullBackupInterval: Int?
    public var timezone: String?
    public var destinationProjectId: String?
    public var destinationRegion: String?
    public var enableAcceleration: Bool?
    public var crossAccountUrn: String?
    public var advancedRetentionRules: AdvancedRetentionRulesShape?

    public init() {}

    init(_ fields: Fields) throws(FieldError) {
        func integer(_ name: String, _ range: ClosedRange<Int64>) throws(FieldError) -> Int? {
            try fields.integer(name, in: range).map { Int($0) }
        }
        dayBackups = try integer("day_backups", 0...100)
        weekBackups = try integer("week_backups", 0...100)
        monthBackups = try integer("month_backups", 0...100)
        yearBackups = try integer("year_backups", 0...100)
        maxBackups = try integer("max_backups", -1...99_999)
        retentionDurationDays = try integer("retention_duration_days", -1...99_999)
        if retentionDurationDays == 0 {
            throw FieldError(field: fields.field("retention_duration_days"), rule: "must be -1, or from 1 to 99999")
        }
        fullBackupInterval = try integer("full_backup_interval", -1...100)
        timezone = try fields.text("timezone", TextRule(1...64))
        destinationProjectId = try fields.text("destination_project_id", .id)
        destinationRegion = try fields.text("destination_region", .region)
        enableAcceleration = try fields.flag("enable_acceleration")
        crossAccountUrn = try fields.text("cross_account_urn", TextRule(0...255))
        advancedRetentionRules = try fields.object("advanced_retention_rules").map { fields throws(FieldError) in
            try AdvancedRetentionRulesShape(fields)
        }
    }
}

public struct AdvancedRetentionRulesShape: Encodable, Sendable, Equatable {
    public struct Rule: Encodable, Sendable, Equatable {
        /// `Weekly` or `Monthly`; not of weekly rules.
        public var retentionType: String?
        public var retentionMonths: [String]?
        public var retentionWeeks: [String]?
        public var daysOfWeek: [String]?
        public var daysOfMonth: [Int]?
        /// -1: the rule is off.
        public var retentionDurationPeriods: Int?

        public init() {}

        private enum RetentionType: String, CaseIterable { case weekly = "Weekly", monthly = "Monthly" }

        init(_ fields: Fields, periodsMax: Int64) throws(FieldError) {
            retentionType = try fields.choice("retention_type", of: RetentionType.self)?.rawValue
            retentionMonths = try fields.texts("retention_months", count: 0...12, TextRule(1...16))
            retentionWeeks = try fields.texts("retention_weeks", count: 0...5, TextRule(1...16))
            daysOfWeek = try fields.texts("days_of_week", count: 0...7, TextRule(1...16))
            daysOfMonth = try fields.integers("days_of_month", count: 0...29, in: -1...28)?.map { Int($0) }
            guard daysOfMonth?.contains(0) != true else {
                throw FieldError(field: fields.field("days_of_month"), rule: "takes 1 to 28, and -1 for the last day")
            }
            let periods = try fields.integer("retention_duration_periods", in: -1...periodsMax)
            guard periods != 0 else {
                throw FieldError(
                    field: fields.field("retention_duration_periods"), rule: "must be -1, or from 1 to \(periodsMax)")
            }
            retentionDurationPeriods = periods.map { Int($0) }
        }
    }

    public var weeklyRetentionRules: Rule?
    public var monthlyRetentionRules: Rule?
    public var yearlyRetentionRules: Rule?

    public init() {}

    init(_ fields: Fields) throws(FieldError) {
        func rule(_ name: String, _ periodsMax: Int64) throws(FieldError) -> Rule? {
            try fields.object(name).map { fields throws(FieldError) in try Rule(fields, periodsMax: periodsMax) }
        }
        weeklyRetentionRules = try rule("weekly_retention_rules", 5200)
        monthlyRetentionRules = try rule("monthly_retention_rules", 1200)
        yearlyRetentionRules = try rule("yearly_retention_rules", 100)
    }
}
