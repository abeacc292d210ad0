/// Which part of a list to give: rows in order of creation, newest first.
public struct Page<Subject: Sendable>: Sendable {
    public static var limitMax: Int { 1000 }

    public var limit: Int
    public var offset: Int
    /// The id of the last row of the page before; nil starts at the top.
    public var marker: Subject?

    public init(limit: Int = 1000, offset: Int = 0, marker: Subject? = nil) {
        self.limit = limit
        self.offset = offset
        self.marker = marker
    }
}

/// Rows of a page, and how many there are on all pages.
public struct Listing<Row: Sendable>: Sendable {
    public let rows: [Row]
    public let count: Int

    public init(rows: [Row], count: Int) {
        self.rows = rows
        self.count = count
    }
}

/// Conditions of a query, each with its arguments, joined by AND.
struct Conditions {
    private(set) var clauses: [String] = []
    private(set) var arguments: [SQLValue] = []

    mutating func add(_ clause: String, _ values: SQLValue...) { add(clause, all: values) }

    mutating func add(_ clause: String, all values: [SQLValue]) {
        clauses.append(clause)
        arguments += values
    }

    /// `column IN (…)`; nothing when `values` is nil, nothing matches when it is empty.
    mutating func add(_ column: String, in values: [SQLValue]?) {
        guard let values else { return }
        guard !values.isEmpty else { return clauses.append("1 = 0") }
        clauses.append("\(column) IN (\(values.map { _ in "?" }.joined(separator: ", ")))")
        arguments += values
    }

    var sql: String { clauses.isEmpty ? "" : "WHERE " + clauses.joined(separator: " AND ") }
}

extension SQLTransaction {
    /// Reads one page of `table`, newest first, and counts the whole.
    ///
    /// - Parameter source: what follows FROM; the rows' own table has the alias `t`, with `project_id`, `created_at` and `id`.
    func list<Row: Sendable, ID: Sendable>(
        _ columns: String, from source: String, table: String, where conditions: Conditions, page: Page<ID>,
        marker: (ID) -> SQLValue, row: (SQLRow) throws -> Row
    ) throws -> Listing<Row> {
        let count =
            try query("SELECT COUNT(*) AS n FROM \(source) \(conditions.sql)", conditions.arguments)
            .first?.int("n") ?? 0
        var paged = conditions
        if let last = page.marker {
            let id = marker(last)
            // A marker that is gone gives an empty page: the row's place is not known any more.
            let place = "(SELECT m.created_at FROM \(table) m WHERE m.project_id = t.project_id AND m.id = ?)"
            paged.add("(t.created_at < \(place) OR (t.created_at = \(place) AND t.id < ?))", id, id, id)
        }
        let rows = try query(
            "SELECT \(columns) FROM \(source) \(paged.sql) ORDER BY t.created_at DESC, t.id DESC LIMIT ? OFFSET ?",
            paged.arguments + [SQLValue(page.limit), SQLValue(page.offset)])
        return Listing(rows: try rows.map(row), count: count)
    }
}
