import CHoldfast
import Glibc

/// A directory opened as the root of a tree.
package struct TreeSource: Sendable {
    package let root: Descriptor
    /// The path without symbolic links.
    package let realPath: String

    package init(path: String) throws(EndpointError) {
        realPath = try RealPath.resolve(path)
        guard RealPath.isDirectory(realPath) else { throw .wrongKind(path, wanted: "a directory") }
        do { root = try FileAccess.openReal(realPath, flags: O_RDONLY | O_DIRECTORY) } catch {
            throw .system("open", path, error.number)
        }
    }
}
