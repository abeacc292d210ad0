import CBRWire
import Catalog
import HTTPTypes
import HoldfastCore
import Identity

/// Projects and their domain, as the interface asks for them, and the move from older services, of which there is none.
///
/// A caller sees the projects of its own domain, by name and id: sharing a backup needs the other project's id. What
/// lies in another domain is not found.
struct DomainRoutes: Sendable {
    let identity: IdentityService

    var routes: [Route] {
        [
            route("ListProjects", .get, "/v3/region-projects", handle: projects),
            route("ListDomainProjects", .get, "/v3/domain/{domain_name}/projects", handle: domainProjects),
            route("ShowDomain", .get, "/v3/domain/{source_project_id}", handle: domain),
            route("ShowMigrateStatus", .get, "/v3/migrates", handle: migrateStatus),
            route("MigrateDomain", .post, "/v3/migrates", handle: migrate),
        ]
    }

    private func route(
        _ operation: String, _ method: HTTPRequest.Method, _ template: String,
        handle: @escaping @Sendable (ServiceRequest) async throws -> Answer
    ) -> Route {
        Route(operation: operation, method: method, template: template, access: .known, handle: handle)
    }

    @Sendable private func projects(_ request: ServiceRequest) async throws -> Answer {
        let projects = try await identity.projects(of: request.requirePrincipal())
        return try .json(
            RegionProjectsBody(
                projects.map { project in
                    .init(
                        id: project.id.text, name: project.name, description: project.description,
                        domain: project.domain.text, isEnabled: project.isEnabled,
                        link: "\(request.baseURL)/v3/projects/\(project.id)")
                }, link: request.baseURL + "/v3/region-projects"))
    }

    @Sendable private func domainProjects(_ request: ServiceRequest) async throws -> Answer {
        let principal = try request.requirePrincipal()
        let name = try request.parameter("domain_name")
        guard principal.domain.name == name else { throw Refusal.notFound("there is no domain of this name") }
        let projects = try await identity.domainProjects(of: principal)
        return try .json(ProjectNamesBody(projects.map { .init(projectId: $0.id.text, projectName: $0.name) }))
    }

    @Sendable private func domain(_ request: ServiceRequest) async throws -> Answer {
        let principal = try request.requirePrincipal()
        let id = ProjectID(try request.parameter("source_project_id"))
        guard let project = try await identity.domainProjects(of: principal).first(where: { $0.id == id }) else {
            throw Refusal.notFound("there is no such project")
        }
        return try .json(
            DomainOfProjectBody(
                domainId: principal.domain.id.text, domainName: principal.domain.name, projectId: project.id.text,
                projectName: project.name))
    }

    @Sendable private func migrateStatus(_ request: ServiceRequest) async throws -> Answer {
        _ = try ListQuery(request).flag("all_regions")
        return try .json(MigrateStatusBody())
    }

    @Sendable private func migrate(_ request: ServiceRequest) async throws -> Answer {
        _ = try MigrateDomainRequest(request.fields())
        return try .json([
            "status": "success", "message": "nothing was moved: there are no older backup services to move from",
        ])
    }
}
