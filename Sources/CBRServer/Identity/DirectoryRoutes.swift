import CBRWire
import Catalog
import HTTPTypes
import HoldfastCore
import Identity

/// Versions, projects, domains, the service catalog, and application credentials.
struct DirectoryRoutes: Sendable {
    let identity: IdentityService
    let region: String

    var routes: [Route] {
        [
            route("ListVersions", .get, "/", access: .open) { request in
                try .json(IdentityShapes.VersionList(href: request.baseURL + "/v3/"), status: .multipleChoices)
            },
            route("ShowVersion", .get, "/v3", access: .open) { request in
                try .json(IdentityShapes.VersionBody(href: request.baseURL + "/v3/"))
            },
            route("ListIdentityProjects", .get, "/v3/projects") { request in try await listProjects(request) },
            route("ListAuthProjects", .get, "/v3/auth/projects") { request in try await listProjects(request) },
            route("ShowIdentityProject", .get, "/v3/projects/{id}") { request in try await showProject(request) },
            route("ListAuthDomains", .get, "/v3/auth/domains") { request in try domains(request) },
            route("ShowAuthCatalog", .get, "/v3/auth/catalog") { request in try await catalog(request) },
            route("ListApplicationCredentials", .get, Self.credentials) { request in
                try await listCredentials(request)
            },
            route("CreateApplicationCredential", .post, Self.credentials) { request in
                try await createCredential(request)
            },
            route("DeleteApplicationCredential", .delete, Self.credentials + "/{credential_id}") { request in
                _ = try ownUser(request)
                try await identity.deleteApplicationCredential(
                    request.parameter("credential_id"), by: request.requirePrincipal())
                return .empty(.noContent)
            },
        ]
    }

    private static let credentials = "/v3/users/{user_id}/application_credentials"

    private func route(
        _ operation: String, _ method: HTTPRequest.Method, _ template: String, access: Route.Access = .known,
        handle: @escaping @Sendable (ServiceRequest) async throws -> Answer
    ) -> Route {
        Route(
            operation: operation, method: method, template: template, access: access, style: .identity, handle: handle)
    }

    private func listProjects(_ request: ServiceRequest) async throws -> Answer {
        let name = request.queryValue("name")
        let projects = try await identity.projects(of: request.requirePrincipal())
            .filter { name == nil || $0.name == name }
        return try .json(
            IdentityShapes.ProjectList(
                projects: projects.map { shape($0, request) }, link: request.baseURL + "/v3/projects"))
    }

    private func showProject(_ request: ServiceRequest) async throws -> Answer {
        let id = ProjectID(try request.parameter("id"))
        let projects = try await identity.projects(of: request.requirePrincipal())
        guard let project = projects.first(where: { $0.id == id }) else {
            throw Refusal.notFound("there is no project \(id)")
        }
        return try .json(IdentityShapes.ProjectBody(project: shape(project, request)))
    }

    private func domains(_ request: ServiceRequest) throws -> Answer {
        let domain = try request.requirePrincipal().domain
        return try .json(
            IdentityShapes.DomainList(
                domains: [.init(id: domain.id.text, name: domain.name)], link: request.baseURL + "/v3/auth/domains"))
    }

    private func catalog(_ request: ServiceRequest) async throws -> Answer {
        let principal = try request.requirePrincipal()
        var project = principal.project?.id
        if project == nil {
            let all = try await identity.projects(of: principal)
            project = all.count == 1 ? all.first?.id : nil
        }
        let services = ServiceCatalog.services(baseURL: request.baseURL, region: region, project: project)
        return try .json(
            IdentityShapes.CatalogBody(catalog: services, link: request.baseURL + "/v3/auth/catalog"))
    }

    // MARK: Application credentials

    /// A user's credentials are its own business: another's user id is not found.
    private func ownUser(_ request: ServiceRequest) throws -> UserID {
        let id = UserID(try request.parameter("user_id"))
        guard try request.requirePrincipal().user.id == id else { throw Refusal.notFound("there is no user \(id)") }
        return id
    }

    private func listCredentials(_ request: ServiceRequest) async throws -> Answer {
        let user = try ownUser(request)
        let all = try await identity.applicationCredentials(of: user)
        let shapes = try await identity.grants(of: user).reduce(into: [ProjectID: Role]()) { $0[$1.project] = $1.role }
        return try .json(
            IdentityShapes.ApplicationCredentialList(
                all.map { shape($0, role: shapes[$0.project], secret: nil) }, link: request.baseURL + request.path))
    }

    private func createCredential(_ request: ServiceRequest) async throws -> Answer {
        let user = try ownUser(request)
        let body: ApplicationCredentialBody
        do throws(FieldError) { body = try ApplicationCredentialBody(Fields(parsing: request.body)) } catch {
            throw Refusal.badRequest(error.message)
        }
        var end: Instant?
        if let text = body.expiresAt {
            guard let parsed = KeystoneTime.parse(text) else {
                throw Refusal.badRequest("application_credential.expires_at: must be like 2026-11-24T15:00:00Z")
            }
            end = parsed
        }
        let made = try await identity.createApplicationCredential(
            name: body.name, description: body.description, secret: body.secret, expiresAt: end,
            by: request.requirePrincipal())
        let role = try await identity.grants(of: user).first { $0.project == made.credential.project }?.role
        return try .json(
            IdentityShapes.ApplicationCredentialBody(shape(made.credential, role: role, secret: made.secret)),
            status: .created)
    }

    private func shape(_ project: ProjectRecord, _ request: ServiceRequest) -> IdentityShapes.Project {
        .init(
            id: project.id.text, name: project.name, domain: project.domain.text, isEnabled: project.isEnabled,
            description: project.description, link: "\(request.baseURL)/v3/projects/\(project.id)")
    }

    private func shape(
        _ credential: ApplicationCredentialRecord, role: Role?, secret: String?
    ) -> IdentityShapes.ApplicationCredential {
        .init(
            id: credential.id, name: credential.name, description: credential.description,
            project: credential.project.text, expiresAt: credential.expiresAt.map(KeystoneTime.text),
            roles: role.map { [RoleNames.shape($0)] } ?? [], secret: secret)
    }
}

extension ServiceRequest {
    /// The raw path without the query.
    var path: String { String((head.path ?? "/").prefix { $0 != "?" }) }
}
