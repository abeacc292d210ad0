import Foundation
import HTTPTypes

/// The interface's document, for clients and tools: what this server offers, and nothing else.
struct InterfaceRoutes: Sendable {
    static let template = "/holdfast/v1/openapi.json"

    /// Answered in the form of Identity's own version discovery, which this document does not describe.
    static let discovery: Set<String> = ["ListVersions", "ShowVersion"]

    private let document: [UInt8]

    /// - Parameter offered: operations that the server carries out.
    init(offered: Set<String>) { document = Self.document(offered: offered.subtracting(Self.discovery)) }

    var routes: [Route] {
        let document = document
        return [
            Route(operation: "ShowInterfaceDocument", method: .get, template: Self.template, access: .open) { _ in
                guard !document.isEmpty else { throw Refusal.notFound("this build has no interface document") }
                return Answer(status: .ok, headers: [.contentType: "application/json"], body: document)
            }
        ]
    }

    /// Statuses that any call can meet, beside those that the interface documents.
    private static let everywhere = [
        "405": "Refused: the path takes another method.", "408": "Refused: the body came too slowly.",
        "409": "Refused: the object changed meanwhile, or is there already.",
        "413": "Refused: the body is too large.", "429": "Refused for now: too many attempts.",
        "503": "Not now: a part of the service can't be used.",
    ]

    /// The document without operations that are not offered. Empty when the embedded text is no such document.
    static func document(offered: Set<String>) -> [UInt8] {
        guard var root = try? JSONSerialization.jsonObject(with: Data(InterfaceText.json.utf8)) as? [String: Any],
            let paths = root["paths"] as? [String: [String: Any]]
        else { return [] }
        root["paths"] = paths.compactMapValues { methods -> [String: Any]? in
            let kept = methods.filter { _, value in
                guard let operation = value as? [String: Any] else { return true }
                return (operation["operationId"] as? String).map { offered.contains($0) } ?? true
            }
            let hasOperation = kept.values.contains { ($0 as? [String: Any])?["operationId"] != nil }
            return hasOperation ? kept.mapValues { withEverydayAnswers($0) } : nil
        }
        let bytes = try? JSONSerialization.data(withJSONObject: root, options: [.sortedKeys, .withoutEscapingSlashes])
        return bytes.map { Array($0) } ?? []
    }

    private static func withEverydayAnswers(_ value: Any) -> Any {
        guard var operation = value as? [String: Any], var answers = operation["responses"] as? [String: Any] else {
            return value
        }
        let content = ["application/json": ["schema": ["$ref": "#/components/schemas/ErrorResponse"]]]
        for (status, description) in everywhere where answers[status] == nil {
            answers[status] = ["description": description, "content": content] as [String: Any]
        }
        operation["responses"] = answers
        return operation
    }
}
