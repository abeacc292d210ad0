import Endpoints
import Foundation

/// What users may have backed up and restored: what is below the allowed roots, but for the service's own directory.
///
/// That directory holds the keys: whoever could back it up and restore it elsewhere would have them.
struct ReachablePlaces: Sendable {
    private let roots: AllowedRoots
    private let privatePath: String?

    /// - Parameter privateDirectory: exists already; nil when there is none.
    init(roots: AllowedRoots, privateDirectory: String?) {
        self.roots = roots
        privatePath = privateDirectory.map { URL(filePath: $0).resolvingSymlinksInPath().path }
    }

    /// Left out of a tree that lies around it, and left as it is when such a tree is restored.
    var excludedDirectories: [String] { privatePath.map { [$0] } ?? [] }

    /// As `AllowedRoots.resolve`; blocks.
    func resolve(
        _ place: Endpoints.SourceLocation, mustExist: Bool
    ) throws(EndpointError) -> Endpoints.SourceLocation {
        let found = try roots.resolve(place, mustExist: mustExist)
        guard let privatePath, found.path == privatePath || found.path.hasPrefix(privatePath + "/") else {
            return found
        }
        throw EndpointError(
            code: .outsideAllowedRoots, message: "\(place.path) belongs to the service itself",
            facts: ["path": place.path])
    }
}
