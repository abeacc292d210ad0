import CHoldfast
import Glibc

/// The directories below which the service may read and write. Everything else of the host is out of reach.
///
/// Paths are compared after every symbolic link in them is followed, so a link that leads out is refused, and so is
/// `..`. The path given back has no links left in it; endpoints open it part by part and refuse links, so a link
/// that is put there afterwards is refused as well.
public struct AllowedRoots: Sendable, Equatable {
    /// Real paths, without a trailing slash except for `/` itself.
    public let paths: [String]

    /// - Parameter roots: absolute paths of directories.
    /// - Throws: ``EndpointError`` naming the root that is missing or not a directory.
    public init(_ roots: [String]) throws(EndpointError) {
        var paths: [String] = []
        for root in roots {
            let real = try RealPath.resolve(root)
            guard RealPath.isDirectory(real) else { throw .wrongKind(root, wanted: "a directory") }
            paths.append(real)
        }
        self.paths = paths
    }

    /// The location with its real path.
    ///
    /// - Parameter mustExist: false for a restore target: then its last parts may be missing, and are kept as given.
    /// - Throws: ``EndpointError`` with `.missing`, `.refused` or `.outsideAllowedRoots`.
    public func resolve(_ location: SourceLocation, mustExist: Bool = true) throws(EndpointError) -> SourceLocation {
        let real = try mustExist ? RealPath.resolve(location.path) : RealPath.resolveExistingPart(of: location.path)
        guard paths.contains(where: { Self.contains(real, root: $0) }) else {
            throw .outside(location.path, roots: paths)
        }
        return switch location {
        case .tree: .tree(path: real)
        case .image: .image(path: real)
        }
    }

    private static func contains(_ path: String, root: String) -> Bool {
        // Compared as bytes: Swift's `hasPrefix` treats different byte sequences of the same text as equal.
        let path = Array(path.utf8)
        let root = Array(root.utf8)
        if root == [UInt8(ascii: "/")] || path == root { return true }
        return path.starts(with: root + [UInt8(ascii: "/")])
    }
}
