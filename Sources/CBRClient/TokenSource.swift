import Foundation

/// A token and where it is good.
struct Session: Sendable, Equatable {
    var token: String
    var projectID: String
    /// Without a slash at its end, such as `http://127.0.0.1:8776`.
    var serviceURL: String
}

/// Fetches a token at the first need and keeps it; callers that overlap share one fetch.
actor TokenSource {
    private let credentials: Credentials
    private let transport: any HTTPTransport
    private var fetching: Task<Session, any Error>?

    init(credentials: Credentials, transport: any HTTPTransport) {
        self.credentials = credentials
        self.transport = transport
    }

    func session() async throws -> Session {
        if let fetching { return try await fetching.value }
        let task = Task { [credentials, transport] in try await Self.fetch(credentials, over: transport) }
        fetching = task
        do {
            return try await task.value
        } catch {
            // The next caller tries again; a failure must not stick. A task that replaced ours meanwhile stays.
            if fetching == task { fetching = nil }
            throw error
        }
    }

    /// Drops a token that the service refused, unless a newer one has taken its place already.
    func drop(_ refused: Session) async {
        guard let fetching, let current = try? await fetching.value, current == refused else { return }
        if self.fetching == fetching { self.fetching = nil }
    }

    private static func fetch(_ credentials: Credentials, over transport: any HTTPTransport) async throws -> Session {
        let answer = try await transport.send(request(for: credentials))
        guard answer.isSuccess else { throw refusal(answer, credentials) }
        guard let token = given(credentials) ?? answer.headers["x-subject-token"] else {
            throw ClientError(
                .answerUnreadable, "\(credentials.identityURL) answered without a token: is it an Identity v3 address?")
        }
        let body: IdentityMessages.TokenAnswer
        do {
            body = try JSONDecoder().decode(IdentityMessages.TokenAnswer.self, from: answer.body)
        } catch let error as DecodingError {
            throw ClientError(
                .answerUnreadable, "the token answer of \(credentials.identityURL) \(DecodingProblem.sentence(error))",
                cause: error)
        }
        guard let project = body.token.project else {
            throw ClientError(
                .credentialsInvalid, "the token is not for a project: set OS_PROJECT_ID or OS_PROJECT_NAME")
        }
        let catalog = body.token.catalog ?? []
        guard
            let service = credentials.serviceURL
                ?? IdentityMessages.serviceRoot(in: catalog, region: credentials.region)
        else {
            let place = credentials.region.map { " in region '\($0)' (OS_REGION_NAME)" } ?? ""
            throw ClientError(.credentialsInvalid, "the service catalog has no 'cbr' endpoint\(place)")
        }
        return Session(token: token, projectID: project.id, serviceURL: Credentials.trimmed(service))
    }

    /// A token that is used as it was given, because no other scope is wanted.
    private static func given(_ credentials: Credentials) -> String? {
        guard case .token(let token) = credentials.proof, credentials.project == nil else { return nil }
        return token
    }

    private static func request(for credentials: Credentials) throws -> HTTPRequest {
        guard let url = URL(string: credentials.identityURL + "/auth/tokens"), url.host != nil else {
            throw ClientError(
                .credentialsInvalid, "'\(credentials.identityURL)' is not an address: use http://HOST:PORT/v3")
        }
        if let token = given(credentials) {
            return HTTPRequest(method: .get, url: url, headers: ["X-Auth-Token": token, "X-Subject-Token": token])
        }
        return HTTPRequest(
            method: .post, url: url, headers: ["Content-Type": "application/json"],
            body: try JSONEncoder().encode(IdentityMessages.TokenRequest(credentials)))
    }

    private static func refusal(_ answer: HTTPAnswer, _ credentials: Credentials) -> ClientError {
        let place = credentials.identityURL
        switch (answer.status, credentials.proof) {
        case (401, .password(let user, _)), (404, .password(let user, _)):
            return ClientError(
                .notAuthenticated, "\(place) refused user \(quoted(user)): wrong password, project or domain",
                status: answer.status)
        case (401, .token), (404, .token):
            return ClientError(
                .notAuthenticated, "\(place) refused the token in OS_TOKEN: it is unknown, expired or revoked",
                status: answer.status)
        case (401, .applicationCredential(let id, _)), (404, .applicationCredential(let id, _)):
            return ClientError(
                .notAuthenticated, "\(place) refused application credential '\(id)'", status: answer.status)
        default:
            return ServiceErrors.refusal(answer, attempted: "getting a token from \(place)")
        }
    }

    private static func quoted(_ user: Credentials.Named) -> String {
        switch user {
        case .id(let text), .name(let text, _): "'\(text)'"
        }
    }
}
