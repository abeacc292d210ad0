import Catalog
import Foundation
import HoldfastCore
import Identity
import TestSupport
import Testing

@testable import CBRServer

@Suite("Tokens over HTTP")
struct IdentityTokenTests {
    @Test("a password gives a token with everything that clients read from it")
    func issue() async throws {
        try await ServerBench.with { bench in
            let reply = try await bench.login()
            #expect(reply.status == 201)
            #expect(reply.headers["x-subject-token"]?.isEmpty == false)
            #expect(reply.headers["x-request-id"]?.isEmpty == false)
            #expect(reply.value("token.methods") == ["password"])
            #expect(reply.value("token.user.name") == "admin")
            #expect(reply.value("token.user.domain.name") == bench.admin.domainName)
            #expect(reply.value("token.project.id") == bench.admin.projectID)
            #expect(reply.value("token.project.name") == ServerBench.region)
            #expect(reply.value("token.roles.0.name") == "cbr_admin")
            #expect(reply.value("token.is_domain") == false)
            #expect(reply.value("token.audit_ids.0", as: String.self)?.isEmpty == false)
            let form = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z/
            for field in ["token.expires_at", "token.issued_at"] {
                #expect(try form.wholeMatch(in: reply.value(field, as: String.self) ?? "") != nil)
            }
            let services = reply.value("token.catalog", as: [[String: Any]].self) ?? []
            #expect(services.compactMap { $0["type"] as? String } == ["identity", "cbr"])
            let base = "http://127.0.0.1:\(bench.http.port)"
            #expect(reply.value("token.catalog.0.endpoints.0.url") == base + "/v3")
            #expect(reply.value("token.catalog.1.endpoints.0.url") == base + "/v3/" + bench.admin.projectID)
            for field in ["region", "region_id"] {
                #expect(reply.value("token.catalog.1.endpoints.0." + field) == ServerBench.region)
            }
            #expect(reply.value("token.catalog.1.endpoints.0.interface") == "public")
            #expect(try await bench.login(query: "?nocatalog").json["catalog"] == nil)
            #expect(try await bench.login(query: "?nocatalog").value("token.catalog", as: [Any].self) == nil)
        }
    }

    @Test("scopes: by id, by name, the domain, and unscoped, which has neither project nor catalog")
    func scopes() async throws {
        try await ServerBench.with { bench in
            let admin = bench.admin
            for scope in [
                #"{"project":{"id":"\#(admin.projectID)"}}"#,
                #"{"project":{"name":"\#(ServerBench.region)","domain":{"name":"\#(admin.domainName)"}}}"#,
                #"{"project":{"name":"\#(ServerBench.region)","domain":{"id":"\#(admin.domainID)"}}}"#,
            ] {
                #expect(try await bench.login(scope: scope).value("token.project.id") == admin.projectID)
            }
            let domain = try await bench.login(scope: #"{"domain":{"id":"\#(admin.domainID)"}}"#)
            #expect(domain.value("token.domain.name") == admin.domainName)
            let unscoped = try await bench.login(scope: "\"unscoped\"")
            #expect(unscoped.status == 201)
            for field in ["project", "roles", "catalog", "domain"] {
                #expect(
                    unscoped.value("token." + field, as: Any.self) == nil
                        || unscoped.value("token." + field, as: NSNull.self) != nil)
            }
        }
    }

