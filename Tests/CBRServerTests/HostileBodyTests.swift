import Foundation
import HoldfastCore
import Identity
import Synchronization
import TestSupport
import Testing

@testable import CBRServer

@Suite("Bodies that are too large, too slow, or lie about their length")
struct HostileBodyTests {
    @Test(
        "a body that says it is too large is refused before it is read",
        arguments: [1_048_577, 10_000_000, 1_000_000_000])
    func declared(length: Int) async throws {
        try await ServerBench.with { bench in
            let reply = try await bench.http.send(
                bytes: bench.head("POST", bench.checkpoints, ["Content-Length: \(length)"]) + Array("{".utf8))
            #expect(reply.status == 413)
            #expect(reply.headers["connection"] == "close")
            #expect(reply.value("error_code", as: String.self)?.isEmpty == false)
            try await bench.expectAlive()
        }
    }

    @Test("a body that grows too large in chunks is refused")
    func chunked() async throws {
        try await ServerBench.with { bench in
            let chunk = Array("10000\r\n".utf8) + [UInt8](repeating: 32, count: 0x10000) + Array("\r\n".utf8)
            let reply = try await bench.http.send(
                bytes: bench.head("POST", bench.checkpoints, ["Transfer-Encoding: chunked"])
                    + (0..<20).flatMap { _ in chunk })
            #expect(reply.status == 413)
        }
    }

    @Test("the largest body that is allowed is read, and one byte more is not")
    func limit() async throws {
        try await ServerBench.with { bench in
            let token = try await bench.token()
            let full = String(repeating: " ", count: Limits.bodyBytesMax)
            #expect(try await bench.bearing(token, "POST", bench.checkpoints, body: full).status == 400, "no JSON")
            #expect(try await bench.bearing(token, "POST", bench.checkpoints, body: full + " ").status == 413)
        }
    }

    /// A timer that is called off stays in the runtime's heap until its time, with the task that waited: at 30,000 requests a
    /// second for half a minute that was most of the server's memory.
    @Test("no timer runs for a request without a body, and one for each with a body")
    func timers() async throws {
        let timers = Mutex(0)
        let live = Seams.live
        var seams = live
        seams.sleep = { duration in
            if duration == .seconds(Limits.bodySeconds) { timers.withLock { $0 += 1 } }
            try await live.sleep(duration)
        }
        try await ServerBench.with(seams: seams) { bench in
            let token = try await bench.token()
            let before = timers.withLock { $0 }
            #expect(try await bench.http.send("GET", "/healthz").status == 200)
            #expect(try await bench.bearing(token, "GET", "/v3/\(bench.admin.projectID)/vaults").status == 200)
            let empty = bench.head(
                "POST", bench.checkpoints, ["Content-Length: 0", "Connection: close"])
            #expect(try await bench.http.send(bytes: empty).status == 401)
            #expect(timers.withLock { $0 } == before)
            #expect(try await bench.bearing(token, "POST", bench.checkpoints, body: "{}").status == 400)
            #expect(timers.withLock { $0 } == before + 1)
            let chunked = bench.head(
                "POST", bench.checkpoints, ["Transfer-Encoding: chunked", "Connection: close"])
            #expect(try await bench.http.send(bytes: chunked + Array("2\r\n{}\r\n0\r\n\r\n".utf8)).status == 401)
            #expect(timers.withLock { $0 } == before + 2)
        }
    }

    /// Goal: a body of one byte a second does not hold a connection for ever. Method: the server's time passes at once.
    @Test("a body that does not arrive in time is refused, and its connection closed")
    func slow() async throws {
        var seams = Seams.live
        seams.sleep = { _ in await Task.yield() }
        try await ServerBench.with(seams: seams) { bench in
            let clock = ContinuousClock()
            let started = clock.now
            let reply = try await bench.http.send(
                bytes: bench.head("POST", bench.checkpoints, ["Content-Length: 100"]) + Array("{\"a\":".utf8))
            // The client reads until the connection ends: well before an idle one is given up.
            #expect(clock.now - started < .seconds(Limits.idleConnectionSeconds / 2))
            #expect(reply.status == 408)
            #expect(reply.headers["connection"] == "close")
            #expect(reply.value("error_code", as: String.self)?.isEmpty == false)
        }
    }

    @Test("a client that dies in the middle of its body leaves nothing behind")
    func shorter() async throws {
        try await ServerBench.with { bench in
            for _ in 0..<20 {
                let bytes = bench.head("POST", bench.checkpoints, ["Content-Length: 100"]) + Array("{\"a\":".utf8)
                // It may be told why, or find the connection closed.
                let reply = try? await bench.http.send(bytes: bytes, hangsUp: true)
                #expect(reply.map { (400..<500).contains($0.status) } ?? true)
            }
            try await bench.expectAlive()
        }
    }

    @Test("bytes beyond the declared length are not part of the request")
    func longer() async throws {
        try await ServerBench.with { bench in
            let token = try await bench.token()
            let reply = try await bench.http.send(
                bytes: bench.head(
                    "GET", bench.vaults, ["X-Auth-Token: \(token)", "Content-Length: 0", "Connection: close"])
                    + Array("DELETE /v3 HTTP/1.1\r\n\r\n".utf8))
            #expect(reply.status == 200)
        }
    }

    @Test(
        "a length that is none, or two lengths, are refused",
        arguments: [
            ["Content-Length: -1"], ["Content-Length: abc"], ["Content-Length: 5", "Content-Length: 6"],
            ["Content-Length: 99999999999999999999"], ["Content-Length: 5", "Transfer-Encoding: chunked"],
        ])
    func nonsense(headers: [String]) async throws {
        try await ServerBench.with { bench in
            let reply = try? await bench.http.send(
                bytes: bench.head("POST", bench.checkpoints, headers + ["Connection: close"]) + Array("{\"a\":1}".utf8),
                hangsUp: true)
            #expect(reply.map { (400..<500).contains($0.status) } ?? true)
            try await bench.expectAlive()
        }
    }
}

extension ServerBench {
    var vaults: String { "/v3/\(admin.projectID)/vaults" }
    var checkpoints: String { "/v3/\(admin.projectID)/checkpoints" }

    /// Expects that the server still serves.
    func expectAlive(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let reply = try await signed("GET", vaults)
        #expect(reply.status == 200, sourceLocation: sourceLocation)
    }

    /// The head of a request, byte by byte.
    func head(_ method: String, _ target: String, _ headers: [String]) -> [UInt8] {
        Array(
            (["\(method) \(target) HTTP/1.1", "Host: 127.0.0.1:\(http.port)"] + headers + ["", ""])
                .joined(separator: "\r\n").utf8)
    }
}
