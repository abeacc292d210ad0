import Endpoints

/// Directories that a restore leaves as they are, with all that lies in them, whatever the backup has in their place.
///
/// Known by device and inode: no link, and no other mount of the same file system, leads around that.
struct KeptPlaces: Sendable {
    /// Something is not replaced or removed.
    struct Refusal: Error {
        static let message = "left as it is: it belongs to Holdfast itself, or holds what does"
    }

    private var kept: Set<FileIdentity> = []
    /// All that they lie in: may be entered, and is not removed.
    private var above: Set<FileIdentity> = []

    /// - Parameter directories: their paths; what is not there needs no keeping.
    init(_ directories: [String]) {
        for directory in directories {
            guard let source = try? TreeSource(path: directory), let status = try? source.root.status() else {
                continue
            }
            kept.insert(FileIdentity(device: status.device, inode: status.inode))
            var path = source.realPath
            while path != "/", let slash = path.lastIndex(of: "/") {
                path = slash == path.startIndex ? "/" : String(path[..<slash])
                guard let status = try? TreeSource(path: path).root.status() else { continue }
                above.insert(FileIdentity(device: status.device, inode: status.inode))
            }
        }
    }

    func isKept(_ status: ItemStatus) -> Bool {
        kept.contains(FileIdentity(device: status.device, inode: status.inode))
    }

    /// Removes whatever has that name, with everything in it.
    ///
    /// - Throws: ``Refusal`` where that is kept, or holds what is.
    func remove(_ name: ItemName, in directory: Descriptor) throws {
        if !kept.isEmpty, let status = try? FileAccess.status(of: name, in: directory), status.kind == .directory {
            let identity = FileIdentity(device: status.device, inode: status.inode)
            guard !kept.contains(identity), !above.contains(identity) else { throw Refusal() }
        }
        try FileChange.remove(name, in: directory)
    }
}
