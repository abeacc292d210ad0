import Foundation

extension ServiceClient {
    private struct One: Decodable, Sendable { let resource: Resource }
    private struct Many: Decodable, Sendable, Page {
        let resources: [Resource]
        var items: [Resource] { resources }
    }

    public func registerResource(_ resource: NewResource) async throws -> Reply<Resource> {
        try await call(
            .post, ["resources"], in: .holdfast, body: ["resource": resource], as: One.self,
            attempted: "registering '\(resource.name)'"
        ).map(\.resource)
    }

    /// All resources of the project.
    public func resources() async throws -> Reply<[Resource]> {
        try await allPages(
            ["resources"], in: .holdfast, key: "resources", as: Many.self, attempted: "listing resources")
    }

    public func resource(_ id: String) async throws -> Reply<Resource> {
        try await call(.get, ["resources", id], in: .holdfast, as: One.self, attempted: "reading resource '\(id)'")
            .map(\.resource)
    }

    public func updateResource(_ id: String, _ changes: ResourceChanges) async throws -> Reply<Resource> {
        try await call(
            .put, ["resources", id], in: .holdfast, body: ["resource": changes], as: One.self,
            attempted: "changing resource '\(id)'"
        ).map(\.resource)
    }

    public func removeResource(_ id: String) async throws {
        _ = try await call(.delete, ["resources", id], in: .holdfast, attempted: "removing resource '\(id)'")
    }
}
