/// What a list can be ordered by, with the interface's words.
public enum SortKey: String, Sendable, CaseIterable {
    case createdAt = "created_at"
    case updatedAt = "updated_at"
    case protectedAt = "protected_at"
    case name, status, id
}

public struct ListOrder: Sendable, Equatable {
    public var key: SortKey
    public var isDescending: Bool

    public init(_ key: SortKey, isDescending: Bool = true) {
        self.key = key
        self.isDescending = isDescending
    }
}

/// Which part of a list to give: rows in order of creation, newest first, unless another order is asked for.
public struct Page<Subject: Sendable>: Sendable {
    public static var limitMax: Int { 1000 }

    public var limit: Int
    public var offset: Int
    /// The id of the last row of the page before; nil starts at the top.
    public var marker: Subject?
    /// Empty: newest first. The id decides between rows that are alike in all keys.
    public var order: [ListOrder]

    public init(limit: Int = 1000, offset: Int = 0, marker: Subject? = nil, order: [ListOrder] = []) {
        self.limit = limit
        self.offset = offset
        self.marker = marker
        self.order = order
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

/// The values behind `IN`, the last one repeated until their number is a power of two: so there are few statements, and databases
/// know them again.
struct PaddedList {
    /// `(?, ?, …)`; of no values one that matches nothing.
    let sql: String
    let arguments: [SQLValue]

    init(_ values: [SQLValue]) {
        var count = 1
        while count < values.count { count *= 2 }
        let last = values.last ?? .null
        arguments = values + Array(repeating: last, count: count - values.count)
        sql = "(" + Array(repeating: "?", count: count).joined(separator: ", ") + ")"
    }
}

extension SQLTransaction {
    /// Reads one page of rows, and counts the whole.
    ///
    /// - Parameters:
    ///   - source: what follows FROM; the rows' own table has the alias `t`, with `project_id`, `created_at` and `id`.
    ///   - counted: what the count follows FROM, where that needs less than the rows.
    ///   - count: how many rows there are, where the caller knows a better way to count.
    ///   - scope: the first of `where`: what a row must meet to be the caller's at all.
    ///   - sortable: the expression of each key that this list can be ordered by; never null. Others are passed over.
    func list<Row: Sendable, ID: Sendable>(
        _ columns: String, from source: String, counted: String? = nil, count known: Int? = nil,
        where conditions: Conditions, scope: String = "t.project_id = ?",
        page: Page<ID>, sortable: [SortKey: String] = [:], marker: (ID) -> SQLValue, row: (SQLRow) throws -> Row
    ) throws -> Listing<Row> {
        let count =
            try known ?? query("SELECT COUNT(*) AS n FROM \(counted ?? source) \(conditions.sql)", conditions.arguments)
            .first?.int("n") ?? 0
        let order = page.order.expressions(sortable)
        var paged = conditions
        if let last = page.marker {
            // A marker that is gone gives an empty page: the row's place is not known any more.
            guard let place = try place(of: marker(last), from: source, where: conditions, scope: scope, order: order)
            else {
                return Listing(rows: [], count: count)
            }
            paged.add(behind: place, order: order)
        }
        let sorting = order.map { "\($0.expression) \($0.isDescending ? "DESC" : "ASC")" }.joined(separator: ", ")
        let rows = try query(
            "SELECT \(columns) FROM \(source) \(paged.sql) ORDER BY \(sorting) LIMIT ? OFFSET ?",
            paged.arguments + [SQLValue(page.limit), SQLValue(page.offset)])
        return Listing(rows: try rows.map(row), count: count)
    }

    /// The values by which a row is ordered. The row may have left the filter meanwhile, but not the project.
    private func place(
        of id: SQLValue, from source: String, where conditions: Conditions, scope: String,
        order: [SortExpression]
    ) throws -> [SQLValue]? {
        guard let project = conditions.arguments.first else { return nil }
        let columns = order.enumerated().map { "\($1.expression) AS k\($0)" }.joined(separator: ", ")
        let found = try query(
            "SELECT \(columns) FROM \(source) WHERE \(scope) AND t.id = ?", [project, id])
        return try found.first.map { row in try order.indices.map { try row.value("k\($0)") } }
    }
}

/// One part of ORDER BY.
struct SortExpression {
    let expression: String
    let isDescending: Bool
}

extension [ListOrder] {
    /// Always ends with the row's id, so that the order is total.
    fileprivate func expressions(_ sortable: [SortKey: String]) -> [SortExpression] {
        var all = compactMap { part in
            sortable[part.key].map { SortExpression(expression: $0, isDescending: part.isDescending) }
        }
        if all.isEmpty { all = [SortExpression(expression: "t.created_at", isDescending: true)] }
        let isDescending = all.last?.isDescending ?? true
        return all + [SortExpression(expression: "t.id", isDescending: isDescending)]
    }
}

extension Conditions {
    /// What comes after a place in the order: later in the first key, or alike there and later in the second, …
    fileprivate mutating func add(behind place: [SQLValue], order: [SortExpression]) {
        var clauses: [String] = []
        var values: [SQLValue] = []
        for (index, last) in order.enumerated() {
            let alike = order[..<index].map { "\($0.expression) = ?" }
            clauses.append(
                "(" + (alike + ["\(last.expression) \(last.isDescending ? "<" : ">") ?"]).joined(separator: " AND ")
                    + ")")
            values += place[...index]
        }
        // Alternatives don't say where in an index to begin; this does, and leaves out nothing that they let in.
        if let first = order.first, let value = place.first {
            add("\(first.expression) \(first.isDescending ? "<=" : ">=") ?", value)
        }
        add("(" + clauses.joined(separator: " OR ") + ")", all: values)
    }
}
