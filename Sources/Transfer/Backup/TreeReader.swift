import CHoldfast
import Endpoints
import Foundation
import Repository

/// Walks a tree, reads what changed, and tells the assembler. Runs on one thread.
///
/// - Mounts below the root are walked too, as `tar` and restic do: a protected tree is what its users see. File systems
///   that are views of the kernel (proc, sysfs, …) come back as the empty directories they are mounted on.
/// - Symbolic links are never followed; every open is relative to an open directory.
/// - A file is read again, up to ``Limits/readsMax`` times, while it changes under the reader. If it never holds still,
///   its last read is stored, marked as torn, and a warning says so.
/// - What can't be read, or is gone when its turn comes, is left out with a warning.
struct TreeReader {
    enum Limits {
        static let readsMax = 3
        /// Files up to this size share chunks.
        static let smallBytesMax = 64 << 10
        /// Room in the shared buffer: it is handed on when a further small file might not fit.
        static let sharedBytesMax = 1 << 20
        static let sharedBytesMin = 128 << 10
        static let sharedBytesTarget = 512 << 10
    }

    let pipes: TreePipes
    let comparison: ParentComparison?
    let access: ChunkAccess
    /// Directories that are left out with everything in them, by identity.
    let excluded: Set<FileIdentity>

    private var stack: DirectoryStack
    private var frames: [Frame] = []
    private var links: [FileIdentity: UInt64] = [:]
    private var shared: SharedChunk?

    private struct Frame {
        var names: NameList
        var next = 0
        var parent: ParentDirectory?
    }

    init(
        root: Descriptor, pipes: TreePipes, comparison: ParentComparison?, access: ChunkAccess,
        excluded: Set<FileIdentity>
    ) throws {
        self.pipes = pipes
        self.comparison = comparison
        self.access = access
        self.excluded = excluded
        stack = try DirectoryStack(root: root)
    }

    /// - Parameter parentRoot: the root entry of the earlier restore point.
    mutating func run(parentRoot: TreeEntry?) throws {
        let root = stack.top
        let status = try root.status()
        let entry = TreeEntry(
            name: [], attributes: ItemAttributes(status), extendedAttributes: try attributes(.open(root)),
            body: .directory(.empty))
        try emit(.enterDirectory(entry))
        frames.append(Frame(names: try NameList(of: root), parent: parentRoot.flatMap(parentDirectory)))
        pipes.meter.add(entries: 1)
        while let last = frames.indices.last {
            try pipes.control.check()
            guard frames[last].next < frames[last].names.count else {
                try leaveDirectory()
                continue
            }
            let name = frames[last].names[frames[last].next]
            frames[last].next += 1
            let old = frames[last].parent?.entry(named: name.bytes)
            if frames.count == 1 && name == RestoreJournal.name { continue }
            try visit(name, old: old)
        }
        try flushShared()
    }

    private mutating func visit(_ name: ItemName, old: TreeEntry?) throws {
        do {
            let status = try FileAccess.status(of: name, in: stack.top)
            let unchanged = old.flatMap { entry in
                comparison?.isUnchanged(entry, status) == true ? entry : nil
            }
            switch status.kind {
            case .directory: try enterDirectory(name, old: old, unchanged: unchanged)
            case .file: try visitFile(name, status, unchanged: unchanged)
            default: try visitOther(name, status, unchanged: unchanged)
            }
        } catch let failure as SystemFailure {
            warn(name, failure)
        }
    }

    // MARK: Directories

    private mutating func enterDirectory(_ name: ItemName, old: TreeEntry?, unchanged: TreeEntry?) throws {
        let directory = try FileAccess.openDirectory(name, in: stack.top)
        let status = try directory.status()
        let identity = FileIdentity(device: status.device, inode: status.inode)
        if excluded.contains(identity) { return }
        // Between the listing and the open it may have become another directory; then nothing old holds.
        let attributes = try unchanged?.extendedAttributes ?? attributes(.open(directory))
        let isPseudo = FileAccess.isPseudo(directory)
        let names = isPseudo ? nil : try NameList(of: directory)
        try emit(
            .enterDirectory(
                TreeEntry(
                    name: name.bytes, attributes: ItemAttributes(status), extendedAttributes: attributes,
                    body: .directory(.empty))))
        pipes.meter.add(entries: 1)
        guard let names else { return try emit(.leaveDirectory) }
        stack.push(directory, name: name, status: status)
        frames.append(Frame(names: names, parent: old.flatMap(parentDirectory)))
    }

