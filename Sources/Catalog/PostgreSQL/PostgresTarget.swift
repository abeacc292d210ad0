internal import CPostgres
internal import HoldfastCore

/// A PostgreSQL database and how to get in, as `postgres://user@host:port/name?sslmode=…` says it: every parameter that libpq knows
/// may follow the `?`.
///
/// A description never has the password. What the URL leaves open libpq takes from its own places: `PGPASSWORD`, `PGPASSFILE`,
/// `~/.pgpass`, `PGSSLROOTCERT` and the rest.
public struct PostgresTarget: Sendable {
    struct Parameter: Sendable {
        let keyword: String
        let value: String
    }

    let parameters: [Parameter]

    public static func isURL(_ text: String) -> Bool {
        text.hasPrefix("postgres://") || text.hasPrefix("postgresql://")
    }

    /// - Parameter password: takes the place of the one in the URL.
    /// - Throws: ``CatalogError`` with `.unavailable` for a URL that libpq can't read. It says nothing of the URL's text, which may
    ///   hold a password.
    public init(url: String, password: String? = nil) throws(CatalogError) {
        guard Self.isURL(url), let options = PQconninfoParse(url, nil) else {
            throw CatalogError(
                code: .unavailable,
                message:
                    "the database's URL can't be read: write postgres://user@host:port/name, and characters that have "
                    + "a meaning in URLs as %40 and the like")
        }
        defer { PQconninfoFree(options) }
        var found: [Parameter] = []
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val {
                found.append(Parameter(keyword: String(cString: keyword), value: String(cString: value)))
            }
            option += 1
        }
        if let password {
            found.removeAll { $0.keyword == "password" }
            found.append(Parameter(keyword: "password", value: password))
        }
        parameters = found
    }

    func value(of keyword: String) -> String? { parameters.first { $0.keyword == keyword }?.value }

    /// Settings that hold unless the URL says otherwise. A peer that is gone without a word is noticed within 15 seconds.
    static let defaults = [
        Parameter(keyword: "fallback_application_name", value: "holdfast"),
        Parameter(keyword: "tcp_user_timeout", value: "15000"),
        Parameter(keyword: "keepalives_idle", value: "10"),
        Parameter(keyword: "keepalives_interval", value: "5"),
        Parameter(keyword: "keepalives_count", value: "2"),
    ]

    /// What libpq is given: the URL's own, and what it leaves open.
    var connectionParameters: [Parameter] {
        let given = Set(parameters.map(\.keyword))
        return parameters.filter { $0.keyword != "client_encoding" }
            + Self.defaults.filter { !given.contains($0.keyword) }
            + [Parameter(keyword: "client_encoding", value: "UTF8")]
    }
}

extension PostgresTarget: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// What a URL would say again, without what is secret.
    public var description: String {
        var text = "postgres://"
        if let user = value(of: "user") { text += user + "@" }
        text += value(of: "host") ?? value(of: "hostaddr") ?? ""
        if let port = value(of: "port") { text += ":" + port }
        text += "/" + (value(of: "dbname") ?? "")
        let told: Set = ["user", "host", "hostaddr", "port", "dbname", "password", "sslpassword"]
        let others = parameters.filter { !told.contains($0.keyword) }.map { "\($0.keyword)=\($0.value)" }
        return others.isEmpty ? text : text + "?" + others.joined(separator: "&")
    }

    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
