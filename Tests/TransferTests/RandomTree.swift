import CHoldfast
import Foundation
import TestSupport

/// Makes trees with everything a file system can hold, from a seed.
struct RandomTree {
    var random: SeededGenerator
    private var files: [[UInt8]] = []

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    /// Fills an existing directory.
    mutating func fill(_ root: String, directories: Int = 12, items: Int = 120) throws {
        var places = [Array(root.utf8)]
        for _ in 0..<directories {
            let path = (places.randomElement(using: &random) ?? places[0]) + [47] + name()
            if path.count < 3000, withPath(path, { mkdir($0, 0o755) }) == 0 { places.append(path) }
        }
        for _ in 0..<items {
            let place = places.randomElement(using: &random) ?? places[0]
            makeItem(place + [47] + name())
        }
        // Attributes of directories last: making things in them moves their times.
        for place in places.reversed() { setAttributes(place, modes: [0o755, 0o700, 0o1777, 0o2775]) }
    }

    /// Any bytes a name may have: text, newlines, not UTF-8, one byte, 255 bytes.
    mutating func name() -> [UInt8] {
        let length = [1, 3, 8, 20, 255].randomElement(using: &random) ?? 8
        return (0..<length).map { _ in
            let byte = UInt8.random(in: 1...255, using: &random)
            return byte == 47 || byte == 46 ? 95 : byte
        }
    }

    private mutating func makeItem(_ path: [UInt8]) {
        var isOpenable = true
        switch Int.random(in: 0..<20, using: &random) {
        case 0: withPath(path) { _ = symlink("../nowhere/\u{e9}", $0) }
        case 1: withPath(path) { _ = mkfifo($0, 0o640) }
        case 2: withPath(path) { _ = mknod($0, S_IFSOCK | 0o600, 0) }
        case 3 where geteuid() == 0: withPath(path) { _ = mknod($0, S_IFCHR | 0o660, dev_t(holdfast_makedev(1, 3))) }
        case 4:
            if let other = files.randomElement(using: &random) {
                withPath(other) { other in withPath(path) { _ = link(other, $0) } }
                isOpenable = false
            }
        case 5: makeSparse(path)
        case 6: makeFile(path, random.bytes(Int.random(in: 60_000...3_000_000, using: &random)))
        case 7: makeFile(path, [])
        default:
            let count = Int.random(in: 1...9000, using: &random)
            // Half of them compress well.
            makeFile(path, Bool.random(using: &random) ? random.bytes(count) : Array(repeating: 97, count: count))
        }
        if isOpenable { setAttributes(path, modes: [0o644, 0o600, 0o755, 0o4755, 0o000, 0o444]) }
    }

    private mutating func makeFile(_ path: [UInt8], _ bytes: [UInt8]) {
        let descriptor = withPath(path) { open($0, O_CREAT | O_EXCL | O_WRONLY, 0o600) }
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        files.append(path)
    }

    /// Data at the start, in the middle or at the end, holes between.
    private mutating func makeSparse(_ path: [UInt8]) {
        let descriptor = withPath(path) { open($0, O_CREAT | O_EXCL | O_WRONLY, 0o600) }
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            let bytes = random.bytes(Int.random(in: 1...20_000, using: &random))
            let offset = Int.random(in: 0...2_000, using: &random) * 4096
            _ = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, offset) }
        }
        let end = lseek(descriptor, 0, SEEK_END)
        ftruncate(descriptor, end + Int.random(in: 0...3_000_000, using: &random))
        files.append(path)
    }

    private mutating func setAttributes(_ path: [UInt8], modes: [UInt32]) {
        var status = stat()
        guard withPath(path, { lstat($0, &status) }) == 0 else { return }
        let isLink = status.st_mode & S_IFMT == S_IFLNK
        if geteuid() == 0 && Bool.random(using: &random) {
            let owner = UInt32.random(in: 0...70_000, using: &random)
            withPath(path) { _ = lchown($0, owner, owner / 2) }
        }
        if status.st_mode & S_IFMT == S_IFREG || status.st_mode & S_IFMT == S_IFDIR, Bool.random(using: &random) {
            let value = random.bytes(Int.random(in: 0...200, using: &random))
            withPath(path) { _ = lsetxattr($0, "user.colour", value, value.count, 0) }
            // POSIX ACL, version 2: owner rw, user 1234 r, group r, mask rw, others none (linux/posix_acl_xattr.h).
            let acl: [UInt8] =
                [2, 0, 0, 0] + entry(1, 6, .max) + entry(2, 4, 1234) + entry(4, 4, .max) + entry(16, 6, .max)
                + entry(32, 0, .max)
            withPath(path) { _ = lsetxattr($0, "system.posix_acl_access", acl, acl.count, 0) }
            if status.st_mode & S_IFMT == S_IFDIR {
                withPath(path) { _ = lsetxattr($0, "system.posix_acl_default", acl, acl.count, 0) }
            }
        } else if !isLink, let mode = modes.randomElement(using: &random) {
            withPath(path) { _ = chmod($0, mode) }
        }
        let times = (0..<2).map { _ in
            timespec(
                tv_sec: Int.random(in: -1_000_000...2_000_000_000, using: &random),
                tv_nsec: Int.random(in: 0...999_999_999, using: &random))
        }
        withPath(path) { _ = utimensat(AT_FDCWD, $0, times, AT_SYMLINK_NOFOLLOW) }
    }

    private func entry(_ tag: UInt8, _ permissions: UInt8, _ id: UInt32) -> [UInt8] {
        [tag, 0, permissions, 0] + withUnsafeBytes(of: id.littleEndian) { Array($0) }
    }
}

@discardableResult
func withPath<Result>(_ path: [UInt8], _ body: (UnsafePointer<CChar>) throws -> Result) rethrows -> Result {
    try (path + [0]).withUnsafeBufferPointer { bytes in
        try bytes.withMemoryRebound(to: CChar.self) { pointer in
            guard let base = pointer.baseAddress else { preconditionFailure("never empty") }
            return try body(base)
        }
    }
}
