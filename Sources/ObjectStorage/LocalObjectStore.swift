import CHoldfast
public import Foundation
import HoldfastCore
import Synchronization

/// Keeps objects as files under one folder.
///
/// An object is first a file in `tmp/`. Its bytes reach the disk before its name does, and its name before `put`
/// returns. Files that a crash leaves in `tmp/` are removed at the next `init`, once no process holds their lock.
/// Nothing is made before the first `put`: looking at a place where no store is leaves no trace there.
///
/// A folder that was there once has to stay: when it is gone, or another lies in its place, as when a disk is not
/// mounted any more, every call throws `.unavailable`. An empty folder must never pass for a store that lost everything.
public final class LocalObjectStore: ObjectStore {
    private static let folderMode: mode_t = 0o700
    /// Objects never change, so nobody needs to write to their files again.
    private static let fileMode: mode_t = 0o400
    private static let partTriesMax = 4
    private static let directBytesMin = 1 << 20
    /// No disk asks for a coarser alignment.
    private static let directBlockBytes = 4096
    private static let directPieceBytes = 4 << 20

    private let root: String
    private let nextPart = Atomic<Int>(0)
    private let partPrefix: String
    private struct Identity: Equatable {
        let device: dev_t
        let inode: ino_t
    }

    /// Told of each change that the system has made for us; production passes none.
    private let observer: (@Sendable (FileChangeEvent) -> Void)?

    /// Which folder the root is; nil before it is made.
    private let identity = Mutex<Identity?>(nil)
    /// Folders whose own names are on disk.
    private let durableFolders = Mutex<Set<String>>([])

    /// - Parameter root: made for its owner only at the first `put` if it is not there; its parent must exist.
    /// - Throws: `.unavailable` when there is something else at that place, or it can't be looked at.
    public convenience init(root: String) throws(ObjectStoreError) { try self.init(root: root, observer: nil) }

    package init(root: String, observer: (@Sendable (FileChangeEvent) -> Void)?) throws(ObjectStoreError) {
        self.observer = observer
        // A path's last slash would make the folder its own parent.
        let root = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
        self.root = root
        partPrefix = "\(getpid())-\(UUID().uuidString)"
        var status = stat()
        if stat(root, &status) != 0 {
            let number = errno
            guard number == ENOENT else {
                throw .unavailable("open the folder \(root)", nil, reason: String(cString: strerror(number)))
            }
        } else if status.st_mode & S_IFMT != S_IFDIR {
            throw .unavailable("open the folder \(root)", nil, reason: "it is no folder")
        } else {
            let found = Identity(device: status.st_dev, inode: status.st_ino)
            identity.withLock { $0 = found }
        }
        removeAbandonedParts()
    }

    public func put(_ bytes: UnsafeRawBufferPointer, at key: ObjectKey) throws(ObjectStoreError) {
        try checkRoot("write", key)
        try makeFolders(for: key)
        for _ in 0..<Self.partTriesMax {
            if try putOnce(bytes, at: key) { return }
        }
        throw .unavailable("write", key, reason: "its temporary file was taken away again and again")
    }

