/// Where the service is and as whom to call it.
public struct Credentials: Sendable, Equatable {
    /// How the caller proves who it is.
    public enum Proof: Sendable, Equatable {
        case password(user: Named, password: String)
        case applicationCredential(id: String, secret: String)
        case token(String)
    }

    /// A user or project: by id, or by name within a domain.
    public enum Named: Sendable, Equatable {
        case id(String)
        case name(String, domain: Domain)
    }

    public enum Domain: Sendable, Equatable {
        case id(String)
        case name(String)
    }

    public var proof: Proof
    /// The project to work in; nil leaves the choice to the service (application credentials, scoped tokens).
    public var project: Named?
    /// The Identity v3 root, such as `http://127.0.0.1:8776/v3`, without a slash at its end.
    public var identityURL: String
    /// The service's root, such as `http://127.0.0.1:8776`; nil takes it from the token's catalog.
    public var serviceURL: String?
    /// The region whose `cbr` endpoint is taken from the catalog; nil takes the first.
    public var region: String?

    public init(
        proof: Proof, project: Named?, identityURL: String, serviceURL: String? = nil, region: String? = nil
    ) {
        self.proof = proof
        self.project = project
        self.identityURL = identityURL
        self.serviceURL = serviceURL
        self.region = region
    }
}
