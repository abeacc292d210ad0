import CHoldfast
import Endpoints
import Glibc
import Repository

/// Makes single items of a tree in the target, and gives them their attributes.
struct ItemWriter: Sendable {
    let warnings: WarningLog
    var places = KeptPlaces.none

    /// Failures of a whole file system: going on with the next item makes no sense.
    static func isFatal(_ failure: SystemFailure) -> Bool {
        [ENOSPC, EROFS, EDQUOT, EIO, EMFILE, ENFILE, ENOMEM].contains(failure.number)
    }

    /// Opens a file for its contents: makes it, or takes what is there if that is a file with no other name.
    ///
    /// A file with further names is replaced: they may lie outside the target, and must not change.
    func openFile(_ name: ItemName, in directory: Descriptor) throws -> OpenTarget {
        for _ in 0..<4 {
            do {
                return OpenTarget(file: try FileChange.createFile(name, in: directory), isFresh: true)
            } catch {
                guard error.number == EEXIST else { throw error }
            }
            if let file = try? FileAccess.open(name, in: directory, flags: O_RDWR | O_NONBLOCK | O_NOCTTY),
                let status = try? file.status(), status.kind == .file, status.linkCount == 1
            {
                // Nobody reads along while contents and mode do not belong together.
                try FileChange.setMode(0o600, of: .open(file))
                return OpenTarget(file: file, isFresh: false)
            }
            try places.remove(name, in: directory)
        }
        throw SystemFailure("open", number: EEXIST)
    }

    /// Opens a directory, made if it is missing and in the place of anything else.
    func openDirectory(_ name: ItemName, in directory: Descriptor) throws -> Descriptor {
        for _ in 0..<4 {
            do {
                try FileChange.makeDirectory(name, in: directory)
            } catch {
                guard error.number == EEXIST else { throw error }
                let status = try FileAccess.status(of: name, in: directory)
                if status.kind != .directory {
                    try places.remove(name, in: directory)
                    continue
                }
            }
            return try FileChange.openForRemoval(name, in: directory)
        }
        throw SystemFailure("mkdir", number: EEXIST)
    }

    /// Makes a link, pipe, socket or device, unless it is there already, and gives it its attributes.
    func makeOther(_ entry: TreeEntry, _ name: ItemName, in directory: Descriptor, path: @autoclosure () -> String)
        throws
    {
        if !(try isInPlace(entry, name, in: directory)) {
            try places.remove(name, in: directory)
            switch entry.body {
            case .symbolicLink(let target):
                try FileChange.makeSymbolicLink(name, in: directory, target: target)
            case .pipe: try FileChange.makeNode(name, in: directory, kind: .pipe, device: 0)
            case .socket: try FileChange.makeNode(name, in: directory, kind: .socket, device: 0)
            case .characterDevice(let major, let minor):
                try FileChange.makeNode(
                    name, in: directory, kind: .characterDevice, device: holdfast_makedev(major, minor))
            case .blockDevice(let major, let minor):
                try FileChange.makeNode(
                    name, in: directory, kind: .blockDevice, device: holdfast_makedev(major, minor))
            case .file, .directory: preconditionFailure("files and directories are opened")
            }
        }
        let status = try FileAccess.status(of: name, in: directory)
        setAttributes(of: .name(name, in: directory), to: entry, was: status, path: path())
    }

    private func isInPlace(_ entry: TreeEntry, _ name: ItemName, in directory: Descriptor) throws -> Bool {
        let status: ItemStatus
        do { status = try FileAccess.status(of: name, in: directory) } catch {
            if error.number == ENOENT { return false }
            throw error
        }
        // One with further names elsewhere is replaced, so that these keep their attributes.
        guard status.linkCount == 1 else { return false }
        switch (entry.body, status.kind) {
        case (.symbolicLink(let target), .symbolicLink):
            return try FileAccess.symbolicLinkTarget(of: name, in: directory) == target
        case (.pipe, .pipe), (.socket, .socket): return true
        case (.characterDevice(let major, let minor), .characterDevice),
            (.blockDevice(let major, let minor), .blockDevice):
            return status.representedDevice == holdfast_makedev(major, minor)
        default: return false
        }
    }

    /// Sets owner, attributes, mode and times, in the order in which none of them undoes another.
    ///
    /// Changing the owner clears set-user-id and capabilities, so attributes and mode come after it; attributes of users
    /// need a writable mode, so the mode comes after them; everything moves times, so they come last.
    func setAttributes(of item: FileChange.Item, to entry: TreeEntry, was status: ItemStatus, path: String) {
        let wanted = entry.attributes
        attempt("owner \(wanted.owner):\(wanted.group)", path) {
            try FileChange.setOwner(wanted.owner, group: wanted.group, of: item, was: status)
        }
        setExtendedAttributes(of: item, to: entry.extendedAttributes, path: path)
        if status.kind != .symbolicLink {
            attempt("mode", path) { try FileChange.setMode(wanted.mode, of: item) }
        }
        setTimes(of: item, to: entry, path: path)
    }

    func setTimes(of item: FileChange.Item, to entry: TreeEntry, path: String) {
        let time = entry.attributes.modified
        attempt("time", path) {
            try FileChange.setModified(.init(seconds: time.seconds, nanoseconds: time.nanoseconds), of: item)
        }
    }

    private func setExtendedAttributes(of item: FileChange.Item, to wanted: [ExtendedAttribute], path: String) {
        var present: [AttributeValue] = []
        attempt("extended attributes", path) { present = try AttributeAccess.read(item) }
        for attribute in present where !wanted.contains(where: { $0.name == attribute.name }) {
            // Labels of a security module belong to the target's policy.
            guard Self.isOurs(attribute.name) else { continue }
            attempt("extended attribute \(PathText.printable(attribute.name))", path) {
                try AttributeAccess.remove(attribute.name, from: item)
            }
        }
        for attribute in wanted {
            let value = AttributeValue(name: attribute.name, value: attribute.value)
            if present.contains(value) { continue }
            attempt("extended attribute \(PathText.printable(attribute.name))", path) {
                try AttributeAccess.write(value, to: item)
            }
        }
    }

    private static func isOurs(_ name: [UInt8]) -> Bool {
        ["user.", "trusted.", "system.posix_acl_", "security.capability"].contains { name.starts(with: $0.utf8) }
    }

    private func attempt(_ what: String, _ path: String, _ body: () throws -> Void) {
        do { try body() } catch {
            let reason = (error as? SystemFailure)?.reason ?? "\(error)"
            warnings.add(
                ItemWarning(path: path, reason: .unsupported, message: "cannot set its \(what): \(reason)"))
        }
    }
}
