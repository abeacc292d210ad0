import CHoldfast
import Glibc

/// A directory opened as the root of a tree to be written.
package enum TreeTarget {
    /// Opens a directory and makes what is missing of its path, for its owner alone.
    ///
    /// Symbolic links in the part that exists are followed once; what is made has none.
    ///
    /// - Parameter followsLinks: as of ``TreeSource``.
    package static func open(path: String, followsLinks: Bool = true) throws(EndpointError) -> Descriptor {
        let real = try followsLinks ? RealPath.resolveExistingPart(of: path) : path
        do throws(SystemFailure) {
            let number = Glibc.open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard number >= 0 else { throw SystemFailure("open") }
            var current = Descriptor(owning: number)
            for part in real.utf8.split(separator: UInt8(ascii: "/")) {
                guard let name = ItemName(Array(part)) else { throw SystemFailure("open", number: ENAMETOOLONG) }
                current = try openOrMake(name, in: current)
            }
            return current
        } catch {
            if error.number == ENOTDIR { throw .wrongKind(path, wanted: "a directory") }
            throw .system("write to", path, error.number)
        }
    }

    private static func openOrMake(_ name: ItemName, in directory: Descriptor) throws(SystemFailure) -> Descriptor {
        do { return try FileAccess.openDirectory(name, in: directory) } catch {
            // A directory on the way may only be passed through, not listed.
            if error.number == EACCES {
                return try FileAccess.open(name, in: directory, flags: holdfast_o_path() | O_DIRECTORY)
            }
            guard error.number == ENOENT else { throw error }
        }
        try FileChange.makeDirectory(name, in: directory)
        return try FileAccess.openDirectory(name, in: directory)
    }
}
