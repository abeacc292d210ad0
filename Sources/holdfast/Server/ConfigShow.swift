import ArgumentParser
import Foundation
import ServerAssembly

struct ConfigShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print each setting, its value, and where the value came from; secrets masked.")

    enum Output: String, ExpressibleByArgument, CaseIterable { case table, json }

    @OptionGroup var options: ConfigurationOptions

    @Option(name: .shortAndLong, help: "The form: table or json.")
    var output = Output.table

    private struct Line: Encodable {
        let key: String
        let value: String?
        let source: String
        let variable: String
    }

    func run() async throws {
        let values = try await options.resolve().values
        switch output {
        case .json:
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            let lines = values.map { value in
                Line(
                    key: value.setting.key, value: value.text.map { _ in value.shown }, source: value.source,
                    variable: value.setting.variable)
            }
            print(String(decoding: try encoder.encode(lines), as: UTF8.self))
        case .table:
            let width = values.map(\.setting.key.count).max() ?? 0
            let shownWidth = values.map(\.shown.count).max() ?? 0
            for value in values {
                let key = value.setting.key.padding(toLength: width, withPad: " ", startingAt: 0)
                let shown = value.shown.padding(toLength: max(shownWidth, 1), withPad: " ", startingAt: 0)
                print("\(key)  \(shown)  \(value.source)")
            }
        }
    }
}
