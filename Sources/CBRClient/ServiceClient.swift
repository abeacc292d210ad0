import Foundation

/// A typed client of the service: one method per call, in files by topic.
///
/// Every call throws ``ClientError`` (or `CancellationError`) and nothing else. A token is fetched at the first need;
/// when the service refuses it, a new one is fetched once and the call is repeated.
public struct ServiceClient: Sendable {
    private let transport: any HTTPTransport
    private let tokens: TokenSource
    private let userAgent: String

    public init(
        credentials: Credentials, transport: any HTTPTransport = URLSessionTransport(), userAgent: String = "holdfast"
    ) {
        self.transport = transport
        self.userAgent = userAgent
        tokens = TokenSource(credentials: credentials, transport: transport)
    }

    /// The project that the credentials lead to.
    public func projectID() async throws -> String { try await tokens.session().projectID }

    /// Sends one call.
    ///
    /// - Parameters:
    ///   - area: which tree of paths; the project's id is put in.
    ///   - path: below the project, such as `["vaults", id]`; each piece is percent-encoded.
    ///   - attempted: what is being done, such as `listing vaults`; begins the sentence of an error.
    func call(
        _ method: HTTPRequest.Method, _ path: [String], in area: Area = .cbr, query: [(String, String)] = [],
        body: Data? = nil, bodyType: String = "application/json", attempted: String
    ) async throws -> HTTPAnswer {
        var session = try await tokens.session()
        var answer = try await send(method, area, path, query, body, bodyType, session)
        if answer.status == 401 {
            await tokens.drop(session)
            session = try await tokens.session()
            answer = try await send(method, area, path, query, body, bodyType, session)
        }
        guard answer.isSuccess else { throw ServiceErrors.refusal(answer, attempted: attempted) }
        return answer
    }

    /// The trees of paths below which calls live.
    enum Area: String { case cbr = "v3", holdfast = "holdfast/v1" }

    private func send(
        _ method: HTTPRequest.Method, _ area: Area, _ path: [String], _ query: [(String, String)], _ body: Data?,
        _ bodyType: String, _ session: Session
    ) async throws -> HTTPAnswer {
        let pieces = [session.projectID] + path
        var address =
            "\(session.serviceURL)/\(area.rawValue)/" + pieces.map(PercentEncoding.encode).joined(separator: "/")
        if !query.isEmpty {
            address +=
                "?"
                + query.map { "\(PercentEncoding.encode($0.0))=\(PercentEncoding.encode($0.1))" }
                .joined(separator: "&")
        }
        guard let url = URL(string: address), url.host != nil else {
            throw ClientError(.credentialsInvalid, "'\(session.serviceURL)' is not an address: use http://HOST:PORT")
        }
        var headers = ["X-Auth-Token": session.token, "Accept": "application/json", "User-Agent": userAgent]
        if body != nil { headers["Content-Type"] = bodyType }
        return try await transport.send(HTTPRequest(method: method, url: url, headers: headers, body: body))
    }
}
