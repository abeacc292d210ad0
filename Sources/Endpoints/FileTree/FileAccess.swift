import CHoldfast
import Glibc

/// System calls on one name relative to an open directory. None of them follows a symbolic link.
package enum FileAccess {
    package static func status(of name: ItemName, in directory: Descriptor) throws(SystemFailure) -> ItemStatus {
        var status = stat()
        let result = name.withCString { fstatat(directory.number, $0, &status, AT_SYMLINK_NOFOLLOW) }
        guard result == 0 else { throw SystemFailure("stat") }
        return ItemStatus(status)
    }

    package static func openDirectory(_ name: ItemName, in directory: Descriptor) throws(SystemFailure) -> Descriptor {
        try open(name, in: directory, flags: O_RDONLY | O_DIRECTORY)
    }

    /// Opens a directory some levels below another one, to look up names in it.
    package static func openDirectory(
        path: some Sequence<[UInt8]>, below root: Descriptor
    ) throws(SystemFailure) -> Descriptor {
        var directory = root
        for part in path {
            guard let name = ItemName(part) else { throw SystemFailure("open", number: EINVAL) }
            directory = try open(name, in: directory, flags: holdfast_o_path() | O_DIRECTORY)
        }
        return directory
    }

    /// Opens a regular file for reading, without moving its access time where that is allowed.
    ///
    /// The caller checks with `status()` that it is one: `O_NONBLOCK` keeps a pipe or a tape that took the file's
    /// place from holding the walk up.
    package static func openFile(_ name: ItemName, in directory: Descriptor) throws(SystemFailure) -> Descriptor {
        let flags = O_RDONLY | O_NONBLOCK | O_NOCTTY
        do {
            return try open(name, in: directory, flags: flags | holdfast_o_noatime())
        } catch {
            // Only the owner and root may ask for O_NOATIME.
            guard error.number == EPERM else { throw error }
            return try open(name, in: directory, flags: flags)
        }
    }

    package static func open(
        _ name: ItemName, in directory: Descriptor, flags: Int32, mode: UInt32 = 0
    ) throws(SystemFailure) -> Descriptor {
        while true {
            let number = name.withCString { openat(directory.number, $0, flags | O_NOFOLLOW | O_CLOEXEC, mode) }
            if number >= 0 { return Descriptor(owning: number) }
            if errno != EINTR { throw SystemFailure("open") }
        }
    }

    /// Opens the directory that one lies in, across mounts too; that of the topmost one is itself.
    package static func openParent(of directory: Descriptor) throws(SystemFailure) -> Descriptor {
        let number = openat(directory.number, "..", holdfast_o_path() | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { throw SystemFailure("open") }
        return Descriptor(owning: number)
    }

    /// Opens an absolute path whose every part is a real directory or file: a link anywhere in it is refused.
    package static func openReal(_ path: String, flags: Int32, mode: UInt32 = 0) throws(SystemFailure) -> Descriptor {
        let number = Glibc.open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { throw SystemFailure("open") }
        var current = Descriptor(owning: number)
        let parts = path.utf8.split(separator: UInt8(ascii: "/")).compactMap { ItemName(Array($0)) }
        guard let last = parts.last else { return current }
        for part in parts.dropLast() {
            current = try open(part, in: current, flags: holdfast_o_path() | O_DIRECTORY)
        }
        return try open(last, in: current, flags: flags, mode: mode)
    }

    package static func symbolicLinkTarget(of name: ItemName, in directory: Descriptor) throws(SystemFailure) -> [UInt8]
    {
        // PATH_MAX bounds what symlink(2) takes; one byte more shows that nothing was cut off.
        var target = [UInt8](repeating: 0, count: 4097)
        let count = name.withCString { name in
            target.withUnsafeMutableBytes { buffer in
                guard let base = buffer.baseAddress else { return -1 }
                return readlinkat(
                    directory.number, name, base.assumingMemoryBound(to: CChar.self), buffer.count)
            }
        }
        guard count >= 0 else { throw SystemFailure("readlink") }
        return Array(target[0..<count])
    }

    /// True for file systems that are views of the kernel, not of stored data.
    package static func isPseudo(_ directory: Descriptor) -> Bool {
        let magic = holdfast_file_system_magic(directory.number)
        return PseudoFileSystems.magics.contains(magic)
    }
}

/// Types from linux/magic.h whose contents are made by the kernel on reading.
enum PseudoFileSystems {
    static let magics: Set<Int64> = [
        0x9FA0,  // proc
        0x6265_6572,  // sysfs
        0x1CD1,  // devpts
        0x0027_E0EB,  // cgroup
        0x6367_7270,  // cgroup2
        0x6462_6720,  // debugfs
        0x7472_6163,  // tracefs
        0x7363_6673,  // securityfs
        0xF97C_FF8C,  // selinuxfs
        0x6165_676C,  // pstore
        0xCAFE_4A11,  // bpf
        0x4249_4E4D,  // binfmt_misc
        0x1980_0202,  // mqueue
        0x6265_6570,  // configfs
        0xDE5E_81E4,  // efivarfs
        0x6573_5543,  // fusectl
        0x6E73_6673,  // nsfs
        0x6759_6969,  // rpc_pipefs
        0x0187,  // autofs: looking inside would mount things
    ]
}