    private mutating func leaveDirectory() throws {
        frames.removeLast()
        try emit(.leaveDirectory)
        guard !frames.isEmpty else { return }
        do {
            try stack.pop()
        } catch {
            throw TransferError(
                code: .sourceUnreachable,
                message: "the directory \(PathText.printable(stack.path)) was moved while it was being backed up; "
                    + "start the backup again",
                cause: error)
        }
    }

    private func parentDirectory(_ entry: TreeEntry) -> ParentDirectory? {
        guard comparison != nil, case .directory(let entries) = entry.body else { return nil }
        return ParentDirectory(entries, fetch: access.fetch)
    }

    // MARK: Files

    private mutating func visitFile(_ name: ItemName, _ status: ItemStatus, unchanged: TreeEntry?) throws {
        let identity = FileIdentity(device: status.device, inode: status.inode)
        if status.linkCount > 1, let left = links[identity] {
            links[identity] = left > 1 ? left - 1 : nil
            try emit(.link(name: name.bytes, to: identity, isLast: left <= 1))
            return pipes.meter.add(entries: 1)
        }
        if let unchanged, isStored(unchanged) {
            try emit(.entry(unchanged))
            pipes.meter.add(bytes: status.sizeBytes, entries: 1)
        } else {
            guard try readFile(name, status) else { return }
            pipes.meter.add(entries: 1)
        }
        if status.linkCount > 1 { links[identity] = status.linkCount - 1 }
    }

    /// A chunk that the index has lost is read from the source again.
    private func isStored(_ entry: TreeEntry) -> Bool {
        guard case .file(_, let extents, _) = entry.body else { return true }
        switch extents {
        case .tree(_, let root): return access.contains(root)
        case .inline:
            var cursor = ExtentsCursor(extents, fetch: access.fetch)
            while let extent = try? cursor.next() {
                if case .chunk(let id, _) = extent.source, !access.contains(id) { return false }
            }
            return true
        }
    }

    /// - Returns: false when the file was left out.
    private mutating func readFile(_ name: ItemName, _ listed: ItemStatus) throws -> Bool {
        let path = printable(name)
        do { try pipes.hooks.willOpen(path) } catch let failure as SystemFailure { throw failure }
        let file = try FileAccess.openFile(name, in: stack.top)
        let status = try file.status()
        guard status.kind == .file else {
            warn(name, .vanished, "it was replaced by something else while it was being looked at")
            return false
        }
        let attributes = try attributes(.open(file))
        var entry = TreeEntry(
            name: name.bytes, attributes: ItemAttributes(status), extendedAttributes: attributes,
            isHardLink: status.linkCount > 1, body: .file(sizeBytes: 0, extents: .empty, isTorn: false))
        var reading = FileReading(file: file, path: path, pipes: pipes)
        let isSmall = status.sizeBytes <= Int64(Limits.smallBytesMax)
        let hasHoles = status.allocatedBytes < status.sizeBytes
        let isSparse = try isSmall && hasHoles && reading.hasRealHoles(status)
        return isSmall && !isSparse ? try readSmall(&reading, &entry) : try readLarge(&reading, &entry)
    }

