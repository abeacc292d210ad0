import Catalog
import TestSupport
import Testing

@testable import CBRServer

@Suite("A service that can't do its work says which part is missing, and lives on")
struct ReadinessTests {
    private struct DiskGone: Error {}

    private func expect(
        _ bench: ServerBench, status: Int, catalog: String, repository: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let reply = try await bench.http.send("GET", "/readyz")
        #expect(reply.status == status, sourceLocation: sourceLocation)
        #expect(reply.value("parts.catalog") == catalog, sourceLocation: sourceLocation)
        #expect(reply.value("parts.repository") == repository, sourceLocation: sourceLocation)
        #expect(try await bench.http.send("GET", "/healthz").status == 200, sourceLocation: sourceLocation)
    }

    @Test("ready, then without a catalog")
    func catalog() async throws {
        try await ServerBench.with { bench in
            try await expect(bench, status: 200, catalog: "ok", repository: "ok")
            try await bench.catalog.close()
            try await expect(bench, status: 503, catalog: "unavailable", repository: "ok")
        }
    }

    @Test("without a repository")
    func repository() async throws {
        try await ServerBench.with(repository: { throw DiskGone() }) { bench in
            try await expect(bench, status: 503, catalog: "ok", repository: "unavailable")
            let body = try await bench.http.send("GET", "/readyz").body
            #expect(!String(decoding: body, as: UTF8.self).contains("DiskGone"))
        }
    }
}
