import Catalog
import Foundation
import HoldfastCore
import Identity
import TestSupport
import Testing

@testable import CBRServer

@Suite("Every request is authenticated before anything is done")
struct IdentityAuthenticationTests {
    @Test("a signature over a raw path and query with escapes is accepted, for reading and for writing")
    func signatures() async throws {
        try await ServerBench.with { bench in
            let vaults = "/v3/\(bench.admin.projectID)/vaults"
            #expect(try await bench.signed("GET", vaults).status == 200)
            #expect(try await bench.signed("GET", vaults + "?name=%E4%B8%AD%20a%2Fb&limit=10&offset=0").status == 200)
            let project = [(name: "X-Project-Id", value: bench.admin.projectID)]
            #expect(try await bench.signed("GET", vaults, headers: project).status == 200)
            #expect(try await bench.signed("GET", vaults + "/%2F%2e%2e").status == 404)
            let written = try await bench.signed("POST", vaults, body: "{}")
            #expect(written.status == 400, "known, allowed, and then refused for its body")
        }
    }

    @Test("without credentials, or with wrong ones, CBR paths answer 401 in CBR's form")
    func unknown() async throws {
        try await ServerBench.with { bench in
            let vaults = "/v3/\(bench.admin.projectID)/vaults"
            let replies = [
                try await bench.http.send("GET", vaults), try await bench.bearing("none", "GET", vaults),
                try await bench.signed("GET", vaults, secret: "wrong"),
                try await bench.signed("GET", vaults, headers: [("X-Security-Token", "t")]),
                try await bench.http.send("GET", vaults, headers: [("Authorization", "Basic YTpi")]),
                try await bench.http.send("GET", "/v3/none/vaults"),
            ]
            for reply in replies {
                #expect(reply.status == 401)
                #expect(reply.value("error_code", as: String.self)?.isEmpty == false)
                #expect(reply.value("error_msg", as: String.self)?.isEmpty == false)
                #expect(reply.body == replies[0].body)
            }
            let keystone = try await bench.http.send("GET", "/v3/auth/projects")
            #expect(keystone.status == 401 && keystone.value("error.code") == 401)
        }
    }

    @Test("a body that differs from the signed one is refused, also when it is left out of the signature")
    func bodies() async throws {
        try await ServerBench.with { bench in
            let vaults = "/v3/\(bench.admin.projectID)/vaults"
            let unsigned = [(name: "X-Sdk-Content-Sha256", value: "UNSIGNED-PAYLOAD")]
            let leftOut = try await bench.signed("POST", vaults, headers: unsigned, body: "{}")
            #expect(leftOut.status == 401)
            let wrongHash = [(name: "X-Sdk-Content-Sha256", value: String(repeating: "0", count: 64))]
            let other = try await bench.signed("POST", vaults, headers: wrongHash, body: "{}")
            #expect(other.status == 401)
        }
    }

    @Test("another project in the path, or in X-Project-Id, is 403, with a token and with a signature")
    func projects() async throws {
        try await ServerBench.with { bench in
            let other = try await bench.identity.createProject(name: "other", in: .init(bench.admin.domainID))
            let token = try await bench.token()
            let own = "/v3/\(bench.admin.projectID)/vaults"
            let claim = [(name: "X-Project-Id", value: other.id.text)]
            for reply in [
                try await bench.bearing(token, "GET", "/v3/\(other.id)/vaults"),
                try await bench.signed("GET", "/v3/\(other.id)/vaults"),
                try await bench.signed("GET", "/v3/%7Bproject_id%7D/vaults"),
                try await bench.bearing(token, "GET", own, headers: claim),
                try await bench.signed("GET", own, headers: claim),
            ] {
                #expect(reply.status == 403)
                #expect(reply.value("error_code", as: String.self)?.isEmpty == false)
            }
            #expect(try await bench.bearing(token, "GET", own).status == 200)
        }
    }

    @Test("a viewer may read and not write, and learns that it is the role")
    func viewer() async throws {
        try await ServerBench.with { bench in
            let login = try await bench.login()
            let user = try #require(login.value("token.user.id", as: String.self))
            try await bench.identity.grant(.viewer, to: .init(user), in: .init(bench.admin.projectID))
            let vaults = "/v3/\(bench.admin.projectID)/vaults"
            #expect(try await bench.signed("GET", vaults).status == 200)
            let body = """
                {"vault":{"name":"v","resources":[],"billing":{"consistent_level":"crash_consistent","size":10,\
                "object_type":"disk","protect_type":"backup"}}}
                """
            #expect(try await bench.signed("POST", vaults, body: body).status == 403)
        }
    }
}
