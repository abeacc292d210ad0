extension SQLTransaction {
    /// How many rows have these values, exactly.
    ///
    /// Databases count a whole table many times faster than rows that they compare one by one, and most rows are alike: of one
    /// project, of one state. So when there are many, those that differ are counted, if they are few, and taken from the whole.
    ///
    /// - Parameters:
    ///   - terms: columns of one index, in its order; the first is never null.
    ///   - few: how many rows are counted one by one before something else is tried.
    func count(_ table: String, where terms: [(column: String, value: SQLValue)], few: Int = 20_000) throws -> Int {
        var equal = Conditions()
        var others: [Conditions] = []
        for (column, value) in terms {
            var (less, more, none) = (equal, equal, equal)
            less.add("\(column) < ?", value)
            more.add("\(column) > ?", value)
            none.add("\(column) IS NULL")
            others += equal.clauses.isEmpty ? [less, more] : [less, more, none]
            equal.add("\(column) = ?", value)
        }
        let direct = try count(table, equal, atMost: few)
        guard direct == few else { return direct }
        var different = 0
        for conditions in others where different < few {
            different += try count(table, conditions, atMost: few - different)
        }
        guard different < few else {
            return try number("SELECT COUNT(*) AS n FROM \(table) \(equal.sql)", equal.arguments)
        }
        return try number("SELECT COUNT(*) AS n FROM \(table)", []) - different
    }

    private func count(_ table: String, _ conditions: Conditions, atMost limit: Int) throws -> Int {
        try number(
            "SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM \(table) \(conditions.sql) LIMIT ?) x",
            conditions.arguments + [SQLValue(limit)])
    }

    private func number(_ sql: String, _ arguments: [SQLValue]) throws -> Int {
        try query(sql, arguments).first?.int("n") ?? 0
    }
}
