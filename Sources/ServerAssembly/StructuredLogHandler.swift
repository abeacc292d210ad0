import Foundation
import HoldfastCore
import Logging

/// One line an event on standard error: a time, a level, constant text, and facts.
///
/// `text`: `2026-11-23T10:00:00.123Z info request http.status=200 …`; values with spaces or quotes stand in quotes.
/// `json`: one object a line with the same names.
struct StructuredLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    let format: ServerConfiguration.LogFormat
    let now: @Sendable () -> Date
    let write: @Sendable (String) -> Void

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let facts = metadata.merging(event.metadata ?? [:]) { _, new in new }
            .map { (key: $0.key, value: "\($0.value)") }.sorted { $0.key < $1.key }
        let time = now().formatted(
            .iso8601.year().month().day().time(includingFractionalSeconds: true).timeZone(separator: .omitted))
        switch format {
        case .text:
            let tail = facts.map { " \($0.key)=\(Self.quoted($0.value))" }.joined()
            write("\(time) \(event.level.rawValue) \(event.message)\(tail)\n")
        case .json:
            var object = Dictionary(facts.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
            object["time"] = time
            object["level"] = event.level.rawValue
            object["message"] = "\(event.message)"
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let line = (try? encoder.encode(object)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
            write(line + "\n")
        }
    }

    /// One line and one word, whatever is in it.
    private static func quoted(_ text: String) -> String {
        let isPlain =
            !text.isEmpty
            && text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0 != "\"" && $0 != "=" && $0.value != 0x7F }
        guard !isPlain else { return text }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }
}
