/// How a database spells what is written in the catalog's own SQL.
///
/// That is what both databases accept, but for a short list, which is here and nowhere else: placeholders are `?`, and columns have
/// the types `TEXT`, `BIGINT` and `BLOB`. SQLite takes it as it is.
struct SQLDialect: Sendable {
    /// Placeholders are `$1`, `$2`, … in place of `?`.
    let numbersPlaceholders: Bool
    /// Of columns, in statements that make or change tables.
    let columnTypes: [String: String]

    /// Text compares by its bytes, as in SQLite, whatever the database was made with: orders and markers are then the same.
    static let postgres = SQLDialect(
        numbersPlaceholders: true, columnTypes: ["TEXT": #"TEXT COLLATE "C""#, "BLOB": "BYTEA"])

    /// The statement as the database wants it. Literals, quoted names and comments stay as they are.
    func translate(_ sql: String) -> String {
        let types = Self.definesTable(sql) ? columnTypes : [:]
        var result = ""
        result.reserveCapacity(sql.utf8.count + 16)
        var placeholders = 0
        var rest = sql[...]
        while let character = rest.first {
            switch character {
            case "'", "\"":
                result += Self.take(&rest, through: character)
            case "-" where rest.hasPrefix("--"):
                result += Self.take(&rest, through: "\n")
            case "?" where numbersPlaceholders:
                placeholders += 1
                result += "$\(placeholders)"
                rest.removeFirst()
            case _ where Self.isWord(character):
                let word = rest.prefix(while: Self.isWord)
                result += types[String(word)] ?? String(word)
                rest = rest[word.endIndex...]
            default:
                result.append(character)
                rest.removeFirst()
            }
        }
        return result
    }

    static func definesTable(_ sql: String) -> Bool {
        let words = sql.split(maxSplits: 2) { $0 == " " || $0 == "\n" }
        return words.count > 1 && ["CREATE", "ALTER"].contains(words[0]) && words[1] == "TABLE"
    }

    private static func isWord(_ character: Character) -> Bool {
        character == "_" || character.isASCII && (character.isLetter || character.isNumber)
    }

    /// Removes what begins here up to the next `end`, or all of it, and returns it. A doubled quote begins the next literal.
    private static func take(_ rest: inout Substring, through end: Character) -> Substring {
        let found = rest.dropFirst().firstIndex(of: end)
        let taken = found.map { rest[...$0] } ?? rest
        rest = rest[taken.endIndex...]
        return taken
    }
}
