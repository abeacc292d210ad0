public import HoldfastCore

/// What a client says to get a token. Holds secrets: never print it.
public struct TokenRequest: Sendable, CustomStringConvertible {
    /// A user, by id or by name and domain.
    public enum UserName: Sendable, Equatable {
        case id(UserID)
        case named(String, domain: DomainName)
    }

    public enum DomainName: Sendable, Equatable {
        case id(DomainID)
        case named(String)
    }

    public enum Method: Sendable, Equatable, CustomStringConvertible {
        case password(UserName, password: String)
        case token(String)
        case applicationCredential(CredentialName, secret: String)

        public var description: String { "<\(name)>" }

        /// As the wire calls it.
        var name: String {
            switch self {
            case .password: "password"
            case .token: "token"
            case .applicationCredential: "application_credential"
            }
        }
    }

    public enum CredentialName: Sendable, Equatable {
        case id(String)
        case named(String, user: UserName)
    }

    public enum Scope: Sendable, Equatable {
        case project(ProjectID)
        case projectNamed(String, domain: DomainName)
        case domain(DomainName)
        /// Said so explicitly.
        case unscoped
        /// Nothing said: the user's only project, if there is exactly one.
        case unspecified
    }

    public var method: Method
    public var scope: Scope

    public init(method: Method, scope: Scope) {
        self.method = method
        self.scope = scope
    }

    public var description: String { "<token request by \(method.name)>" }
}

/// A token as it is handed out, once.
public struct IssuedToken: Sendable, CustomStringConvertible {
    /// The secret itself.
    public let text: String
    public let principal: Principal

    public var description: String { "<token>" }
}
