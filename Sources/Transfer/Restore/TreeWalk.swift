import CHoldfast
import Endpoints
import Glibc
import Repository

/// Walks a tree's manifest, makes its directories, and queues the contents of its files. Runs on one thread.
struct TreeWalk {
    /// Files up to this size are written by one thread, several in one job.
    private static let wholeBytesMax: Int64 = 4 << 20
    private static let jobFilesMax = 64
    private static let jobBytesMax: Int64 = 4 << 20

    let control: TransferControl
    let warnings: WarningLog
    let meter: ProgressMeter
    let writer: ItemWriter
    let fetch: NodeFetch
    let journal: RestoreJournal
    let deleteExtra: Bool
    let queue: (TreeJob) throws -> Void
    /// Called for a directory with nothing left to do in it.
    let finish: (RestoringDirectory, Descriptor) -> Void

    private var stack: DirectoryStack
    private var frames: [Frame] = []
    private var waiting: [RestoringFile] = []
    private var waitingBytes: Int64 = 0
    private var linked: [FileIdentity: Linked] = [:]
    private var notedBytes: Int64 = 0

    /// The first name of a file with several.
    private struct Linked {
        let path: [[UInt8]]
        /// Nil for what has no contents.
        let file: RestoringFile?
    }

    private struct Frame {
        let directory: RestoringDirectory
        var cursor: DirectoryCursor
        /// What was there before, if what the backup has not is to go; and how far it is compared.
        var existing: NameList?
        var compared = 0
    }

    init(
        root: Descriptor, run: RestoreRun, writer: ItemWriter, fetch: @escaping NodeFetch, journal: RestoreJournal,
        queue: @escaping (TreeJob) throws -> Void, finish: @escaping (RestoringDirectory, Descriptor) -> Void
    ) throws {
        control = run.control
        warnings = run.warnings
        meter = run.meter
        deleteExtra = run.request.deleteExtra
        self.writer = writer
        self.fetch = fetch
        self.journal = journal
        self.queue = queue
        self.finish = finish
        stack = try DirectoryStack(root: root)
    }

    mutating func run(_ rootEntry: TreeEntry) throws {
        guard case .directory(let entries) = rootEntry.body else { throw MalformedManifest.notADirectory }
        try enter(RestoringDirectory(entry: rootEntry, path: []), entries)
        meter.add(entries: 1)
        while let last = frames.indices.last {
            try control.check()
            let next: TreeEntry?
            do { next = try frames[last].cursor.next() } catch {
                try damaged(frames[last].directory.path, error)
                // What the lost page names is not extra.
                frames[last].existing = nil
                continue
            }
            guard let entry = next else {
                try leave()
                continue
            }
            guard let name = ItemName(entry.name) else { throw MalformedManifest.improperName }
            try removeExtra(before: name)
            if frames.count == 1 && name == RestoreJournal.name { continue }
            do { try restore(entry, name) } catch let failure as SystemFailure {
                if ItemWriter.isFatal(failure) { throw failure }
                warn(path(name), .unsupported, "cannot make it: \(failure.call): \(failure.reason)")
            } catch is FileChange.Kept {
                warn(path(name), .unsupported, KeptPlaces.refusal)
            }
        }
        try flush()
    }

    private mutating func restore(_ entry: TreeEntry, _ name: ItemName) throws {
        switch entry.body {
        case .directory(let entries):
            let descriptor = try writer.openDirectory(name, in: stack.top)
            guard !writer.places.isKept(try descriptor.status()) else { throw FileChange.Kept() }
            let directory = RestoringDirectory(entry: entry, path: path(name))
            stack.push(descriptor, name: name, status: try descriptor.status())
            try enter(directory, entries)
        case .file(let size, let extents, let isTorn):
            if isTorn {
                warn(path(name), .changed, "it kept changing while it was backed up; it may mix old and new contents")
            }
            if entry.isHardLink, try link(entry, name) { return }
            try restoreFile(entry, name, size, extents)
        default:
            if entry.isHardLink, try link(entry, name) { return }
            try writer.makeOther(
                entry, name, in: stack.top, path: PathText.printable(path(name)))
            remember(entry, name, nil)
        }
        meter.add(entries: 1)
    }

    // MARK: Directories

    private mutating func enter(_ directory: RestoringDirectory, _ entries: PagedList) throws {
        var frame = Frame(directory: directory, cursor: DirectoryCursor(entries, fetch: fetch))
        if deleteExtra { frame.existing = try NameList(of: stack.top) }
        frames.append(frame)
    }

    private mutating func leave() throws {
        try removeExtra(before: nil)
        let frame = frames.removeLast()
        let descriptor = stack.top
        if let done = frame.directory.walkIsDone(descriptor) { finish(frame.directory, done) }
        guard !frames.isEmpty else { return }
        do { try stack.pop() } catch {
            throw TransferError(
                code: .targetUnwritable,
                message: "\(PathText.printable(frame.directory.path)) was moved while it was being restored; "
                    + "start the restore again",
                cause: error)
        }
    }

