import Catalog
import Foundation
import HoldfastCore
import Identity
import TestSupport
import Testing

@testable import CBRServer

@Suite("Versions, projects, domains and the catalog over HTTP")
struct IdentityDirectoryTests {
    @Test("versions are told to anyone, with links that lead back the way the client came")
    func discovery() async throws {
        try await ServerBench.with { bench in
            let host = [(name: "Host", value: "backup.example:8776")]
            let root = try await bench.http.send("GET", "/", headers: host)
            #expect(root.status == 300)
            #expect(root.value("versions.values.0.id") == "v3.14")
            #expect(root.value("versions.values.0.links.0.href") == "http://backup.example:8776/v3/")
            for path in ["/v3", "/v3/"] {
                let version = try await bench.http.send("GET", path, headers: host)
                #expect(version.status == 200)
                #expect(version.value("version.status") == "stable")
                #expect(version.value("version.links.0.href") == "http://backup.example:8776/v3/")
                #expect(version.value("version.media-types.0.base") == "application/json")
            }
        }
    }

    @Test("look-ups take a token and a signature alike")
    func lookups() async throws {
        try await ServerBench.with { bench in
            let admin = bench.admin
            let token = try await bench.token()
            func both(_ target: String) async throws -> [RawHTTP.Reply] {
                [try await bench.bearing(token, "GET", target), try await bench.signed("GET", target)]
            }
            for reply in try await both("/v3/projects?name=\(ServerBench.region)") + both("/v3/auth/projects") {
                #expect(reply.status == 200)
                #expect(reply.value("projects", as: [Any].self)?.count == 1)
                #expect(reply.value("projects.0.id") == admin.projectID)
                #expect(reply.value("projects.0.domain_id") == admin.domainID)
                #expect(reply.value("projects.0.enabled") == true)
            }
            for reply in try await both("/v3/projects?name=none") {
                #expect(reply.status == 200)
                #expect(reply.value("projects", as: [Any].self)?.isEmpty == true)
            }
            for reply in try await both("/v3/projects/\(admin.projectID)") {
                #expect(reply.value("project.name") == ServerBench.region)
            }
            for reply in try await both("/v3/auth/domains") {
                #expect(reply.value("domains.0.id") == admin.domainID)
                #expect(reply.value("domains.0.name") == admin.domainName)
                #expect(reply.value("domains.0.enabled") == true)
            }
            for reply in try await both("/v3/auth/catalog") {
                #expect(reply.value("catalog.1.type") == "cbr")
            }
        }
    }

    @Test("projects without a role are not found, whether they exist or not")
    func foreign() async throws {
        try await ServerBench.with { bench in
            let other = try await bench.identity.createProject(name: "other", in: .init(bench.admin.domainID))
            let token = try await bench.token()
            let there = try await bench.bearing(token, "GET", "/v3/projects/\(other.id)")
            let none = try await bench.bearing(token, "GET", "/v3/projects/none")
            #expect(there.status == 404 && none.status == 404)
            #expect(
                try await bench.bearing(token, "GET", "/v3/projects?name=other").value("projects", as: [Any].self)?
                    .isEmpty == true)
        }
    }

    @Test("application credentials are made, listed, used and deleted by their user only")
    func credentials() async throws {
        try await ServerBench.with { bench in
            let login = try await bench.login()
            let token = try #require(login.headers["x-subject-token"])
            let user = try #require(login.value("token.user.id", as: String.self))
            let path = "/v3/users/\(user)/application_credentials"
            let made = try await bench.bearing(
                token, "POST", path, body: #"{"application_credential":{"name":"nightly","description":"d"}}"#)
            #expect(made.status == 201)
            let id = try #require(made.value("application_credential.id", as: String.self))
            let secret = try #require(made.value("application_credential.secret", as: String.self))
            let listed = try await bench.bearing(token, "GET", path)
            #expect(listed.value("application_credentials.0.id") == id)
            #expect(listed.body.range(of: Data(secret.utf8)) == nil, "shown once")

            let used = try await bench.login(
                identity: """
                    {"methods":["application_credential"],"application_credential":{"id":"\(id)","secret":"\(secret)"}}
                    """)
            #expect(used.status == 201)
            #expect(used.value("token.project.id") == bench.admin.projectID)
            let confined = try #require(used.headers["x-subject-token"])
            #expect(try await bench.bearing(confined, "DELETE", path + "/" + id).status == 403)

            #expect(try await bench.bearing(token, "GET", "/v3/users/other/application_credentials").status == 404)
            #expect(try await bench.bearing(token, "POST", path, body: "{}").status == 400)
            let past = #"{"application_credential":{"name":"p","expires_at":"2001-01-01T00:00:00Z"}}"#
            #expect(try await bench.bearing(token, "POST", path, body: past).status == 400)
            #expect(try await bench.bearing(token, "DELETE", path + "/" + id).status == 204)
            #expect(try await bench.bearing(token, "DELETE", path + "/" + id).status == 404)
            #expect(try await bench.bearing(confined, "GET", "/v3/auth/projects").status == 401)
        }
    }
}