    /// - Returns: false when another process, which is just opening this store, swept the temporary file away in the
    ///   moment before it was locked: to be tried again.
    private func putOnce(_ bytes: UnsafeRawBufferPointer, at key: ObjectKey) throws(ObjectStoreError) -> Bool {
        let part = "\(root)/tmp/\(partPrefix)-\(nextPart.add(1, ordering: .relaxed).newValue)"
        let file = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, Self.fileMode)
        guard file >= 0 else { throw failure("write", key) }
        observe(.madeFile(part))
        defer {
            close(file)
            unlink(part)
            observe(.removed(part))
        }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            if errno == EWOULDBLOCK { return false }
            throw failure("lock the file of", key)
        }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure("look at the file of", key) }
        // From here on nobody sweeps it: it is locked, and has its name.
        guard status.st_nlink > 0 else { return false }
        try write(bytes, to: file, key)
        observe(.wrote(Array(bytes), to: part))
        guard fsync(file) == 0 else { throw failure("bring to disk", key) }
        observe(.synced(part))
        // link(2), not rename(2): it refuses a taken name, so two writers cannot both win.
        guard link(part, path(of: key)) == 0 else {
            if errno == EEXIST { throw .keyTaken(key) }
            throw failure("name", key)
        }
        observe(.linked(part, as: path(of: key)))
        try syncFolder(PathParts.folder(of: path(of: key)), key)
        return true
    }

    public func get(_ key: ObjectKey, range: Range<Int>?) throws(ObjectStoreError) -> [UInt8] {
        let (file, sizeBytes) = try openObject(key)
        defer { close(file) }
        let range = range ?? 0..<sizeBytes
        guard range.lowerBound >= 0, range.upperBound <= sizeBytes else {
            throw .outOfRange(key, range, sizeBytes: sizeBytes)
        }
        var problem: ObjectStoreError?
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            while count < range.count {
                let got = pread(
                    file, buffer.baseAddress?.advanced(by: count), range.count - count,
                    off_t(range.lowerBound + count))
                if got < 0 && errno == EINTR { continue }
                guard got > 0 else {
                    problem = got == 0 ? .outOfRange(key, range, sizeBytes: count) : failure("read", key)
                    return
                }
                count += got
            }
        }
        if let problem { throw problem }
        return bytes
    }

    private func openObject(_ key: ObjectKey) throws(ObjectStoreError) -> (file: Int32, sizeBytes: Int) {
        let file = open(path(of: key), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else {
            guard errno == ENOENT else { throw failure("open", key) }
            try checkRoot("open", key)
            throw .missing(key)
        }
        var status = stat()
        guard fstat(file, &status) == 0 else {
            defer { close(file) }
            throw failure("look at", key)
        }
        return (file, Int(status.st_size))
    }

    public func load(
        _ key: ObjectKey, into memory: UnsafeMutableRawBufferPointer
    ) throws(ObjectStoreError) -> Int {
        let (file, sizeBytes) = try openObject(key)
        defer { close(file) }
        guard sizeBytes <= memory.count else { throw .outOfRange(key, 0..<memory.count, sizeBytes: sizeBytes) }
        let flags = sizeBytes >= Self.directBytesMin && Self.isAligned(memory.baseAddress) ? fcntl(file, F_GETFL) : -1
        var way = flags >= 0 ? ReadWay.fromCache : .asUsual
        var count = 0
        while count < sizeBytes {
            let place = memory.baseAddress?.advanced(by: count)
            let room = min(memory.count - count, Self.directPieceBytes)
            if way == .pastCache, room < Self.directBlockBytes {
                way = .asUsual
                _ = fcntl(file, F_SETFL, flags)
            }
            let got: Int
            switch way {
            case .fromCache: got = holdfast_read_cached(file, place, min(room, sizeBytes - count), off_t(count))
            case .pastCache:
                got = pread(file, place, room / Self.directBlockBytes * Self.directBlockBytes, off_t(count))
            case .asUsual: got = pread(file, place, sizeBytes - count, off_t(count))
            }
            if got < 0 && errno == EINTR { continue }
            // What is read past the cache begins at a block's border, and ends at one, or with the file.
            if got <= 0 && way == .fromCache {
                let canPass =
                    count % Self.directBlockBytes == 0 && fcntl(file, F_SETFL, flags | holdfast_o_direct()) == 0
                way = canPass ? .pastCache : .asUsual
                continue
            }
            if way == .pastCache, got < 0 || count + got < sizeBytes && got % Self.directBlockBytes != 0 {
                way = .asUsual
                _ = fcntl(file, F_SETFL, flags)
                if got <= 0 { continue }
            }
            guard got > 0 else {
                throw got == 0 ? .outOfRange(key, 0..<sizeBytes, sizeBytes: count) : failure("read", key)
            }
            count += got
        }
        return sizeBytes
    }

    private enum ReadWay { case fromCache, pastCache, asUsual }

    private static func isAligned(_ memory: UnsafeRawPointer?) -> Bool {
        memory.map { Int(bitPattern: $0) % directBlockBytes == 0 } ?? false
    }

    public func willRead(_ key: ObjectKey, range: Range<Int>) {
        let file = open(path(of: key), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return }
        posix_fadvise(file, off_t(range.lowerBound), off_t(range.count), POSIX_FADV_WILLNEED)
        close(file)
    }

    public func list(_ folder: ObjectKey) throws(ObjectStoreError) -> [ObjectEntry] {
        try checkRoot("list", folder)
        var found: [ObjectEntry] = []
        var folders = [folder]
        while let next = folders.popLast() {
            guard let stream = opendir(path(of: next)) else {
                if errno == ENOENT { continue }
                throw failure("list", next)
            }
            defer { closedir(stream) }
            while true {
                // The end and a failure look alike but for this, and whatever was called since may have set it.
                errno = 0
                guard let item = readdir(stream) else { break }
                let name = withUnsafeBytes(of: item.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                // Names that no `put` could have made are none of ours.
                if name != ".", name != "..", let key = try? ObjectKey("\(next)/\(name)") {
                    var status = stat()
                    // By its name in the open folder: the system need not walk the path again for each.
                    guard fstatat(dirfd(stream), name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
                        if errno != ENOENT { throw failure("look at", key) }
                        continue
                    }
                    switch status.st_mode & S_IFMT {
                    case S_IFDIR: folders.append(key)
                    case S_IFREG: found.append(ObjectEntry(key: key, sizeBytes: Int(status.st_size)))
                    default: break
                    }
                }
            }
            guard errno == 0 else { throw failure("list", next) }
        }
        return found.sorted { $0.key < $1.key }
    }

    public func delete(_ key: ObjectKey) throws(ObjectStoreError) {
        guard unlink(path(of: key)) == 0 else {
            let number = errno
            guard number == ENOENT else {
                if number == EPERM, ImmutableAttribute.isSet(onFileAt: path(of: key)) { throw .protected(key) }
                errno = number
                throw failure("remove", key)
            }
            return try checkRoot("remove", key)
        }
        observe(.removed(path(of: key)))
        try syncFolder(PathParts.folder(of: path(of: key)), key)
    }

    /// Sets the immutable attribute on the object's file: nobody can remove, rename, change or link it then, root included,
    /// until somebody with `CAP_LINUX_IMMUTABLE` takes it off.
    public func protect(_ key: ObjectKey, until: Date?) throws(ObjectStoreError) -> ObjectProtection {
        guard let file = try openIfThere(key) else { throw .missing(key) }
        defer { close(file) }
        switch ImmutableAttribute.set(true, on: file) {
        case .done: return .refusesRemoval
        case .unavailable(let reason): return .unavailable(reason: reason)
        case .failed(let number): throw failure("protect", key, number)
        }
    }

    public func release(_ key: ObjectKey) throws(ObjectStoreError) {
        guard let file = try openIfThere(key) else { return }
        defer { close(file) }
        switch ImmutableAttribute.set(false, on: file) {
        case .done: return
        case .unavailable(let reason):
            if ImmutableAttribute.isSet(on: file) { throw .unavailable("release", key, reason: reason) }
        case .failed(let number): throw failure("release", key, number)
        }
    }

    private func openIfThere(_ key: ObjectKey) throws(ObjectStoreError) -> Int32? {
        let file = open(path(of: key), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        if file >= 0 { return file }
        guard errno == ENOENT else { throw failure("open", key) }
        try checkRoot("open", key)
        return nil
    }

    private func observe(_ event: @autoclosure () -> FileChangeEvent) {
        if let observer { observer(event()) }
    }

    private func path(of key: ObjectKey) -> String { "\(root)/\(key)" }

    /// Large objects are written past the system's cache where the file system lets us: it saves a copy of every byte, and
    /// leaves the cache to those who read what they cache.
    private func write(
        _ bytes: UnsafeRawBufferPointer, to file: Int32, _ key: ObjectKey
    ) throws(ObjectStoreError) {
        try write(bytes, from: writeDirectly(bytes, to: file), to: file, key)
    }

    /// Writes all whole blocks of a large object.
    ///
    /// - Returns: how many bytes; 0 where that can't be done, and whoever writes the rest finds out why.
    private func writeDirectly(_ bytes: UnsafeRawBufferPointer, to file: Int32) -> Int {
        let block = Self.directBlockBytes
        guard bytes.count >= Self.directBytesMin, let base = bytes.baseAddress, Self.isAligned(base) else { return 0 }
        let flags = fcntl(file, F_GETFL)
        guard flags >= 0, fcntl(file, F_SETFL, flags | holdfast_o_direct()) == 0 else { return 0 }
        defer { _ = fcntl(file, F_SETFL, flags) }
        let end = bytes.count / block * block
        var written = 0
        while written < end {
            let got = pwrite(file, base + written, min(end - written, Self.directPieceBytes), off_t(written))
            if got < 0 && errno == EINTR { continue }
            // A short write ends off a block's border only when something is wrong.
            guard got > 0, got % block == 0 else { break }
            written += got
        }
        return written
    }

    private func write(
        _ bytes: UnsafeRawBufferPointer, from start: Int, to file: Int32, _ key: ObjectKey
    ) throws(ObjectStoreError) {
        var written = start
        while written < bytes.count {
            let got = pwrite(file, bytes.baseAddress?.advanced(by: written), bytes.count - written, off_t(written))
            if got < 0 && errno == EINTR { continue }
            guard got > 0 else { throw failure("write", key) }
            written += got
        }
    }

    private func checkRoot(_ attempt: String, _ key: ObjectKey) throws(ObjectStoreError) {
        guard let known = identity.withLock({ $0 }) else { return }
        var status = stat()
        guard stat(root, &status) == 0 else { throw failure("\(attempt) in \(root), where the store is:", key) }
        guard Identity(device: status.st_dev, inode: status.st_ino) == known else {
            throw .unavailable(attempt, key, reason: "another folder lies at \(root), where the store was")
        }
    }

    /// Makes the folders that a key lies in, and `tmp`. A folder's own name is on disk before anything is put in it.
    private func makeFolders(for key: ObjectKey) throws(ObjectStoreError) {
        if identity.withLock({ $0 == nil }) {
            try makeFolder(root, key)
            var status = stat()
            guard stat(root, &status) == 0 else { throw failure("look at the folder of", key) }
            let found = Identity(device: status.st_dev, inode: status.st_ino)
            identity.withLock { $0 = found }
        }
        try makeFolder("\(root)/tmp", key)
        var folder = root
        for part in key.text.split(separator: "/").dropLast() {
            folder += "/\(part)"
            try makeFolder(folder, key)
        }
    }

    private func makeFolder(_ folder: String, _ key: ObjectKey) throws(ObjectStoreError) {
        guard !durableFolders.withLock({ $0.contains(folder) }) else { return }
        let isNew = mkdir(folder, Self.folderMode) == 0
        if isNew { observe(.madeFolder(folder)) }
        if !isNew && errno != EEXIST { throw failure("make the folder of", key) }
        // One that is there already may have been made by someone who has not brought it to disk yet. The root itself
        // is the administrator's: its parent may be closed to us.
        if isNew || folder != root {
            try syncFolder(PathParts.folder(of: folder), key)
        }
        _ = durableFolders.withLock { $0.insert(folder) }
    }

    private func syncFolder(_ folder: String, _ key: ObjectKey) throws(ObjectStoreError) {
        let file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { throw failure("open the folder of", key) }
        defer { close(file) }
        guard fsync(file) == 0 else { throw failure("bring to disk the name of", key) }
        observe(.synced(folder))
    }

    private func removeAbandonedParts() {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: "\(root)/tmp") else { return }
        for name in names {
            let part = "\(root)/tmp/\(name)"
            let file = open(part, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
            guard file >= 0 else { continue }
            // A writer that has not locked its file yet finds out when it does, and makes another.
            if flock(file, LOCK_EX | LOCK_NB) == 0 { unlink(part) }
            close(file)
        }
    }

    private func failure(_ attempt: String, _ key: ObjectKey) -> ObjectStoreError { failure(attempt, key, errno) }

    private func failure(_ attempt: String, _ key: ObjectKey, _ number: Int32) -> ObjectStoreError {
        // Somebody removed a folder under way: the next put makes it again.
        if number == ENOENT { durableFolders.withLock { $0.removeAll() } }
        let reason = String(cString: strerror(number))
        guard number == ENOSPC || number == EDQUOT else { return .unavailable(attempt, key, reason: reason) }
        return ObjectStoreError(
            code: .full, message: "could not \(attempt) \(key): \(reason); free space in \(root)",
            facts: ["object.key": key.text])
    }
}