    /// Removes what was in the directory and is not in the backup, up to a name.
    private mutating func removeExtra(before name: ItemName?) throws {
        let last = frames.count - 1
        guard let existing = frames[last].existing else { return }
        while frames[last].compared < existing.count {
            let candidate = existing[frames[last].compared]
            if let name, candidate >= name {
                if candidate == name { frames[last].compared += 1 }
                return
            }
            frames[last].compared += 1
            if frames.count == 1 && candidate == RestoreJournal.name { continue }
            do { try writer.places.remove(candidate, in: stack.top) } catch let failure as SystemFailure {
                if ItemWriter.isFatal(failure) { throw failure }
                warn(path(candidate), .unsupported, "cannot remove it: \(failure.call): \(failure.reason)")
            } catch is FileChange.Kept {
                warn(path(candidate), .unsupported, KeptPlaces.refusal)
            }
        }
    }

    // MARK: Files

    private mutating func restoreFile(
        _ entry: TreeEntry, _ name: ItemName, _ size: Int64, _ extents: PagedList
    ) throws {
        let parent = frames[frames.count - 1].directory
        let file = RestoringFile(entry: entry, name: name, directory: stack.top, parent: parent)
        if !entry.isHardLink && size <= Self.wholeBytesMax {
            parent.addFile()
            waiting.append(file)
            waitingBytes += size
            if waiting.count >= Self.jobFilesMax || waitingBytes >= Self.jobBytesMax { try flush() }
            return
        }
        // Opened here: a further name that comes next must find the file.
        let target = try writer.openFile(name, in: stack.top)
        parent.addFile()
        remember(entry, name, file)
        try FileChange.setSize(size, of: target.file)
        var cursor = ExtentsCursor(extents, fetch: fetch)
        var offset: Int64 = 0
        var piece: [TreeJob.Placed] = []
        var pieceBytes: Int64 = 0
        while true {
            do {
                guard let extent = try cursor.next() else { break }
                piece.append(.init(offset: offset, extent: extent))
                offset += extent.lengthBytes
                pieceBytes += extent.source == .hole ? 0 : extent.lengthBytes
            } catch {
                if file.markDamaged() { try damaged(path(name), error) }
                break
            }
            if pieceBytes >= Self.jobBytesMax {
                file.addPiece()
                try queue(.piece(file, target, piece))
                piece = []
                pieceBytes = 0
                if meter.bytes - notedBytes > 1 << 30 {
                    notedBytes = meter.bytes
                    journal.note(meter)
                }
            }
        }
        if offset != size, file.markDamaged() { try damaged(path(name), MalformedManifest.wrongLength) }
        // The last piece stands for the walk itself; it may be empty.
        try queue(.piece(file, target, piece))
    }

    private mutating func flush() throws {
        if waiting.isEmpty { return }
        let files = waiting
        waiting = []
        waitingBytes = 0
        try queue(.files(files))
    }

    // MARK: Hard links

    private mutating func remember(_ entry: TreeEntry, _ name: ItemName, _ file: RestoringFile?) {
        guard entry.isHardLink else { return }
        let identity = FileIdentity(device: entry.attributes.device, inode: entry.attributes.inode)
        linked[identity] = Linked(path: path(name), file: file)
    }

    /// - Returns: false when this is the first name of its file.
    private func link(_ entry: TreeEntry, _ name: ItemName) throws -> Bool {
        let identity = FileIdentity(device: entry.attributes.device, inode: entry.attributes.inode)
        guard let first = linked[identity], let firstName = first.path.last.flatMap({ ItemName($0) }) else {
            return false
        }
        let place = Array(first.path.dropLast())
        let isBeside = place == frames[frames.count - 1].directory.path
        let directory = try isBeside ? stack.top : FileAccess.openDirectory(path: place, below: stack.root)
        let wanted = try FileAccess.status(of: firstName, in: directory)
        if let present = try? FileAccess.status(of: name, in: stack.top) {
            if present.inode == wanted.inode && present.device == wanted.device {
                meter.add(entries: 1)
                return true
            }
            try writer.places.remove(name, in: stack.top)
        }
        try FileChange.link(name, in: stack.top, to: firstName, in: directory)
        if let file = first.file, !file.addName(path(name)) { try FileChange.removeFile(name, in: stack.top) }
        // A file counts once, however many names it has: as in the size of the restore point.
        meter.add(entries: 1)
        return true
    }

    // MARK: Trouble

    private func path(_ name: ItemName) -> [[UInt8]] { frames[frames.count - 1].directory.path + [name.bytes] }

    private func warn(_ path: [[UInt8]], _ reason: ItemWarning.Reason, _ message: String) {
        warnings.add(ItemWarning(path: PathText.printable(path), reason: reason, message: message))
    }

    /// Goes on beside what the repository can't give back; fails when it can't give anything.
    private func damaged(_ path: [[UInt8]], _ error: any Error) throws {
        guard RestoreRun.isDamage(error) else { throw error }
        warn(path, .damaged, "the repository cannot give back a part of it: \(RestoreRun.reason(error))")
    }
}
