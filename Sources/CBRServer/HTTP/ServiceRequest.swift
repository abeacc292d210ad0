import Catalog
import ControlPlane
import Foundation
import HTTPTypes
import HoldfastCore
import Identity
import Logging

/// A request whose body is read, whose route is found, and whose sender is known: what a handler works on.
struct ServiceRequest: Sendable {
    let head: HTTPRequest
    /// Names in braces of the route's template → percent-decoded parts of the path.
    let parameters: [String: String]
    /// In the order of arrival, percent-decoded; a key may repeat.
    let query: [(key: String, value: String)]
    var body: [UInt8]
    let requestID: String
    let logger: Logger
    /// Nil on open routes.
    var principal: Principal?
    /// Set on the routes of a project.
    var role: Role?

    /// The last value of a query key.
    func queryValue(_ key: String) -> String? { query.last { $0.key == key }?.value }

    /// All values of a key, whether it is repeated or a comma list; without empty ones.
    func queryValues(_ key: String) -> [String] {
        query.filter { $0.key == key }.flatMap { $0.value.split(separator: ",").map(String.init) }
    }

    func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { head.headerFields[$0] } }

    /// - Throws: ``Refusal`` when the route has no such part, which is a fault of the route's template.
    func parameter(_ name: String) throws -> String {
        guard let value = parameters[name] else { throw Refusal.notFound("the path has no \(name)") }
        return value
    }

    func requirePrincipal() throws -> Principal {
        guard let principal else { throw Refusal.unauthenticated("nobody") }
        return principal
    }

    /// `http://host:port` as the client reached us: links must lead back the same way.
    var baseURL: String {
        let scheme = header("x-forwarded-proto") == "https" ? "https" : "http"
        return "\(scheme)://\(head.authority ?? "127.0.0.1")"
    }
}
