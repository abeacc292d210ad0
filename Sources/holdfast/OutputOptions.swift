import ArgumentParser
import Foundation

/// How a verb shows its result.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json
}

struct OutputOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: "Show the result as a table, or as JSON and nothing else.")
    var format = OutputFormat.table

    /// Shows a value: itself as JSON, or the table made of it.
    func show(_ value: some Encodable, table: () -> TextTable) throws {
        switch format {
        case .json: try Output.json(value)
        case .table: Output.line(table().text)
        }
    }

    /// Shows a value: itself as JSON, or lines that say it.
    func show(_ value: some Encodable, lines: () -> [String]) throws {
        switch format {
        case .json: try Output.json(value)
        case .table: for line in lines() { Output.line(line) }
        }
    }
}

/// What goes to standard output.
enum Output {
    static func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        write(try encoder.encode(value) + Data("\n".utf8))
    }

    static func line(_ text: String) { write(Data((text + "\n").utf8)) }

    /// Unbuffered: what a verb printed is out even if the process is killed next.
    private static func write(_ data: Data) {
        // A reader that has gone away is not this verb's failure.
        try? FileHandle.standardOutput.write(contentsOf: data)
    }
}
