import CHoldfast
import Glibc

/// A directory opened as the root of a tree.
package struct TreeSource: Sendable {
    package let root: Descriptor
    /// The path without symbolic links.
    package let realPath: String

    /// - Parameter followsLinks: false for a path that was resolved and allowed before: a link that somebody has put there since
    ///   is refused.
    package init(path: String, followsLinks: Bool = true) throws(EndpointError) {
        realPath = try followsLinks ? RealPath.resolve(path) : path
        guard RealPath.isDirectory(realPath) else { throw .wrongKind(path, wanted: "a directory") }
        do { root = try FileAccess.openReal(realPath, flags: O_RDONLY | O_DIRECTORY) } catch {
            throw .system("open", path, error.number)
        }
    }
}
