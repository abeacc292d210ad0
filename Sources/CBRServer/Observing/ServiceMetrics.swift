import Foundation
import Synchronization

/// Counts of what the service did, in Prometheus' text form (exposition format 0.0.4).
///
/// Labels are route templates, methods and statuses, never paths or ids, so their number is bounded.
public final class ServiceMetrics: Sendable {
    /// Upper bounds of the buckets of request durations, in seconds.
    private static let bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    private struct Key: Hashable {
        let method: String
        let route: String
        let status: Int
    }

    private struct Durations {
        var buckets = [Int](repeating: 0, count: bounds.count)
        var count = 0
        var sum = 0.0
    }

    private struct State {
        var requests: [Key: Int] = [:]
        var durations: [String: Durations] = [:]
    }

    private let state = Mutex(State())

    public init() {}

    /// Clients may make methods up; each would be a label of its own for ever.
    private static let methods: Set = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "none"]

    func count(method: String, route: String, status: Int, duration: Duration) {
        let method = Self.methods.contains(method) ? method : "other"
        state.withLock { state in
            state.requests[Key(method: method, route: route, status: status), default: 0] += 1
            var durations = state.durations[route] ?? Durations()
            let seconds = duration.seconds
            for (index, bound) in Self.bounds.enumerated() where seconds <= bound { durations.buckets[index] += 1 }
            durations.count += 1
            durations.sum += seconds
            state.durations[route] = durations
        }
    }

    /// The whole page.
    ///
    /// - Parameter gauges: more metrics, already counted elsewhere.
    func page(_ gauges: [Gauge]) -> String {
        let (requests, durations) = state.withLock { ($0.requests, $0.durations) }
        var lines = [
            "# HELP holdfast_http_requests_total Requests answered.", "# TYPE holdfast_http_requests_total counter",
        ]
        for (key, count) in requests.sorted(by: { "\($0.key)" < "\($1.key)" }) {
            lines.append(
                "holdfast_http_requests_total{method=\"\(key.method)\",route=\"\(key.route)\",status=\"\(key.status)\"} \(count)"
            )
        }
        let name = "holdfast_http_request_duration_seconds"
        lines += ["# HELP \(name) Time from the head of a request to its answer.", "# TYPE \(name) histogram"]
        for (route, value) in durations.sorted(by: { $0.key < $1.key }) {
            for (bound, count) in zip(Self.bounds, value.buckets) {
                lines.append("\(name)_bucket{route=\"\(route)\",le=\"\(bound)\"} \(count)")
            }
            lines.append("\(name)_bucket{route=\"\(route)\",le=\"+Inf\"} \(value.count)")
            lines.append("\(name)_sum{route=\"\(route)\"} \(value.sum)")
            lines.append("\(name)_count{route=\"\(route)\"} \(value.count)")
        }
        for gauge in gauges { lines += gauge.lines }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// One metric with its current values.
public struct Gauge: Sendable {
    public enum Kind: String, Sendable { case gauge, counter }

    let name: String
    let help: String
    let kind: Kind
    /// Labels as they stand between the braces, and the value.
    let values: [(labels: String, value: Double)]

    public init(_ name: String, _ help: String, kind: Kind = .gauge, values: [(labels: String, value: Double)]) {
        self.name = name
        self.help = help
        self.kind = kind
        self.values = values
    }

    var lines: [String] {
        ["# HELP \(name) \(help)", "# TYPE \(name) \(kind.rawValue)"]
            + values.map { labels, value in
                let number = value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
                return labels.isEmpty ? "\(name) \(number)" : "\(name){\(labels)} \(number)"
            }
    }
}
