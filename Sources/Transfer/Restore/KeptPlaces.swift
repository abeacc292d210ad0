import CHoldfast
import Endpoints
import Glibc

/// Directories that a restore leaves as they are, with all that lies in them, whatever the backup has in their place.
///
/// Known by device and inode, and looked at once they are open: neither a link, nor another mount of the file system, nor somebody who
/// renames directories meanwhile leads around that.
struct KeptPlaces: Sendable {
    static let refusal = "left as it is: it belongs to Holdfast itself, or holds what does"

    private var kept: Set<FileIdentity> = []
    /// All that they lie in: may be entered, and is neither removed nor given to somebody else.
    private var above: Set<FileIdentity> = []

    /// - Parameter directories: their paths; what is not there, or is no directory, needs no keeping.
    /// - Throws: ``EndpointError`` where one can't be looked at.
    init(_ directories: [String]) throws(EndpointError) {
        for path in directories {
            let real: String
            do { real = try RealPath.resolve(path) } catch {
                guard error.code == .missing else { throw error }
                continue
            }
            guard RealPath.isDirectory(real) else { continue }
            do throws(SystemFailure) {
                var directory = try FileAccess.openReal(real, flags: holdfast_o_path() | O_DIRECTORY)
                var identity = FileIdentity(try directory.status())
                kept.insert(identity)
                while true {
                    directory = try FileAccess.openParent(of: directory)
                    let parent = FileIdentity(try directory.status())
                    if parent == identity { break }
                    above.insert(parent)
                    identity = parent
                }
            } catch { throw .system("look at", path, error.number) }
        }
    }

    private init() {}
    static let none = KeptPlaces()

    func isKept(_ status: ItemStatus) -> Bool { kept.contains(FileIdentity(status)) }

    /// Whether something that is kept lies in it.
    func isAbove(_ status: ItemStatus) -> Bool { above.contains(FileIdentity(status)) }

    /// Whether a directory is kept, or lies in one that is.
    func holds(_ directory: Descriptor) throws(SystemFailure) -> Bool {
        guard !kept.isEmpty else { return false }
        var (current, identity) = (directory, FileIdentity(try directory.status()))
        while true {
            if kept.contains(identity) { return true }
            current = try FileAccess.openParent(of: current)
            let parent = FileIdentity(try current.status())
            if parent == identity { return false }
            identity = parent
        }
    }

    /// Removes whatever has that name, with everything in it.
    ///
    /// - Throws: `FileChange.Kept` where that is kept, or holds what is.
    func remove(_ name: ItemName, in directory: Descriptor) throws {
        try FileChange.remove(name, in: directory) { isKept($0) || isAbove($0) }
    }
}

extension FileIdentity {
    init(_ status: ItemStatus) { self.init(device: status.device, inode: status.inode) }
}
