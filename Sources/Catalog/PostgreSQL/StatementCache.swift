/// Which statements a connection has prepared, the longest unused first to go.
struct StatementCache {
    struct Entry: Equatable {
        /// As the database wants it.
        let sql: String
        let name: String
    }

    let capacity: Int
    private var entries: [String: (entry: Entry, lastUse: Int)] = [:]
    private var uses = 0
    private var made = 0

    init(capacity: Int) { self.capacity = capacity }

    /// - Parameter sql: as the catalog wrote it.
    mutating func find(_ sql: String) -> Entry? {
        guard let found = entries[sql] else { return nil }
        uses += 1
        entries[sql] = (found.entry, uses)
        return found.entry
    }

    /// A name for a statement that is to be prepared. It is not in here before ``insert(_:as:)``.
    mutating func newEntry(_ translated: String) -> Entry {
        made += 1
        return Entry(sql: translated, name: "holdfast_\(made)")
    }

    mutating func insert(_ entry: Entry, as sql: String) {
        uses += 1
        entries[sql] = (entry, uses)
    }

    /// - Returns: the name of one that has to go before another comes; nil while there is room.
    mutating func evict() -> String? {
        guard entries.count >= capacity, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) else {
            return nil
        }
        entries[oldest.key] = nil
        return oldest.value.entry.name
    }
}
