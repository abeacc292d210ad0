import CBRWire
import HTTPTypes

/// Whether the service lives, whether it can do its work, and what it has done. Nobody has to authenticate.
struct HealthRoutes: Sendable {
    /// A part that the service can't work without.
    struct Part: Sendable {
        let name: String
        let check: @Sendable () async throws -> Void
    }

    let parts: [Part]
    let metrics: ServiceMetrics
    let gauges: @Sendable () async -> [Gauge]

    var routes: [Route] {
        [
            route("Health", "/healthz") { _ in try .json(Status(status: "ok")) },
            route("Readiness", "/readyz") { _ in try await readiness() },
            route("Metrics", "/metrics") { _ in
                .text(metrics.page(await gauges()), type: "text/plain; version=0.0.4; charset=utf-8")
            },
        ]
    }

    private struct Status: Encodable { let status: String }

    private struct Readiness: Encodable {
        let status: String
        /// `ok`, or why it can't be used.
        let parts: [String: String]
    }

    private func route(
        _ operation: String, _ template: String, handle: @escaping @Sendable (ServiceRequest) async throws -> Answer
    ) -> Route {
        Route(operation: operation, method: .get, template: template, access: .open, handle: handle)
    }

    private func readiness() async throws -> Answer {
        var states: [String: String] = [:]
        for part in parts {
            do {
                try await part.check()
                states[part.name] = "ok"
            } catch {
                // The reason may name files; it is for the log, which has it from the part itself.
                states[part.name] = "unavailable"
            }
        }
        let isReady = states.values.allSatisfy { $0 == "ok" }
        return try .json(
            Readiness(status: isReady ? "ready" : "unavailable", parts: states),
            status: isReady ? .ok : .serviceUnavailable)
    }
}
