import Foundation
import HTTPTypes

/// Finds the route of a raw path: split first, decode after, so that a part may hold an encoded `/`.
struct RouteTable: Sendable {
    enum Match: Sendable {
        case route(Route, parameters: [String: String])
        /// The path exists, the method does not.
        case otherMethods([HTTPRequest.Method])
        case none
    }

    let routes: [Route]
    private let byCount: [Int: [Route]]

    init(_ routes: [Route]) {
        self.routes = routes
        // Where two templates fit, the one with the earlier fixed part wins: `vaults/summary` over `vaults/{vault_id}`.
        byCount = Dictionary(grouping: routes, by: { $0.parts.count }).mapValues { group in
            group.sorted { left, right in
                for (one, other) in zip(left.parts, right.parts) where Self.isName(one) != Self.isName(other) {
                    return !Self.isName(one)
                }
                return false
            }
        }
    }

    /// - Parameter path: raw, without the query. One trailing `/` is ignored.
    func match(_ method: HTTPRequest.Method, _ path: String) -> Match {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        if parts.count > 1, parts.last?.isEmpty == true { parts = parts.dropLast() }
        var methods: [HTTPRequest.Method] = []
        for route in byCount[parts.count] ?? [] {
            guard let parameters = Self.parameters(of: route, in: parts) else { continue }
            if route.method == method || method == .head && route.method == .get {
                return .route(route, parameters: parameters)
            }
            methods.append(route.method)
        }
        return methods.isEmpty ? .none : .otherMethods(methods)
    }

    private static func parameters(of route: Route, in parts: ArraySlice<Substring>) -> [String: String]? {
        var parameters: [String: String] = [:]
        for (pattern, part) in zip(route.parts, parts) {
            if isName(pattern) {
                guard !part.isEmpty, let decoded = part.removingPercentEncoding else { return nil }
                parameters[String(pattern.dropFirst().dropLast())] = decoded
            } else if pattern != part {
                return nil
            }
        }
        return parameters
    }

    private static func isName(_ part: Substring) -> Bool { part.hasPrefix("{") }
}
