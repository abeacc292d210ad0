import CHoldfast
import Glibc

/// Absolute paths without symbolic links, `.` or `..`.
package enum RealPath {
    /// - Throws: `.missing` when a part of the path is not there, `.refused` when the system says no.
    package static func resolve(_ path: String) throws(EndpointError) -> String {
        guard path.utf8.first == UInt8(ascii: "/"), !path.utf8.contains(0) else { throw .notAbsolute(path) }
        guard let resolved = realpath(path, nil) else { throw .system("open", path, errno) }
        defer { free(resolved) }
        guard let text = String(validatingCString: resolved) else { throw .notText(path) }
        return text
    }

    /// Resolves what exists, and appends the rest as given. `..` in the missing part is refused: it would undo the check.
    package static func resolveExistingPart(of path: String) throws(EndpointError) -> String {
        var missing: [String] = []
        var existing = path
        while true {
            do {
                let real = try resolve(existing)
                let tail = missing.reversed().joined(separator: "/")
                return tail.isEmpty ? real : real == "/" ? "/" + tail : real + "/" + tail
            } catch {
                guard error.code == .missing, existing != "/" else { throw error }
                // A link that leads nowhere "is missing" to realpath, yet writing to it would make its target.
                var status = stat()
                if lstat(existing, &status) == 0 { throw .danglingLink(path) }
                while existing.utf8.count > 1, existing.utf8.last == UInt8(ascii: "/") { existing.removeLast() }
                guard let slash = existing.lastIndex(of: "/") else { throw .notAbsolute(path) }
                let name = String(existing[existing.index(after: slash)...])
                if name == ".." { throw .missing(path) }
                if name != "." && !name.isEmpty { missing.append(name) }
                existing = slash == existing.startIndex ? "/" : String(existing[..<slash])
            }
        }
    }

    package static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
