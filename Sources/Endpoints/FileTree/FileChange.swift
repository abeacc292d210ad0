import CHoldfast
import Glibc

/// System calls that change one name relative to an open directory. None of them follows a symbolic link.
package enum FileChange {
    /// What attributes are set on.
    package typealias Item = AttributeAccess.Item

    package static func makeDirectory(_ name: ItemName, in directory: Descriptor) throws(SystemFailure) {
        guard name.withCString({ mkdirat(directory.number, $0, 0o700) }) == 0 else { throw SystemFailure("mkdir") }
    }

    /// Makes a file that was not there, open for reading and writing, for its owner alone.
    package static func createFile(_ name: ItemName, in directory: Descriptor) throws(SystemFailure) -> Descriptor {
        try FileAccess.open(name, in: directory, flags: O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
    }

    package static func makeSymbolicLink(
        _ name: ItemName, in directory: Descriptor, target: [UInt8]
    ) throws(SystemFailure) {
        var terminated = target.map { CChar(bitPattern: $0) }
        terminated.append(0)
        guard name.withCString({ symlinkat(terminated, directory.number, $0) }) == 0 else {
            throw SystemFailure("symlink")
        }
    }

    /// Makes a pipe, a socket or a device node.
    package static func makeNode(
        _ name: ItemName, in directory: Descriptor, kind: ItemKind, device: UInt64
    ) throws(SystemFailure) {
        let type: mode_t =
            switch kind {
            case .pipe: S_IFIFO
            case .socket: S_IFSOCK
            case .characterDevice: S_IFCHR
            case .blockDevice: S_IFBLK
            case .file, .directory, .symbolicLink: preconditionFailure("not a node")
            }
        guard name.withCString({ mknodat(directory.number, $0, type | 0o600, dev_t(device)) }) == 0 else {
            throw SystemFailure("mknod")
        }
    }

    package static func link(
        _ name: ItemName, in directory: Descriptor, to existing: ItemName, in other: Descriptor
    ) throws(SystemFailure) {
        let done = name.withCString { name in
            existing.withCString { linkat(other.number, $0, directory.number, name, 0) }
        }
        guard done == 0 else { throw SystemFailure("link") }
    }

    /// Sets the owner if it is another one. Clears set-user-id and file capabilities: set those afterwards.
    package static func setOwner(
        _ owner: UInt32, group: UInt32, of item: Item, was status: ItemStatus
    ) throws(SystemFailure) {
        if status.owner == owner && status.group == group { return }
        let done: Int32 =
            switch item {
            case .open(let descriptor): fchown(descriptor.number, owner, group)
            case .name(let name, let directory):
                name.withCString { fchownat(directory.number, $0, owner, group, AT_SYMLINK_NOFOLLOW) }
            }
        guard done == 0 else { throw SystemFailure("chown") }
    }

    package static func setMode(_ mode: UInt32, of item: Item) throws(SystemFailure) {
        let done: Int32 =
            switch item {
            case .open(let descriptor): fchmod(descriptor.number, mode)
            case .name(let name, let directory):
                name.withCString { fchmodat(directory.number, $0, mode, AT_SYMLINK_NOFOLLOW) }
            }
        guard done == 0 else { throw SystemFailure("chmod") }
    }

    /// Sets the modification time; the access time stays.
    package static func setModified(_ time: ItemStatus.Time, of item: Item) throws(SystemFailure) {
        // UTIME_OMIT of utimensat(2): a macro that Swift does not see.
        let omit = timespec(tv_sec: 0, tv_nsec: (1 << 30) - 2)
        let times = [omit, timespec(tv_sec: Int(time.seconds), tv_nsec: Int(time.nanoseconds))]
        let done: Int32 =
            switch item {
            case .open(let descriptor): futimens(descriptor.number, times)
            case .name(let name, let directory):
                name.withCString { utimensat(directory.number, $0, times, AT_SYMLINK_NOFOLLOW) }
            }
        guard done == 0 else { throw SystemFailure("utimens") }
    }

    package static func setSize(_ bytes: Int64, of file: Descriptor) throws(SystemFailure) {
        guard ftruncate(file.number, off_t(bytes)) == 0 else { throw SystemFailure("truncate") }
    }

    /// Makes a range read as zeros without taking space.
    ///
    /// - Returns: false where that is not known; nothing has changed then.
    package static func punchHole(_ range: Range<Int64>, in file: Descriptor) throws(SystemFailure) -> Bool {
        if range.isEmpty { return true }
        if holdfast_punch_hole(file.number, range.lowerBound, range.upperBound - range.lowerBound) == 0 { return true }
        if errno == EOPNOTSUPP || errno == ENODEV || errno == EINVAL { return false }
        throw SystemFailure("punch a hole")
    }

    package static func removeFile(_ name: ItemName, in directory: Descriptor) throws(SystemFailure) {
        guard name.withCString({ unlinkat(directory.number, $0, 0) }) == 0 || errno == ENOENT else {
            throw SystemFailure("unlink")
        }
    }

    /// A directory was not removed, because it is to be kept.
    package struct Kept: Error {
        package init() {}
    }

    /// Removes whatever has that name, with everything in it. What is already gone is no error.
    ///
    /// - Parameter isKept: asked of every directory once it is open, so that no renaming leads around it.
    /// - Throws: ``Kept`` when one of them is kept; what came before it is gone then.
    package static func remove(
        _ name: ItemName, in directory: Descriptor, isKept: (ItemStatus) -> Bool = { _ in false }
    ) throws {
        let status: ItemStatus
        do { status = try FileAccess.status(of: name, in: directory) } catch {
            if error.number == ENOENT { return }
            throw error
        }
        guard status.kind == .directory else { return try removeFile(name, in: directory) }
        let top = try openForRemoval(name, in: directory)
        guard try !isKept(top.status()) else { throw Kept() }
        var stack = try DirectoryStack(root: top)
        var lists = [(names: try NameList(of: top), next: 0)]
        var entered: [ItemName] = [name]
        while let last = lists.indices.last {
            guard lists[last].next < lists[last].names.count else {
                lists.removeLast()
                let done = entered.removeLast()
                guard !lists.isEmpty else { return try removeDirectory(done, in: directory) }
                try stack.pop()
                try removeDirectory(done, in: stack.top)
                continue
            }
            let child = lists[last].names[lists[last].next]
            lists[last].next += 1
            let childStatus = try FileAccess.status(of: child, in: stack.top)
            guard childStatus.kind == .directory else {
                try removeFile(child, in: stack.top)
                continue
            }
            let opened = try openForRemoval(child, in: stack.top)
            guard try !isKept(opened.status()) else { throw Kept() }
            stack.push(opened, name: child, status: childStatus)
            lists.append((try NameList(of: opened), 0))
            entered.append(child)
        }
    }

    private static func removeDirectory(_ name: ItemName, in directory: Descriptor) throws(SystemFailure) {
        guard name.withCString({ unlinkat(directory.number, $0, AT_REMOVEDIR) }) == 0 || errno == ENOENT else {
            throw SystemFailure("rmdir")
        }
    }

    /// Opens a directory for reading and writing; one that shuts its own owner out is opened up first.
    package static func openForRemoval(_ name: ItemName, in directory: Descriptor) throws(SystemFailure) -> Descriptor {
        do { return try FileAccess.openDirectory(name, in: directory) } catch {
            guard error.number == EACCES else { throw error }
            try setMode(0o700, of: .name(name, in: directory))
            return try FileAccess.openDirectory(name, in: directory)
        }
    }

    /// Makes the contents of a file or the names in a directory durable.
    package static func sync(_ descriptor: Descriptor) throws(SystemFailure) {
        guard fsync(descriptor.number) == 0 else { throw SystemFailure("fsync") }
    }

    /// Makes everything on the file system of a descriptor durable.
    package static func syncFileSystem(of descriptor: Descriptor) throws(SystemFailure) {
        guard holdfast_syncfs(descriptor.number) == 0 else { throw SystemFailure("syncfs") }
    }
}
