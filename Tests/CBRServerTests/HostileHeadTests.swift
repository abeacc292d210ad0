import Foundation
import HTTPTypes
import HoldfastCore
import Identity
import TestSupport
import Testing

@testable import CBRServer

@Suite("Heads, paths and ids that no good client sends")
struct HostileHeadTests {
    @Test("what is no request, or too large a head, is refused or cut off, and the server goes on")
    func heads() async throws {
        try await ServerBench.with { bench in
            let large = String(repeating: "h", count: 40_000)
            let heads: [[UInt8]] = [
                Array("nonsense\r\n\r\n".utf8), Array("GET\r\n\r\n".utf8), Array("\r\n\r\n".utf8),
                [0, 1, 2, 255, 13, 10],
                Array("GET / HTTP/9.9\r\n\r\n".utf8), bench.head("GET", "/" + large, []),
                bench.head("GET", "/v3", ["X-Large: \(large)"]),
                bench.head("GET", "/v3", (0..<200).map { "X-\($0): v" }),
                bench.head("GET", "/v3", ["no colon"]), bench.head("GET", "/v3", ["X: a\u{0}b"]),
                bench.head("GET", "/v3 with spaces", []), bench.head("CONNECT", "example.com:443", []),
                bench.head("OPTIONS", "*", []),
            ]
            for head in heads {
                let reply = try? await bench.http.send(bytes: head, hangsUp: true)
                #expect(reply.map { (300..<500).contains($0.status) } ?? true)
            }
            try await bench.expectAlive()
        }
    }

    @Test(
        "paths that are no route are 404, whatever is encoded in them",
        arguments: [
            "/v4", "/v3//vaults", "/v3/p/vaults/a/b/c", "/V3/auth/tokens", "/v3/auth/tokens/x", "/%76%33/auth/tokens",
            "/v3%2Fauth%2Ftokens", "/../etc/passwd", "/v3/../healthz", "/console", "/metrics/x",
            "/v3/p/vaults/%zz/x/y",
        ])
    func paths(target: String) async throws {
        try await ServerBench.with { bench in
            let reply = try await bench.signed("GET", target)
            #expect(reply.status == 404)
            #expect(reply.headers["content-type"]?.hasPrefix("application/json") == true)
        }
    }

    @Test("a method that a path does not take is 405, and says which it takes")
    func methods() async throws {
        try await ServerBench.with { bench in
            for (method, target) in [("PATCH", bench.vaults), ("DELETE", bench.checkpoints), ("PUT", "/v3")] {
                let reply = try await bench.signed(method, target)
                #expect(reply.status == 405)
            }
            let cbr = try await bench.signed("PATCH", bench.vaults)
            #expect(cbr.value("error_msg", as: String.self)?.contains("GET") == true)
            // It may be a vault's id too, so there is more than GET; each method is named once.
            let word = try await bench.signed("PATCH", "\(bench.vaults)/summary")
            #expect(word.headers["allow"] == "GET, PUT, DELETE")
        }
    }

    @Test("ids of any form lead to 404 or 400, never to a fault of the server")
    func ids() async throws {
        try await ServerBench.with { bench in
            let token = try await bench.token()
            let ids = [
                "x", "0", "%00", "%F0%9F%94%91", "%FF", "..", "%2e%2e%2f", "'%20OR%201=1--", "%22", "{vault_id}",
                String(repeating: "a", count: 8000), "00000000-0000-0000-0000-000000000000",
            ]
            for route in bench.routes where route.access == .project && route.method == .get {
                for id in ids {
                    let target = route.target(project: bench.admin.projectID, id: id)
                    let reply = try await bench.bearing(token, "GET", target)
                    #expect(reply.status < 500, "\(target)")
                    if reply.status >= 400 { #expect(reply.value("error_code", as: String.self) != nil, "\(target)") }
                }
            }
        }
    }

    @Test("queries of any form are answered or refused, never a fault of the server")
    func queries() async throws {
        try await ServerBench.with { bench in
            let token = try await bench.token()
            let queries = [
                "limit=-1", "limit=0", "limit=abc", "limit=99999999999999999999", "limit=1e3", "limit=",
                "limit=1&limit=2",
                "offset=-1", "offset=99999999999", "offset=x", "marker=none", "marker=%00", "sort=x",
                "sort=-created_at",
                "sort=created_at:desc,name:asc", "name=%25", "name=%FF", "name=' OR '1'='1", "id=%00&id=x",
                "status=none",
                "object_type=none", "start_time=x", "end_time=2026-13-45T99:99:99Z", "dec=maybe", "all=perhaps",
                "show_replication=x", "=", "&&&", "a=b=c=d", "%", String(repeating: "a=b&", count: 2000),
            ]
            for route in bench.routes where route.access != .open && route.method == .get {
                for query in queries {
                    let target =
                        route.target(project: bench.admin.projectID, id: "x") + "?" + query.replacing(" ", with: "%20")
                    let reply = try await bench.bearing(token, "GET", target)
                    #expect(reply.status < 500, "\(target)")
                }
            }
        }
    }

    @Test("the client's request id comes back when it is sane, and another one when it is not")
    func requestIDs() async throws {
        try await ServerBench.with { bench in
            let sane = try await bench.http.send("GET", "/v3", headers: [("X-Request-Id", "req-4711_a.b")])
            #expect(sane.headers["x-request-id"] == "req-4711_a.b")
            #expect(bench.log.text.contains("req-4711_a.b"))
            for id in ["", "a b", String(repeating: "x", count: 65), "a\"c", "a/b", "a;b"] {
                let reply = try await bench.http.send("GET", "/nowhere", headers: [("X-Request-Id", id)])
                let given = try #require(reply.headers["x-request-id"])
                #expect(given != id && given.count == 32)
                #expect(reply.status == 404)
            }
        }
    }
}

extension Route {
    /// A path of the route.
    ///
    /// - Parameter id: stands for every part but the project, raw.
    func target(project: String, id: String) -> String {
        parts.map { part in
            part == "{project_id}" ? "/" + project : "/" + (part.hasPrefix("{") ? id : String(part))
        }.joined()
    }
}
