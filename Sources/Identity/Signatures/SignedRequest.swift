/// A request as it came over the wire: what a signature covers.
///
/// Its headers may hold a token and its body a password: never print it.
public struct SignedRequest: Sendable, CustomStringConvertible {
    /// In capitals.
    public var method: String
    /// The raw path, still percent-encoded, without the query.
    public var path: String
    /// The raw query without the `?`; empty when there is none.
    public var query: String
    /// In the order of arrival; names in any case.
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    public init(method: String, path: String, query: String, headers: [(name: String, value: String)], body: [UInt8]) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    public var description: String { "<\(method) request>" }

    /// Values of a header, in the order of arrival.
    ///
    /// - Parameter name: in lower case.
    func values(of name: String) -> [String] {
        headers.filter { $0.name.lowercased() == name }.map(\.value)
    }
}