    private mutating func readSmall(_ reading: inout FileReading, _ entry: inout TreeEntry) throws -> Bool {
        if let open = shared, open.used + Limits.smallBytesMax + 1 > Limits.sharedBytesMax { try flushShared() }
        if shared == nil {
            shared = SharedChunk(buffer: try pipes.buffers.take(), pending: PendingChunk(on: pipes.board))
        }
        guard var open = shared else { return false }
        let room = open.buffer.memory[open.used...]
        let read = try reading.whole(into: UnsafeMutableRawBufferPointer(rebasing: room), limit: Limits.smallBytesMax)
        guard let read else {
            // It has outgrown small meanwhile.
            return try readLarge(&reading, &entry)
        }
        entry.attributes = ItemAttributes(read.status)
        entry.body = .file(sizeBytes: Int64(read.count), extents: .empty, isTorn: read.isTorn)
        if read.isTorn { warnTorn(reading.path) }
        if read.count == 0 {
            try emit(.entry(entry))
            return true
        }
        let range = open.used..<open.used + read.count
        open.used = range.upperBound
        // Kept before the event goes out: handing that on may hand the chunk on too.
        shared = open
        try emit(.small(entry, open.pending, offset: range.lowerBound, lengthBytes: read.count))
        pipes.meter.add(bytes: Int64(read.count))
        if shared != nil && open.ends(after: range) { try flushShared() }
        return true
    }

    private mutating func readLarge(_ reading: inout FileReading, _ entry: inout TreeEntry) throws -> Bool {
        try emit(.beginFile)
        do {
            let read = try reading.stream(
                emit: { event in try emit(event) }, take: { try pipes.buffers.take() })
            entry.attributes = ItemAttributes(read.status)
            entry.body = .file(sizeBytes: read.sizeBytes, extents: .empty, isTorn: read.isTorn)
            if read.isTorn { warnTorn(reading.path) }
            try emit(.endFile(entry))
            return true
        } catch let failure as SystemFailure {
            try emit(.dropFile)
            throw failure
        }
    }

    // MARK: Everything else

    private mutating func visitOther(_ name: ItemName, _ status: ItemStatus, unchanged: TreeEntry?) throws {
        if let unchanged {
            try emit(.entry(unchanged))
            return pipes.meter.add(entries: 1)
        }
        let device = status.representedDevice
        let body: TreeEntry.Body
        switch status.kind {
        case .symbolicLink:
            body = .symbolicLink(target: try FileAccess.symbolicLinkTarget(of: name, in: stack.top))
        case .pipe: body = .pipe
        case .socket: body = .socket
        case .characterDevice: body = .characterDevice(major: holdfast_major(device), minor: holdfast_minor(device))
        case .blockDevice: body = .blockDevice(major: holdfast_major(device), minor: holdfast_minor(device))
        case .file, .directory: return
        }
        try emit(
            .entry(
                TreeEntry(
                    name: name.bytes, attributes: ItemAttributes(status),
                    extendedAttributes: try attributes(.name(name, in: stack.top)),
                    isHardLink: status.linkCount > 1, body: body)))
        pipes.meter.add(entries: 1)
    }

    private func attributes(_ item: AttributeAccess.Item) throws -> [ExtendedAttribute] {
        try AttributeAccess.read(item).map { ExtendedAttribute(name: $0.name, value: $0.value) }
    }

    // MARK: Handing on

    private mutating func emit(_ event: TreeEvent) throws {
        // The assembler may be waiting for the shared chunk while the queue is full of those who come behind it.
        if shared != nil && pipes.events.isFull { try flushShared() }
        try pipes.events.push(event)
    }

    private mutating func flushShared() throws {
        guard let open = shared else { return }
        shared = nil
        guard open.used > 0 else { return }
        try pipes.jobs.push(StoreJob(buffer: open.buffer, chunks: [(0..<open.used, open.pending)]))
    }

    private func printable(_ name: ItemName) -> String { PathText.printable(stack.path + [name.bytes]) }

    private func warnTorn(_ path: String) {
        pipes.warnings.add(
            ItemWarning(
                path: path, reason: .changed,
                message: "it kept changing while it was read; the stored copy may mix old and new contents"))
    }

    private func warn(_ name: ItemName, _ failure: SystemFailure) {
        if failure.number == ENOENT {
            warn(name, .vanished, "it was gone when its turn came")
        } else {
            warn(name, .unreadable, "\(failure.call): \(failure.reason)")
        }
    }

    private func warn(_ name: ItemName, _ reason: ItemWarning.Reason, _ message: String) {
        pipes.warnings.add(ItemWarning(path: printable(name), reason: reason, message: message))
    }
}
