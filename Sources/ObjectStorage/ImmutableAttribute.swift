import CHoldfast
import Foundation

/// The immutable attribute of a file (`chattr +i`): on ext4, XFS and btrfs, for who has `CAP_LINUX_IMMUTABLE`.
enum ImmutableAttribute {
    enum Outcome {
        case done
        /// The file system has no such attribute, or this process has not the right to change it.
        case unavailable(reason: String)
        case failed(errno: Int32)
    }

    /// Sets or clears it; durable once this returns.
    static func set(_ isSet: Bool, on file: Int32) -> Outcome {
        switch holdfast_set_immutable(file, isSet ? 1 : 0) {
        case 0: return .done
        case 1: return fsync(file) == 0 ? .done : .failed(errno: errno)
        default: break
        }
        let number = errno
        switch number {
        case EPERM, EACCES: return .unavailable(reason: "the immutable attribute needs the right CAP_LINUX_IMMUTABLE")
        case ENOTTY, EOPNOTSUPP, EINVAL, ENOSYS:
            return .unavailable(reason: "the file system has no immutable attribute")
        default: return .failed(errno: number)
        }
    }

    static func isSet(on file: Int32) -> Bool { holdfast_is_immutable(file) == 1 }

    static func isSet(onFileAt path: String) -> Bool {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return false }
        defer { close(file) }
        return isSet(on: file)
    }
}
