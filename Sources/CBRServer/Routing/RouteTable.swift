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

    /// A route with its template taken apart once, not at every request.
    private struct Pattern {
        let route: Route
        let fixed: [(index: Int, text: String)]
        let names: [(index: Int, name: String)]

        init(_ route: Route) {
            self.route = route
            let parts = route.parts.enumerated()
            fixed = parts.filter { !isName($0.element) }.map { ($0.offset, String($0.element)) }
            names = parts.filter { isName($0.element) }.map { ($0.offset, String($0.element.dropFirst().dropLast())) }
        }

        func parameters(in parts: [Substring]) -> [String: String]? {
            guard fixed.allSatisfy({ parts[$0.index] == $0.text }) else { return nil }
            var parameters: [String: String] = [:]
            for (index, name) in names {
                guard !parts[index].isEmpty, let decoded = parts[index].removingPercentEncoding else { return nil }
                parameters[name] = decoded
            }
            return parameters
        }
    }

    let routes: [Route]
    private let byCount: [Int: [Pattern]]

    init(_ routes: [Route]) {
        self.routes = routes
        // Where two templates fit, the one with the earlier fixed part wins: `vaults/summary` over `vaults/{vault_id}`.
        byCount = Dictionary(grouping: routes, by: { $0.parts.count }).mapValues { group in
            group.sorted { left, right in
                for (one, other) in zip(left.parts, right.parts) where isName(one) != isName(other) {
                    return !isName(one)
                }
                return false
            }.map(Pattern.init)
        }
    }

    /// - Parameter path: raw, without the query. One trailing `/` is ignored.
    func match(_ method: HTTPRequest.Method, _ path: String) -> Match {
        var parts = Array(path.split(separator: "/", omittingEmptySubsequences: false).dropFirst())
        if parts.count > 1, parts.last?.isEmpty == true { parts.removeLast() }
        var methods: [HTTPRequest.Method] = []
        for pattern in byCount[parts.count] ?? [] {
            guard let parameters = pattern.parameters(in: parts) else { continue }
            let route = pattern.route
            if route.method == method || method == .head && route.method == .get {
                return .route(route, parameters: parameters)
            }
            // A word such as `summary` may be an id too: then both patterns fit.
            if !methods.contains(route.method) { methods.append(route.method) }
        }
        return methods.isEmpty ? .none : .otherMethods(methods)
    }
}

private func isName(_ part: Substring) -> Bool { part.hasPrefix("{") }
