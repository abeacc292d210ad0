import Foundation
import HoldfastCore
import TestSupport
import Testing

@testable import CBRServer

@Suite("A connection ends when its answer says so")
struct ConnectionGuardTests {
    /// Goal: a refused body is not read to its end, however long it goes on. Method: pour until the server hangs up.
    @Test("a client that goes on sending after a refusal gets the answer, and is cut off")
    func pouring() async throws {
        try await ServerBench.with { bench in
            let head = bench.head("POST", bench.checkpoints, ["Content-Length: 1000000000000"])
            let reply = try await bench.http.pour(head, then: [UInt8](repeating: 32, count: 1 << 16))
            #expect(reply.status == 413)
            #expect(reply.headers["connection"] == "close")
            #expect(reply.headers["x-request-id"]?.isEmpty == false)
            try await bench.expectAlive()
        }
    }

    @Test("the rest of a refused request is never taken for another request")
    func smuggling() async throws {
        try await ServerBench.with { bench in
            let token = try await bench.token()
            let inner = bench.head("GET", bench.vaults, ["X-Auth-Token: \(token)"])
            let outer = bench.head("POST", bench.checkpoints, ["Content-Length: 10000000"])
            let reply = try await bench.http.send(bytes: outer + inner)
            #expect(reply.status == 413)
            #expect(!String(decoding: reply.body, as: UTF8.self).contains("HTTP/1.1 200"))
        }
    }

    @Test("bytes that are no request get an error body and a request id, and are logged and counted")
    func unreadable() async throws {
        try await ServerBench.with { bench in
            let reply = try await bench.http.send(bytes: Array("HELO example.com\r\n\r\n".utf8))
            #expect(reply.status == 400)
            #expect(reply.value("error_code") == "BackupService.9900")
            #expect(reply.headers["connection"] == "close")
            let id = try #require(reply.headers["x-request-id"])
            #expect(bench.log.lines.contains { $0.contains(id) && $0.contains("unreadable") })
            let metrics = try await bench.http.send("GET", "/metrics")
            #expect(String(decoding: metrics.body, as: UTF8.self).contains("route=\"unreadable\",status=\"400\""))
        }
    }

    /// Method: a head that never ends; the client itself gives up after a minute, which would fail the test.
    @Test("a client that does not finish its first head is cut off, and others are not")
    func slowHead() async throws {
        try await ServerBench.with(headPatience: .milliseconds(100)) { bench in
            let said = try await bench.http.exchange(bytes: Array("GET /healthz HTTP/1.1\r\nHost: exa".utf8))
            #expect(said.isEmpty)
            #expect(try await bench.http.exchange(bytes: []).isEmpty)
            try await bench.expectAlive()
        }
    }

    @Test("an answer that ends nothing leaves the connection open for the next request")
    func keepAlive() async throws {
        try await ServerBench.with { bench in
            let first = bench.head("GET", "/healthz", [])
            let last = bench.head("GET", "/v3/nowhere", ["Connection: close"])
            let text = String(decoding: try await bench.http.exchange(bytes: first + last), as: UTF8.self)
            #expect(text.components(separatedBy: "HTTP/1.1 ").count == 3)
            #expect(text.contains("HTTP/1.1 200") && text.contains("HTTP/1.1 404"))
        }
    }
}
