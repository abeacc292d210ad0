import CHoldfast
import Foundation
import Glibc
import HoldfastCore

/// Small files that only their owner may read: keys and credentials.
public enum SecretFile {
    /// What to do about a file that is there already.
    public enum Existing: Sendable { case replace, refuse }

    /// A secret file that can't be read or written. `message` names the file and the system's reason.
    public struct Failure: Error, Sendable {
        public let message: String
        /// True for `.refuse` when the file exists.
        public var isTaken = false

        static func system(_ attempt: String, _ path: String, errno code: Int32 = errno) -> Self {
            Self(message: "can't \(attempt) \(path): \(String(cString: strerror(code)))")
        }
    }

    /// Writes a file with mode 0600, whole or not at all; when it returns, file and name survive power loss.
    public static func write(_ bytes: [UInt8], to path: String, existing: Existing) throws(Failure) {
        let part = path + ".part"
        // A leftover of a start that was interrupted. Only one process gets here: it holds the directory's lock.
        unlink(part)
        let file = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw .system("write", path) }
        defer { unlink(part) }
        let problem = put(bytes, into: file, path)
        close(file)
        if let problem { throw problem }
        switch existing {
        case .replace: guard rename(part, path) == 0 else { throw .system("write", path) }
        case .refuse:
            // link(2), not rename(2): it refuses a taken name, so a key is never replaced and lost.
            guard link(part, path) == 0 else {
                let code = errno
                throw Failure(message: Failure.system("write", path, errno: code).message, isTaken: code == EEXIST)
            }
        }
        try syncFolder(of: path)
    }

    /// Makes an empty file with mode 0600, unless there is a file.
    static func makeEmpty(_ path: String) throws(Failure) {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .system("write", path) }
        close(file)
    }

    /// - Throws: ``Failure`` for a file that is missing, too large, or that others may read.
    public static func read(_ path: String, sizeBytesMax: Int = 64 << 10) throws(Failure) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .system("read", path) }
        defer { close(file) }
        let mode = holdfast_file_mode(file)
        guard mode >= 0 else { throw .system("read", path) }
        guard mode & 0o077 == 0 else {
            throw Failure(message: "\(path) can be read by others; take that away with: chmod 600 \(path)")
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system("read", path) }
            guard count > 0 else { return bytes }
            bytes += buffer.prefix(count)
            guard bytes.count <= sizeBytesMax else { throw Failure(message: "\(path) is too large") }
        }
    }

    private static func put(_ bytes: [UInt8], into file: Int32, _ path: String) -> Failure? {
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return .system("write", path) }
            offset += count
        }
        // The mode of open(2) loses the bits of the umask; a umask of 0777 would lock the owner out too.
        guard fchmod(file, 0o600) == 0, fsync(file) == 0 else { return .system("write", path) }
        return nil
    }

    private static func syncFolder(of path: String) throws(Failure) {
        let parent = PathParts.folder(of: path)
        let folder = open(parent.isEmpty ? "." : parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw .system("write", path) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw .system("write", path) }
    }
}
