import Endpoints
import Foundation

/// What users may have backed up and restored: what is below the allowed roots, but for the service's own directory.
///
/// That directory holds the keys: whoever could back it up and restore it elsewhere would have them.
struct ReachablePlaces: Sendable {
    private let roots: AllowedRoots
    private let privatePaths: [String]

    /// - Parameter privateDirectory: exists already; nil when there is none.
    init(roots: AllowedRoots, privateDirectory: String?) {
        self.roots = roots
        guard let own = privateDirectory.map({ URL(filePath: $0).resolvingSymlinksInPath() }) else {
            privatePaths = []
            return
        }
        // Somebody with a larger disk elsewhere may have put a link in the place of the repository.
        let links = try? FileManager.default.contentsOfDirectory(
            at: own, includingPropertiesForKeys: [.isSymbolicLinkKey]
        )
        .filter { try $0.resourceValues(forKeys: [.isSymbolicLinkKey]).isSymbolicLink == true }
        privatePaths = [own.path] + (links ?? []).map { $0.resolvingSymlinksInPath().path }
    }

    /// Left out of a tree that lies around it, and left as it is when such a tree is restored.
    var excludedDirectories: [String] { privatePaths }

    /// As `AllowedRoots.resolve`; blocks.
    func resolve(
        _ place: Endpoints.SourceLocation, mustExist: Bool
    ) throws(EndpointError) -> Endpoints.SourceLocation {
        let found = try roots.resolve(place, mustExist: mustExist)
        // Compared as bytes: a name may begin with a mark that Swift's characters would join to the slash.
        let path = Array(found.path.utf8)
        guard
            privatePaths.contains(where: {
                path.starts(with: Array($0.utf8) + [UInt8(ascii: "/")]) || path == Array($0.utf8)
            })
        else { return found }
        throw .ownPlace(place.path)
    }
}
