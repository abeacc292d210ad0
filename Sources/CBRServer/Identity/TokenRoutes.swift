import CBRWire
import Catalog
import Foundation
import HTTPTypes
import HoldfastCore
import Identity

/// `/v3/auth/tokens`: issue, validate, revoke.
struct TokenRoutes: Sendable {
    private static let subjectHeader = "x-subject-token"
    private static let path = "/v3/auth/tokens"

    let identity: IdentityService
    let region: String

    var routes: [Route] {
        [
            route("CreateToken", .post, access: .open) { request in try await create(request) },
            route("ValidateToken", .get, access: .known) { request in try await validate(request) },
            route("RevokeToken", .delete, access: .known) { request in try await revoke(request) },
        ]
    }

    private func route(
        _ operation: String, _ method: HTTPRequest.Method, access: Route.Access,
        handle: @escaping @Sendable (ServiceRequest) async throws -> Answer
    ) -> Route {
        Route(
            operation: operation, method: method, template: Self.path, access: access, style: .identity, handle: handle)
    }

    private func create(_ request: ServiceRequest) async throws -> Answer {
        let body: TokenRequestBody
        do throws(FieldError) { body = try TokenRequestBody(Fields(parsing: request.body)) } catch {
            throw Refusal.badRequest(error.message)
        }
        let issued = try await identity.issueToken(TokenRequest(body))
        return try await answer(
            issued.principal, text: issued.text, status: .created, request: request,
            withCatalog: request.queryValue("nocatalog") == nil)
    }

    private func validate(_ request: ServiceRequest) async throws -> Answer {
        guard let subject = request.header(Self.subjectHeader) else {
            throw Refusal.badRequest("the header X-Subject-Token is required")
        }
        let principal = try await visible(subject, to: request)
        return try await answer(
            principal, text: subject, status: .ok, request: request,
            withCatalog: request.queryValue("nocatalog") == nil)
    }

    private func revoke(_ request: ServiceRequest) async throws -> Answer {
        guard let subject = request.header(Self.subjectHeader) else {
            throw Refusal.badRequest("the header X-Subject-Token is required")
        }
        _ = try await visible(subject, to: request)
        _ = try await identity.revokeToken(subject)
        return .empty(.noContent)
    }

    /// The token's principal, for the user it belongs to, or for an administrator of its project; for others it is unknown.
    private func visible(_ subject: String, to request: ServiceRequest) async throws -> Principal {
        let asking = try request.requirePrincipal()
        let unknown = Refusal.notFound("there is no such token")
        let principal: Principal
        do { principal = try await identity.principal(ofToken: subject) } catch {
            guard error.code == .unauthenticated else { throw error }
            throw unknown
        }
        if principal.user.id == asking.user.id { return principal }
        guard let project = principal.project,
            try await identity.grants(of: asking.user.id).contains(where: {
                $0.project == project.id && $0.role == .admin
            })
        else { throw unknown }
        return principal
    }

    private func answer(
        _ principal: Principal, text: String, status: HTTPResponse.Status, request: ServiceRequest, withCatalog: Bool
    ) async throws -> Answer {
        guard case .token(let record) = principal.means else { throw Refusal.notFound("there is no such token") }
        let domain = IdentityShapes.Named(id: principal.domain.id.text, name: principal.domain.name)
        var token = IdentityShapes.Token(
            user: .init(id: principal.user.id.text, name: principal.user.name, domain: domain))
        token.methods = record.methods
        token.auditIds = [record.auditID]
        token.issuedAt = KeystoneTime.text(record.issuedAt)
        token.expiresAt = KeystoneTime.text(record.expiresAt)
        if let project = principal.project {
            token.project = .init(id: project.id.text, name: project.name, domain: domain)
            let grants = try await identity.grants(of: principal.user.id).filter { $0.project == project.id }
            token.roles = grants.map { RoleNames.shape($0.role) }
        } else if principal.isDomainScoped {
            token.domain = domain
            token.roles = []
        }
        if withCatalog, principal.project != nil || principal.isDomainScoped {
            token.catalog = ServiceCatalog.services(
                baseURL: request.baseURL, region: region, project: principal.project?.id)
        }
        var answer = try Answer.json(IdentityShapes.TokenBody(token: token), status: status)
        if let name = HTTPField.Name(Self.subjectHeader) { answer.headers[name] = text }
        return answer
    }
}

extension TokenRequest {
    init(_ body: TokenRequestBody) {
        let method: Method =
            switch body.method {
            case .password(let user, let password): .password(UserName(user), password: password)
            case .token(let text): .token(text)
            case .applicationCredential(let id, let name, let user, let secret):
                if let id {
                    .applicationCredential(.id(id), secret: secret)
                } else {
                    .applicationCredential(
                        .named(name ?? "", user: user.map { UserName($0) } ?? .id(UserID(""))), secret: secret)
                }
            }
        let scope: Scope =
            switch body.scope {
            case .unspecified: .unspecified
            case .unscoped: .unscoped
            case .domain(let domain): .domain(DomainName(domain))
            case .project(let project, let domain):
                if let id = project.id {
                    .project(ProjectID(id))
                } else {
                    .projectNamed(project.name ?? "", domain: domain.map { DomainName($0) } ?? .named(""))
                }
            }
        self.init(method: method, scope: scope)
    }
}

extension TokenRequest.UserName {
    init(_ user: TokenRequestBody.User) {
        if let id = user.reference.id {
            self = .id(UserID(id))
        } else {
            self = .named(user.reference.name ?? "", domain: user.domain.map { .init($0) } ?? .named(""))
        }
    }
}

extension TokenRequest.DomainName {
    init(_ reference: TokenRequestBody.Reference) {
        self = if let id = reference.id { .id(DomainID(id)) } else { .named(reference.name ?? "") }
    }
}
