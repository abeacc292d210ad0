public import Catalog

/// Looks at the places where resources are, without reading what is in them.
///
/// Guarantees that a call returns in bounded time, also when the place is on a server that is gone.
public protocol LocationInspector: Sendable {
    /// - Parameters:
    ///   - location: a URI.
    ///   - role: what the place is for.
    func inspect(location: String, type: ResourceType, role: LocationRole) async throws -> LocationFinding
}

public enum LocationRole: Sendable, Equatable {
    /// It must be there, and be readable.
    case source
    /// A tree may be missing yet; an image must be there.
    case target
}

public enum LocationFinding: Sendable, Equatable {
    /// - Parameters:
    ///   - sizeBytes: nil when it is not known without reading everything.
    ///   - place: its path with every link followed, by which two locations of one place are seen to be one; nil when
    ///     the location's own path is it.
    case reachable(sizeBytes: Int64?, place: String? = nil)
    /// One sentence says why.
    case unreachable(String)
    /// It can never be used: outside the allowed roots, or of a kind that this service can't read.
    case refused(String)
}
