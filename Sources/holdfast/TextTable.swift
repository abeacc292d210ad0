import Foundation

/// Rows of text in columns, for people to read.
struct TextTable {
    let columns: [String]
    let rows: [[String]]

    /// One thing, with a field a line.
    init(fields: [(name: String, value: String)]) {
        columns = ["FIELD", "VALUE"]
        rows = fields.map { [$0.name, $0.value] }
    }

    init(columns: [String], rows: [[String]]) {
        self.columns = columns
        self.rows = rows
    }

    /// Columns are as wide as their widest cell, two spaces apart; lines do not end in spaces or a line break.
    var text: String {
        let lines = ([columns] + rows).map { $0.map(Self.printable) }
        let widths = columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { line in
            let cells = zip(line, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            let text = cells.joined(separator: "  ")
            return String(text.reversed().drop { $0 == " " }.reversed())
        }.joined(separator: "\n")
    }

    /// Control characters would move the cursor, or worse: names come from whoever called the service.
    private static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
    }
}
