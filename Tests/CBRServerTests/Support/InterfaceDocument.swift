import CBRWire
import Foundation

/// `docs/api/cbr-v3.openapi.json`: the interface's operations and shapes, as facts that answers are held against.
struct InterfaceDocument: Sendable {
    struct Operation: Sendable {
        let id: String
        let method: String
        let template: String
        /// The lowest status of success, and its schema; nil where success has no body.
        let status: Int
        let schema: JSONValue?
    }

    let operations: [Operation]
    private let schemas: [String: JSONValue]

    static let path = "docs/api/cbr-v3.openapi.json"

    /// The package's own folder.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    struct Unreadable: Error { let place: String }

    init() throws {
        let document = try JSONValue(parsing: Array(Data(contentsOf: Self.root.appending(path: Self.path))))
        schemas = document["components"]["schemas"].members
        operations = document["paths"].members.flatMap { template, methods in
            methods.members.compactMap { method, operation -> Operation? in
                guard let id = operation["operationId"].string,
                    let success = operation["responses"].members.filter({ (Int($0.key) ?? 999) < 400 })
                        .min(by: { $0.key < $1.key })
                else { return nil }
                let schema = success.value["content"]["application/json"]["schema"]
                return Operation(
                    id: id, method: method.uppercased(), template: template, status: Int(success.key) ?? 0,
                    schema: schema == .null ? nil : schema)
            }
        }.sorted { ($0.template, $0.method) < ($1.template, $1.method) }
    }

    func operation(_ id: String) throws -> Operation {
        guard let found = operations.first(where: { $0.id == id }) else { throw Unreadable(place: id) }
        return found
    }

    /// What is wrong with a successful answer to an operation.
    ///
    /// - Parameter ours: paths of fields that the interface does not document and that we answer knowingly.
    func problems(with body: Data, of id: String, ours: Set<String> = []) throws -> [String] {
        guard let schema = try operation(id).schema else { return body.isEmpty ? [] : ["a body where none belongs"] }
        return try problems(JSONValue(parsing: Array(body)), schema, "", ours)
    }

    private func problems(_ value: JSONValue, _ schema: JSONValue, _ place: String, _ ours: Set<String>) -> [String] {
        if value == .null, schema["nullable"] == .flag(true) { return [] }
        if let name = schema["$ref"].string?.split(separator: "/").last {
            return problems(value, schemas[String(name)] ?? .null, place, ours)
        }
        var found = schema["allOf"].items.flatMap { problems(value, $0, place, ours) }
        let kinds = [
            "object": value.isObject, "array": value.isList, "string": value.string != nil,
            "integer": value.isWhole, "number": value.isNumber, "boolean": value.isFlag,
        ]
        if let kind = schema["type"].string, kinds[kind] != true { return found + ["\(place): is no \(kind)"] }
        let choices = schema["enum"].items
        if !choices.isEmpty, !choices.contains(value) { found.append("\(place): is none of the documented values") }
        if case .integer(let number) = value {
            if case .integer(let least) = schema["minimum"], number < least { found.append("\(place): too small") }
            if case .integer(let most) = schema["maximum"], number > most { found.append("\(place): too large") }
        }
        found += value.items.enumerated().flatMap { problems($1, schema["items"], "\(place)[]", ours) }
        guard case .object(let properties) = schema["properties"] else { return found }
        for name in schema["required"].items.compactMap(\.string) where value.members[name] == nil {
            found.append("\(place).\(name): is required")
        }
        for (name, member) in value.members {
            let inner = place.isEmpty ? name : "\(place).\(name)"
            if let property = properties[name] {
                found += problems(member, property, inner, ours)
            } else if !ours.contains(inner), schema["additionalProperties"] != .flag(true) {
                found.append("\(inner): is not documented")
            }
        }
        return found
    }
}

extension JSONValue {
    /// A member of an object; null where there is none.
    subscript(name: String) -> JSONValue { members[name] ?? .null }

    var members: [String: JSONValue] {
        if case .object(let members) = self { members } else { [:] }
    }

    var items: [JSONValue] {
        if case .list(let items) = self { items } else { [] }
    }

    var string: String? {
        if case .text(let text) = self { text } else { nil }
    }

    fileprivate var isObject: Bool { if case .object = self { true } else { false } }
    fileprivate var isList: Bool { if case .list = self { true } else { false } }
    fileprivate var isFlag: Bool { if case .flag = self { true } else { false } }
    fileprivate var isWhole: Bool { if case .integer = self { true } else { false } }
    fileprivate var isNumber: Bool { if case .number = self { true } else { isWhole } }
}
