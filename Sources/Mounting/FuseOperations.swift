import CFuse
import CHoldfast
import Foundation
import Repository

/// What libfuse calls, on the threads of ``FuseLoop``. Nothing is thrown across: errors are numbers, and a failure of the
/// repository, which is `EIO` for the caller, is reported beside.
enum FuseOperations {
    /// What the kernel may keep: nothing in a restore point ever changes.
    private static let keepSeconds = 600.0

    static func table() -> fuse_operations {
        var table = fuse_operations()
        table.`init` = { _, config in
            config?.pointee.use_ino = 1
            config?.pointee.kernel_cache = 1
            config?.pointee.entry_timeout = FuseOperations.keepSeconds
            config?.pointee.attr_timeout = FuseOperations.keepSeconds
            return fuse_get_context().pointee.private_data
        }
        table.getattr = { path, status, _ in
            FuseOperations.withNode(path) { _, node in
                status?.pointee = node.status
                return 0
            }
        }
        table.readlink = { path, room, size in
            FuseOperations.withNode(path) { _, node in
                guard case .item(let entry, _) = node, case .symbolicLink(let target) = entry.body, let room, size > 0
                else { return -EINVAL }
                let count = min(target.count, size - 1)
                UnsafeMutableRawBufferPointer(start: room, count: size).copyBytes(from: target.prefix(count))
                room[count] = 0
                return 0
            }
        }
        table.open = { path, info in
            FuseOperations.withNode(path) { repository, node in
                guard let contents = repository.contents(of: node) else { return -EISDIR }
                info?.pointee.fh = FuseOperations.handle(Box(contents))
                return 0
            }
        }
        table.read = { path, room, size, offset, info in
            FuseOperations.guarded(path) { _ in
                guard let info, let contents = FuseOperations.object(info.pointee.fh, as: Box<Contents>.self) else {
                    return -EBADF
                }
                return Int32(
                    try contents.value.read(
                        at: Int64(offset), into: UnsafeMutableRawBufferPointer(start: room, count: size)))
            }
        }
        table.release = { _, info in FuseOperations.drop(info, Box<Contents>.self) }
        table.opendir = { path, info in
            FuseOperations.withNode(path) { repository, node in
                guard let listing = try repository.listing(of: node) else { return -ENOTDIR }
                info?.pointee.fh = FuseOperations.handle(Box(listing))
                return 0
            }
        }
        table.readdir = { path, room, fill, offset, info, flags in
            FuseOperations.guarded(path) { repository in
                guard let info, let fill, let listing = FuseOperations.object(info.pointee.fh, as: Box<Listing>.self)
                else { return -EBADF }
                let filler = FuseOperations.Filler(room: room, fill: fill, isPlus: flags == FUSE_READDIR_PLUS)
                return try filler.fill(listing.value, from: Int(offset), of: repository)
            }
        }
        table.releasedir = { _, info in FuseOperations.drop(info, Box<Listing>.self) }
        table.listxattr = { path, room, size in
            FuseOperations.withNode(path) { _, node in
                FuseOperations.give(node.attributes.flatMap { $0.name + [0] }, room, size)
            }
        }
        table.getxattr = { path, name, room, size in
            FuseOperations.withNode(path) { _, node in
                let name = FuseOperations.bytes(name)
                guard let found = node.attributes.first(where: { $0.name == name }) else { return -ENODATA }
                return FuseOperations.give(found.value, room, size)
            }
        }
        return table
    }

    typealias Contents = MountedRepository.Contents
    typealias Listing = MountedRepository.Listing

    /// What a handle of the kernel stands for.
    final class Box<Value> {
        let value: Value
        init(_ value: Value) { self.value = value }
    }

    // MARK: Between C and Swift

    private static func withNode(
        _ path: UnsafePointer<CChar>?, _ body: (MountedRepository, MountedRepository.Node) throws -> Int32
    ) -> Int32 {
        guarded(path) { repository in
            guard let node = try repository.node(at: bytes(path)) else { return -ENOENT }
            return try body(repository, node)
        }
    }

    private static func guarded(_ path: UnsafePointer<CChar>?, _ body: (MountedRepository) throws -> Int32) -> Int32 {
        guard let context = fuse_get_context()?.pointee.private_data else { return -EIO }
        let repository = Unmanaged<MountedRepository>.fromOpaque(context).takeUnretainedValue()
        do { return try body(repository) } catch {
            repository.note(error, at: bytes(path))
            return -EIO
        }
    }

    private static func bytes(_ text: UnsafePointer<CChar>?) -> [UInt8] {
        guard let text else { return [] }
        return Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }

    private static func handle(_ object: AnyObject) -> UInt64 {
        UInt64(UInt(bitPattern: Unmanaged.passRetained(object).toOpaque()))
    }

    private static func object<Object: AnyObject>(_ handle: UInt64, as: Object.Type) -> Object? {
        UnsafeRawPointer(bitPattern: UInt(handle)).map { Unmanaged<Object>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func drop<Object: AnyObject>(
        _ info: UnsafeMutablePointer<fuse_file_info>?, _: Object.Type
    ) -> Int32 {
        if let info, let pointer = UnsafeRawPointer(bitPattern: UInt(info.pointee.fh)) {
            Unmanaged<Object>.fromOpaque(pointer).release()
            info.pointee.fh = 0
        }
        return 0
    }

    /// As listxattr(2) and getxattr(2) answer: the length alone when there is no room at all.
    private static func give(_ value: [UInt8], _ room: UnsafeMutablePointer<CChar>?, _ size: Int) -> Int32 {
        guard size > 0 else { return Int32(value.count) }
        guard value.count <= size, let room else { return -ERANGE }
        UnsafeMutableRawBufferPointer(start: room, count: size).copyBytes(from: value)
        return Int32(value.count)
    }

    /// Hands entries to libfuse until it has no more room; it asks again from where it stopped.
    private struct Filler {
        let room: UnsafeMutableRawPointer?
        let fill: fuse_fill_dir_t
        let isPlus: Bool

        /// - Parameter start: 0 and 1 are `.` and `..`, then come the entries.
        func fill(_ listing: Listing, from start: Int, of repository: MountedRepository) throws -> Int32 {
            for position in start..<max(listing.count + 2, start) {
                let isFull: Bool
                if position < 2 {
                    isFull = add(position == 0 ? [46] : [46, 46], nil, next: position + 1)
                } else {
                    guard let (name, node) = try repository.item(position - 2, of: listing) else { continue }
                    isFull = add(name, node.status, next: position + 1)
                }
                if isFull { break }
            }
            return 0
        }

        private func add(_ name: [UInt8], _ status: stat?, next: Int) -> Bool {
            (name + [0]).withUnsafeBufferPointer { bytes in
                bytes.withMemoryRebound(to: CChar.self) { text in
                    guard var status else { return fill(room, text.baseAddress, nil, off_t(next), .init(0)) != 0 }
                    let flags = isPlus ? FUSE_FILL_DIR_PLUS : fuse_fill_dir_flags(0)
                    return fill(room, text.baseAddress, &status, off_t(next), flags) != 0
                }
            }
        }
    }
}

extension MountedRepository.Node {
    fileprivate var attributes: [ExtendedAttribute] {
        if case .item(let entry, _) = self { entry.extendedAttributes } else { [] }
    }
}
