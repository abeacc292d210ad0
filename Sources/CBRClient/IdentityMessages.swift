import Foundation

/// Identity v3's token request and answer, as far as this client speaks it.
enum IdentityMessages {
    /// The body of `POST /v3/auth/tokens`.
    struct TokenRequest: Encodable {
        struct Auth: Encodable {
            var identity: IdentityPart
            var scope: Scope?
        }
        var auth: Auth

        init(_ credentials: Credentials) {
            auth = Auth(identity: IdentityPart(credentials.proof), scope: credentials.project.map(Scope.init))
            // An application credential has its own scope, and Keystone refuses a second one.
            if case .applicationCredential = credentials.proof { auth.scope = nil }
        }
    }

    struct IdentityPart: Encodable {
        struct Password: Encodable { var user: Party }
        struct Token: Encodable { var id: String }
        struct ApplicationCredential: Encodable { var id: String, secret: String }

        var methods: [String]
        var password: Password?
        var token: Token?
        var applicationCredential: ApplicationCredential?

        enum CodingKeys: String, CodingKey {
            case methods, password, token
            case applicationCredential = "application_credential"
        }

        init(_ proof: Credentials.Proof) {
            switch proof {
            case .password(let user, let secret):
                methods = ["password"]
                var party = Party(user)
                party.password = secret
                password = Password(user: party)
            case .token(let id):
                methods = ["token"]
                token = Token(id: id)
            case .applicationCredential(let id, let secret):
                methods = ["application_credential"]
                applicationCredential = ApplicationCredential(id: id, secret: secret)
            }
        }
    }

    struct Scope: Encodable {
        var project: Party
        init(_ project: Credentials.Named) { self.project = Party(project) }
    }

    /// A user or project.
    struct Party: Encodable {
        struct Domain: Encodable {
            var id: String?
            var name: String?
        }
        var id: String?
        var name: String?
        var domain: Domain?
        var password: String?

        init(_ named: Credentials.Named) {
            switch named {
            case .id(let id): self.id = id
            case .name(let name, .id(let domain)): (self.name, self.domain) = (name, Domain(id: domain))
            case .name(let name, .name(let domain)): (self.name, self.domain) = (name, Domain(name: domain))
            }
        }
    }

    struct TokenAnswer: Decodable {
        struct Token: Decodable {
            let project: Project?
            let catalog: [Service]?
        }
        struct Project: Decodable {
            let id: String
            let name: String?
        }
        struct Service: Decodable {
            let type: String
            let endpoints: [Endpoint]
        }
        struct Endpoint: Decodable {
            let interface: String?
            let region: String?
            let url: String
        }
        let token: Token
    }

    /// The service's root according to a catalog: the `cbr` endpoint without its `/v3/…`.
    static func serviceRoot(in catalog: [TokenAnswer.Service], region: String?) -> String? {
        let endpoints = catalog.filter { $0.type == "cbr" }.flatMap(\.endpoints)
            .filter { ($0.interface ?? "public") == "public" && (region == nil || $0.region == region) }
        guard let url = endpoints.first?.url else { return nil }
        guard let version = url.range(of: "/v3", options: .backwards) else { return Credentials.trimmed(url) }
        return String(url[..<version.lowerBound])
    }
}
