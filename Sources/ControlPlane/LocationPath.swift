import Foundation

/// The part of a location that says whether two of them touch: for a file of this machine its path.
struct LocationPath: Sendable, Equatable {
    private let parts: [Substring]

    init(_ location: String) {
        var path = location[...]
        if path.lowercased().hasPrefix("file://") {
            path = path.dropFirst("file://".count).drop { $0 != "/" }
            path = Substring(path.removingPercentEncoding ?? String(path))
        }
        parts = path.split(separator: "/").filter { $0 != "." }
    }

    /// True when one is the other, or lies in it. Symbolic links are not followed here; the engine refuses those.
    func touches(_ other: LocationPath) -> Bool {
        let common = min(parts.count, other.parts.count)
        return parts.prefix(common) == other.parts.prefix(common)
    }
}
