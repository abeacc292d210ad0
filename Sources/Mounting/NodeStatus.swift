import CHoldfast
import Foundation
import HoldfastCore
import Repository

extension MountedRepository.Node {
    /// What stat(2) says of an item.
    ///
    /// Inode numbers are made of the restore point and the source's: hard links of one file have one, and share it with
    /// nothing else. How many names there are is not stored: 2 stands for several.
    var status: stat {
        var status = stat()
        switch self {
        case .top:
            status.st_ino = 1
            status.st_mode = S_IFDIR | 0o500
            status.st_nlink = 2
            status.st_uid = getuid()
            status.st_gid = getgid()
        case .item(let entry, let point):
            let attributes = entry.attributes
            status.st_ino = ino_t(Self.inode(point, attributes.device, attributes.inode))
            status.st_nlink = entry.isHardLink ? 2 : 1
            status.st_mode = mode_t(attributes.mode)
            status.st_uid = attributes.owner
            status.st_gid = attributes.group
            status.setTimes(attributes.modified)
            status.set(entry.body)
        case .image(let image, let point):
            status.st_ino = ino_t(Self.inode(point, image.device, image.inode))
            status.st_mode = S_IFREG | 0o400
            status.st_nlink = 1
            status.st_uid = getuid()
            status.st_gid = getgid()
            let moment = point.description.createdAt.timeIntervalSince1970
            status.setTimes(ItemTime(seconds: Int64(moment), nanoseconds: 0))
            status.set(sizeBytes: image.sizeBytes)
        }
        return status
    }

    private static func inode(_ point: RestorePoint, _ device: UInt64, _ inode: UInt64) -> UInt64 {
        // SplitMix64's mixing (Steele, Lea, Flood, OOPSLA 2014), over three words.
        let words = [UInt64(point.id.text.prefix(16), radix: 16) ?? 0, device, inode]
        return words.reduce(0) { sum, word in
            var value = (sum ^ word) &+ 0x9E37_79B9_7F4A_7C15
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }
}

extension stat {
    fileprivate mutating func setTimes(_ time: ItemTime) {
        let time = timespec(tv_sec: time_t(time.seconds), tv_nsec: Int(time.nanoseconds))
        (st_mtim, st_ctim, st_atim) = (time, time, time)
    }

    fileprivate mutating func set(sizeBytes: Int64) {
        st_size = off_t(sizeBytes)
        st_blocks = blkcnt_t((sizeBytes + 511) / 512)
        st_blksize = 128 << 10
    }

    fileprivate mutating func set(_ body: TreeEntry.Body) {
        switch body {
        case .file(let size, _, _):
            st_mode |= S_IFREG
            set(sizeBytes: size)
        case .directory:
            st_mode |= S_IFDIR
            st_nlink = 2
        case .symbolicLink(let target):
            st_mode |= S_IFLNK
            st_size = off_t(target.count)
        case .pipe: st_mode |= S_IFIFO
        case .socket: st_mode |= S_IFSOCK
        case .characterDevice(let major, let minor):
            st_mode |= S_IFCHR
            st_rdev = dev_t(holdfast_makedev(major, minor))
        case .blockDevice(let major, let minor):
            st_mode |= S_IFBLK
            st_rdev = dev_t(holdfast_makedev(major, minor))
        }
    }
}
