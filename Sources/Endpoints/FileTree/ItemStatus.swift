package import Glibc

/// What kind of thing a name in a directory stands for.
package enum ItemKind: Sendable, Equatable {
    case file, directory, symbolicLink, pipe, socket, characterDevice, blockDevice
}

/// What stat(2) says of one item.
package struct ItemStatus: Sendable, Equatable {
    /// Nanoseconds are 0..<1,000,000,000; seconds count from 1970 and may be negative.
    package struct Time: Sendable, Equatable, Comparable {
        package var seconds: Int64
        package var nanoseconds: UInt32

        package init(seconds: Int64, nanoseconds: UInt32) {
            self.seconds = seconds
            self.nanoseconds = nanoseconds
        }

        package static func < (left: Self, right: Self) -> Bool {
            (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
        }
    }

    package let kind: ItemKind
    /// Permission bits with set-user-id, set-group-id and sticky: the low 12 bits of `st_mode`.
    package let mode: UInt32
    package let owner: UInt32
    package let group: UInt32
    package let sizeBytes: Int64
    /// Bytes that the file system holds for it; less than the size means holes (or compression).
    package let allocatedBytes: Int64
    package let modified: Time
    package let changed: Time
    package let device: UInt64
    package let inode: UInt64
    package let linkCount: UInt64
    /// The device that a device node stands for.
    package let representedDevice: UInt64

    package init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFDIR: .directory
            case S_IFLNK: .symbolicLink
            case S_IFIFO: .pipe
            case S_IFSOCK: .socket
            case S_IFCHR: .characterDevice
            case S_IFBLK: .blockDevice
            default: .file
            }
        mode = UInt32(status.st_mode & 0o7777)
        owner = status.st_uid
        group = status.st_gid
        sizeBytes = Int64(status.st_size)
        allocatedBytes = Int64(status.st_blocks) * 512
        modified = Time(seconds: Int64(status.st_mtim.tv_sec), nanoseconds: UInt32(status.st_mtim.tv_nsec))
        changed = Time(seconds: Int64(status.st_ctim.tv_sec), nanoseconds: UInt32(status.st_ctim.tv_nsec))
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        linkCount = UInt64(status.st_nlink)
        representedDevice = UInt64(status.st_rdev)
    }

    /// True when both were taken of the same contents: nothing that a write would move has moved.
    package func hasSameContents(as other: Self) -> Bool {
        kind == other.kind && sizeBytes == other.sizeBytes && modified == other.modified && changed == other.changed
            && device == other.device && inode == other.inode
    }
}
