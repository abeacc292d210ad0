import Catalog
import Foundation
import HTTPTypes
import HoldfastCore
import Identity
import TestSupport
import Testing

@testable import CBRServer

@Suite("No route is reached by who may not")
struct RouteAccessTests {
    @Test("only these routes are open to anyone")
    func open() async throws {
        try await ServerBench.with { bench in
            let open = bench.routes.filter { $0.access == .open }.map { "\($0.method.rawValue) \($0.template)" }
            let known = [
                "GET /", "GET /v3", "POST /v3/auth/tokens", "GET /healthz", "GET /readyz", "GET /metrics",
                "GET /holdfast/v1/openapi.json",
            ]
            #expect(Set(open) == Set(known))
            _ = try await bench.token()
        }
    }

    @Test("every other route is 401 without credentials, and those of a project 403 in a stranger's project")
    func closed() async throws {
        try await ServerBench.with { bench in
            let token = try await bench.token()
            let other = try await bench.identity.createProject(name: "other", in: DomainID(bench.admin.domainID))
            #expect(bench.routes.count > 70)
            for route in bench.routes where route.access != .open {
                let own = route.target(project: bench.admin.projectID, id: "x")
                let unknown = try await bench.http.send(route.method.rawValue, own)
                #expect(unknown.status == 401, "\(route.method) \(own)")
                guard route.access == .project else { continue }
                for project in [other.id.text, "none"] {
                    let target = route.target(project: project, id: "x")
                    let reply = try await bench.bearing(token, route.method.rawValue, target)
                    #expect(reply.status == 403, "\(route.method) \(target)")
                }
            }
        }
    }

    /// Goal: a viewer changes nothing. Method: every route that could, with bodies that an administrator may send.
    @Test("a viewer gets no success from any route that changes something")
    func viewer() async throws {
        try await ServerBench.with { bench in
            let user = try #require(try await bench.login().value("token.user.id", as: String.self))
            try await bench.identity.grant(.viewer, to: UserID(user), in: ProjectID(bench.admin.projectID))
            for route in bench.routes where route.access == .project && route.method != .get {
                for body in ["", "{}", Self.vault] {
                    let target = route.target(project: bench.admin.projectID, id: "x")
                    let reply = try await bench.signed(route.method.rawValue, target, body: body)
                    #expect((400..<500).contains(reply.status), "\(route.method) \(target)")
                }
            }
            #expect(try await bench.signed("GET", bench.vaults).value("count") == 0)
        }
    }

    @Test("a user makes and changes vaults and can't delete them; an administrator can")
    func user() async throws {
        try await ServerBench.with { bench in
            let user = try #require(try await bench.login().value("token.user.id", as: String.self))
            let project = ProjectID(bench.admin.projectID)
            try await bench.identity.grant(.user, to: UserID(user), in: project)
            let made = try await bench.signed("POST", bench.vaults, body: Self.vault)
            #expect((200..<300).contains(made.status))
            let id = try #require(made.value("vault.id", as: String.self))
            let renamed = try await bench.signed("PUT", bench.vaults + "/" + id, body: #"{"vault":{"name":"w"}}"#)
            #expect((200..<300).contains(renamed.status))
            #expect(try await bench.signed("DELETE", bench.vaults + "/" + id).status == 403)
            try await bench.identity.grant(.admin, to: UserID(user), in: project)
            #expect((200..<300).contains(try await bench.signed("DELETE", bench.vaults + "/" + id).status))
        }
    }

    @Test("another project's vault is not found, by whatever route it is named")
    func otherProjectsVault() async throws {
        try await ServerBench.with { bench in
            let id = try #require(
                try await bench.signed("POST", bench.vaults, body: Self.vault).value("vault.id", as: String.self))
            let domain = DomainID(bench.admin.domainID)
            let other = try await bench.identity.createProject(name: "other", in: domain)
            let user = try #require(try await bench.login().value("token.user.id", as: String.self))
            try await bench.identity.grant(.admin, to: UserID(user), in: other.id)
            let vaults = "/v3/\(other.id)/vaults"
            #expect(try await bench.signed("GET", vaults).value("count") == 0)
            #expect(try await bench.signed("GET", vaults + "?id=" + id).value("count") == 0)
            for (method, target, body) in [
                ("GET", vaults + "/" + id, ""), ("PUT", vaults + "/" + id, #"{"vault":{"name":"stolen"}}"#),
                ("DELETE", vaults + "/" + id, ""),
                ("POST", "/v3/\(other.id)/checkpoints", #"{"checkpoint":{"vault_id":"\#(id)"}}"#),
            ] {
                let reply = try await bench.signed(method, target, body: body)
                #expect(reply.status == 404, "\(method) \(target)")
            }
            #expect(try await bench.signed("GET", bench.vaults + "/" + id).value("vault.name") == "v")
        }
    }

    static let vault = """
        {"vault":{"name":"v","resources":[],"billing":{"consistent_level":"crash_consistent","size":10,\
        "object_type":"disk","protect_type":"backup"}}}
        """
}
