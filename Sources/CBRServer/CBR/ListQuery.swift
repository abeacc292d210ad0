import CBRWire
import Catalog
import ControlPlane
import Foundation
import HoldfastCore
import Identity

/// Reads the query keys that lists share.
struct ListQuery {
    let request: ServiceRequest
    let limit: Int
    let offset: Int

    /// - Parameter limitMax: 1000 on most lists, 50 on protectable resources; also what is given without a `limit`.
    init(_ request: ServiceRequest, limitMax: Int = 1000, offsetMax: Int = Int(Int32.max)) throws {
        self.request = request
        limit = try Self.integer(request, "limit", in: 1...limitMax) ?? limitMax
        offset = try Self.integer(request, "offset", in: 0...offsetMax) ?? 0
    }

    func page<Subject>(of: Identifier<Subject>.Type, order: [ListOrder] = []) -> Page<Identifier<Subject>> {
        Page(limit: limit, offset: offset, marker: text("marker").map { Identifier($0) }, order: order)
    }

    /// `key[:asc|desc]`, joined by commas; descending where nothing is said.
    func order() throws -> [ListOrder] {
        guard let text = text("sort") else { return [] }
        guard text.count <= 255 else { throw FieldError(field: "sort", rule: "must have at most 255 characters") }
        return try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            let words = part.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let direction = words.count == 2 ? words[1] : "desc"
            guard let key = words.first.flatMap({ SortKey(rawValue: String($0)) }),
                direction == "asc" || direction == "desc"
            else {
                throw FieldError(
                    field: "sort",
                    rule: "must be a list of key[:asc|desc] with keys of "
                        + SortKey.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return ListOrder(key, isDescending: direction == "desc")
        }
    }

    /// Nil for an absent or empty value.
    func text(_ key: String) -> String? { request.queryValue(key).flatMap { $0.isEmpty ? nil : $0 } }

    func ids<Subject>(_ key: String, of: Identifier<Subject>.Type) -> [Identifier<Subject>]? {
        let values = request.queryValues(key)
        return values.isEmpty ? nil : values.map { Identifier($0) }
    }

    /// `key` or `key=value`, repeated or joined by commas: every one must be there. Nil without any.
    func tags(_ key: String) throws -> TagSearch? {
        let texts = request.queryValues(key)
        guard !texts.isEmpty else { return nil }
        guard texts.count <= 20 else { throw FieldError(field: key, rule: "must have at most 20 items") }
        var search = TagSearch()
        search.all = texts.map { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return TagCondition(key: parts[0], values: parts.count == 2 ? [parts[1]] : [])
        }
        return search
    }

    /// Nil for those of all enterprise projects.
    func enterpriseProject() -> String? {
        text("enterprise_project_id").flatMap { $0 == "all_granted_eps" ? nil : $0 }
    }

    func flag(_ key: String) throws -> Bool? {
        switch text(key)?.lowercased() {
        case nil: nil
        case "true": true
        case "false": false
        default: throw FieldError(field: key, rule: "must be true or false")
        }
    }

    /// `YYYY-MM-DDTHH:MM:SSZ`.
    func instant(_ key: String) throws -> Instant? {
        guard let text = text(key) else { return nil }
        guard let date = try? Date(text, strategy: .iso8601) else {
            throw FieldError(field: key, rule: "must be like 2026-11-23T10:00:00Z")
        }
        return Instant(date)
    }

    static func integer(
        _ request: ServiceRequest, _ key: String, in range: ClosedRange<Int>
    ) throws -> Int? {
        guard let text = request.queryValue(key), !text.isEmpty else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw FieldError(field: key, rule: "must be from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}

extension ServiceRequest {
    func caller() throws -> Caller {
        guard let role else { throw Refusal.unauthenticated("nobody") }
        return Caller(
            project: ProjectID(try parameter("project_id")), user: principal?.user.id, role: role, requestID: requestID)
    }

    func fields() throws -> Fields { try Fields(parsing: body) }

    func id<Subject>(_ name: String) throws -> Identifier<Subject> { Identifier(try parameter(name)) }
}