    @Test("a token gets another, is shown, checked, and revoked")
    func life() async throws {
        try await ServerBench.with { bench in
            let unscoped = try #require(try await bench.login(scope: "\"unscoped\"").headers["x-subject-token"])
            let rescoped = try await bench.login(
                identity: #"{"methods":["token"],"token":{"id":"\#(unscoped)"}}"#,
                scope: #"{"project":{"id":"\#(bench.admin.projectID)"}}"#)
            #expect(rescoped.status == 201)
            let token = try #require(rescoped.headers["x-subject-token"])

            let subject = [(name: "X-Subject-Token", value: token)]
            let shown = try await bench.bearing(token, "GET", "/v3/auth/tokens", headers: subject)
            #expect(shown.status == 200)
            #expect(shown.headers["x-subject-token"] == token)
            #expect(shown.value("token.project.id") == bench.admin.projectID)
            let checked = try await bench.bearing(token, "HEAD", "/v3/auth/tokens", headers: subject)
            #expect(checked.status == 200 && checked.body.isEmpty)
            let bySignature = try await bench.signed("GET", "/v3/auth/tokens", headers: subject)
            #expect(bySignature.status == 200)

            #expect(try await bench.bearing(token, "DELETE", "/v3/auth/tokens", headers: subject).status == 204)
            #expect(try await bench.bearing(token, "GET", "/v3/auth/projects").status == 401)
            let gone = try await bench.signed("GET", "/v3/auth/tokens", headers: subject)
            #expect(gone.status == 404)
            #expect(gone.value("error.code") == 404)
            #expect(try await bench.signed("GET", "/v3/auth/tokens").status == 400, "no subject")
        }
    }

    @Test("another user can neither see nor revoke a token")
    func foreign() async throws {
        try await ServerBench.with { bench in
            let (_, password) = try await bench.identity.createUser(name: "guest", in: .init(bench.admin.domainID))
            let guest = try await bench.login(
                identity: """
                    {"methods":["password"],"password":{"user":{"name":"guest","password":"\(password)",\
                    "domain":{"id":"\(bench.admin.domainID)"}}}}
                    """)
            let guestToken = try #require(guest.headers["x-subject-token"])
            let token = try await bench.token()
            let subject = [(name: "X-Subject-Token", value: token)]
            for method in ["GET", "HEAD", "DELETE"] {
                #expect(try await bench.bearing(guestToken, method, "/v3/auth/tokens", headers: subject).status == 404)
            }
            #expect(try await bench.bearing(token, "GET", "/v3/auth/projects").status == 200)
        }
    }

    @Test("every wrong login has the same answer, in Keystone's form, and never names what was wrong")
    func refused() async throws {
        try await ServerBench.with { bench in
            let admin = bench.admin
            let replies = [
                try await bench.login(identity: bench.password("wrong")),
                try await bench.login(
                    identity: bench.password(admin.password).replacing("\"admin\"", with: "\"nobody\"")),
                try await bench.login(scope: #"{"project":{"id":"none"}}"#),
                try await bench.login(scope: #"{"project":{"name":"none","domain":{"name":"none"}}}"#),
                try await bench.login(identity: #"{"methods":["token"],"token":{"id":"none"}}"#),
                try await bench.login(
                    identity:
                        #"{"methods":["application_credential"],"application_credential":{"id":"x","secret":"y"}}"#),
            ]
            for reply in replies {
                #expect(reply.status == 401)
                #expect(reply.body == replies[0].body)
                #expect(reply.value("error.code") == 401)
                #expect(reply.value("error.title") == "Unauthorized")
                #expect(
                    reply.headers["www-authenticate"] == "Keystone uri=\"http://127.0.0.1:\(bench.http.port)/v3\"")
            }
        }
    }

    @Test(
        "a login that is not of the form is a 400 in Keystone's form",
        arguments: [
            "", "{", "[]", "null", "{}", #"{"auth":{}}"#, #"{"auth":[]}"#, #"{"auth":{"identity":{"methods":[]}}}"#,
            #"{"auth":{"identity":{"methods":["password"]}}}"#,
            #"{"auth":{"identity":{"methods":["magic"],"magic":{}}}}"#,
            #"{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"admin","password":1}}}}}"#,
            #"{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"admin","password":"x"}}}}}"#,
            #"{"auth":{"identity":{"methods":["password"],"password":{"user":{"password":"x"}}}}}"#,
            #"{"auth":{"identity":{"methods":["token"],"token":{"id":"x"}},"scope":7}}"#,
            #"{"auth":{"identity":{"methods":["token"],"token":{"id":"x"}},"scope":{"project":{}}}}"#,
            String(repeating: "[", count: 20_000),
        ])
    func malformed(body: String) async throws {
        try await ServerBench.with { bench in
            let reply = try await bench.http.send(
                "POST", "/v3/auth/tokens", headers: [("Content-Type", "application/json")], body: Array(body.utf8))
            #expect(reply.status == 400)
            #expect(reply.value("error.code") == 400)
            #expect(reply.value("error.message", as: String.self)?.isEmpty == false)
        }
    }

    @Test("no log line holds a password, a token, a secret key or a signature")
    func logs() async throws {
        try await ServerBench.with { bench in
            let token = try await bench.token()
            _ = try await bench.login(identity: bench.password("guess-4711"))
            _ = try await bench.login(identity: #"{"methods":["token"],"token":{"id":"guess-4712"}}"#)
            _ = try await bench.bearing(token, "GET", "/v3/auth/projects?token=guess-4713")
            _ = try await bench.bearing("guess-4714", "GET", "/v3/auth/projects")
            _ = try await bench.signed("GET", "/v3/projects")
            _ = try await bench.signed("GET", "/v3/projects", secret: "guess-4715")
            let text = bench.log.text
            #expect(bench.log.lines.count >= 7)
            for secret in [token, bench.admin.password, bench.admin.secretKey, "guess-47", "Signature="] {
                #expect(!text.contains(secret))
            }
        }
    }
}
