/// One key, and what its value may be.
public struct TagCondition: Sendable, Equatable {
    public let key: String
    /// Any of these; empty: whatever it is.
    public let values: [String]

    public init(key: String, values: [String]) {
        self.key = key
        self.values = values
    }
}

/// What tags a vault must have, and must not have. Empty parts say nothing.
public struct TagSearch: Sendable, Equatable {
    /// Every one holds.
    public var all: [TagCondition] = []
    /// At least one holds.
    public var any: [TagCondition] = []
    /// Not every one holds.
    public var notAll: [TagCondition] = []
    /// None holds.
    public var notAny: [TagCondition] = []
    /// No tags at all; nothing else is looked at then.
    public var isUntagged = false

    public init() {}
}

extension Conditions {
    mutating func add(_ search: TagSearch) {
        guard !search.isUntagged else {
            return add("NOT EXISTS (SELECT 1 FROM vault_tags g WHERE g.vault_id = t.id)")
        }
        for condition in search.all { add(condition.clause.sql, all: condition.clause.arguments) }
        add(search.any, joinedBy: " OR ", prefix: "")
        add(search.notAll, joinedBy: " AND ", prefix: "NOT ")
        add(search.notAny, joinedBy: " OR ", prefix: "NOT ")
    }

    private mutating func add(_ conditions: [TagCondition], joinedBy word: String, prefix: String) {
        guard !conditions.isEmpty else { return }
        let clauses = conditions.map(\.clause)
        add(prefix + "(" + clauses.map(\.sql).joined(separator: word) + ")", all: clauses.flatMap(\.arguments))
    }
}

extension TagCondition {
    fileprivate var clause: (sql: String, arguments: [SQLValue]) {
        var inner = Conditions()
        inner.add("g.vault_id = t.id")
        inner.add("g.tag_key = ?", .text(key))
        if !values.isEmpty { inner.add("g.tag_value", in: values.map { .text($0) }) }
        return ("EXISTS (SELECT 1 FROM vault_tags g \(inner.sql))", inner.arguments)
    }
}

/// Patterns for `LOWER(…) LIKE … ESCAPE '!'`.
enum LikePattern {
    /// A to Z count as a to z, and no other letters as each other: that is all that both databases can be told to do.
    static func containing(_ text: String) -> String {
        let escaped = text.reduce(into: "") { result, character in
            if "!%_".contains(character) { result.append("!") }
            result.append(character.isASCII ? Character(character.lowercased()) : character)
        }
        return "%\(escaped)%"
    }
}
