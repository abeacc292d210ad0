import Foundation

/// The part of a location that says whether two of them touch: for a file of this machine its path.
struct LocationPath: Sendable, Equatable {
    private let parts: [Substring]

    /// - Parameter path: as an inspector found it.
    init(path: String) { parts = path.split(separator: "/").filter { $0 != "." } }

    /// - Parameter location: a URI, or an absolute path.
    init(_ location: String) {
        var rest = location[...]
        guard rest.lowercased().hasPrefix("file:") else {
            self.init(path: location)
            return
        }
        rest = rest.dropFirst("file:".count)
        if rest.hasPrefix("//") { rest = rest.dropFirst(2).drop { $0 != "/" } }
        self.init(path: rest.removingPercentEncoding ?? String(rest))
    }

    var path: String { "/" + parts.joined(separator: "/") }

    /// True when one is the other, or lies in it.
    func touches(_ other: LocationPath) -> Bool {
        let common = min(parts.count, other.parts.count)
        return parts.prefix(common) == other.parts.prefix(common)
    }
}

extension LocationFinding {
    /// Where a location really is.
    func place(of location: String) -> LocationPath {
        switch self {
        case .reachable(_, let place?): LocationPath(path: place)
        case .reachable(_, nil), .unreachable, .refused: LocationPath(location)
        }
    }
}
