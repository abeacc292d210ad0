/// The body of `POST /v3/auth/tokens` (OpenStack Identity API v3, "Password authentication" and its siblings).
public struct TokenRequestBody: Sendable {
    public struct Reference: Sendable, Equatable {
        public let id: String?
        public let name: String?

        init(_ fields: Fields) throws(FieldError) {
            id = try fields.text("id")
            name = try fields.text("name")
            guard id != nil || name != nil else { throw FieldError(field: fields.path, rule: "needs an id or a name") }
        }
    }

    public struct User: Sendable {
        public let reference: Reference
        public let domain: Reference?

        init(_ fields: Fields) throws(FieldError) {
            reference = try Reference(fields)
            domain = try fields.object("domain").map { fields throws(FieldError) in try Reference(fields) }
            guard reference.id != nil || domain != nil else {
                throw FieldError(field: fields.field("domain"), rule: "is required where the user is given by name")
            }
        }
    }

    public enum Method: Sendable {
        case password(User, String)
        case token(String)
        case applicationCredential(id: String?, name: String?, user: User?, secret: String)
    }

    public enum Scope: Sendable {
        case unspecified, unscoped
        case project(Reference, domain: Reference?)
        case domain(Reference)
    }

    public let method: Method
    public let scope: Scope

    public init(_ body: Fields) throws(FieldError) {
        let auth = try body.require("auth", body.object("auth"))
        let identity = try auth.require("identity", auth.object("identity"))
        let methods = try identity.require("methods", identity.texts("methods", count: 1...1))
        let name = methods[0]
        let given = try identity.require(name, identity.object(name))
        switch name {
        case "password":
            let user = try given.require("user", given.object("user"))
            method = .password(try User(user), try user.require("password", user.text("password")))
        case "token": method = .token(try given.require("id", given.text("id")))
        case "application_credential":
            let user = try given.object("user").map { fields throws(FieldError) in try User(fields) }
            let (id, name) = (try given.text("id"), try given.text("name"))
            guard id != nil || name != nil && user != nil else {
                throw FieldError(field: given.path, rule: "needs an id, or a name and a user")
            }
            method = .applicationCredential(
                id: id, name: name, user: user, secret: try given.require("secret", given.text("secret")))
        default:
            throw FieldError(
                field: identity.field("methods"), rule: "must be one of password, token, application_credential")
        }
        if auth.value("scope") == .text("unscoped") {
            scope = .unscoped
        } else if let given = try auth.object("scope") {
            scope = try Self.scope(given)
        } else {
            scope = .unspecified
        }
    }

    private static func scope(_ fields: Fields) throws(FieldError) -> Scope {
        if let project = try fields.object("project") {
            let domain = try project.object("domain").map { fields throws(FieldError) in try Reference(fields) }
            let reference = try Reference(project)
            guard reference.id != nil || domain != nil else {
                throw FieldError(field: project.field("domain"), rule: "is required where the project is given by name")
            }
            return .project(reference, domain: domain)
        }
        if let domain = try fields.object("domain") { return .domain(try Reference(domain)) }
        if fields.has("unscoped") { return .unscoped }
        throw FieldError(field: fields.path, rule: "must hold a project or a domain")
    }
}

/// The body of `POST /v3/users/{user_id}/application_credentials`.
public struct ApplicationCredentialBody: Sendable {
    public let name: String
    public let description: String
    public let secret: String?
    /// `YYYY-MM-DDTHH:MM:SS[.ffffff][Z]`.
    public let expiresAt: String?

    public init(_ body: Fields) throws(FieldError) {
        let fields = try body.require("application_credential", body.object("application_credential"))
        name = try fields.require("name", fields.text("name", TextRule(1...255)))
        description = try fields.text("description", TextRule(0...255)) ?? ""
        secret = try fields.text("secret", TextRule(8...255))
        expiresAt = try fields.text("expires_at")
    }
}
