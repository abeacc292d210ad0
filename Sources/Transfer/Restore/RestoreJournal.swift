import CHoldfast
import Endpoints
import Glibc
import HoldfastCore

/// Marks a target as half written: a file beside or in it, from before the first change until all is durable.
///
/// It names the restore point and how far the restore came, as text for people; a restore of the same restore point
/// that finds it goes on. An open file lock on it keeps two restores from writing to one target.
final class RestoreJournal: Sendable {
    /// In a tree's root. Backups leave it out and restores never write it.
    static let fileName = ".holdfast-restore"
    static let name = ItemName(Array(fileName.utf8))

    /// Beside an image.
    static func name(besides image: ItemName) -> ItemName? { ItemName(image.bytes + Array(fileName.utf8)) }

    private let directory: Descriptor
    private let name: ItemName
    private let file: Descriptor
    /// True when an earlier restore of the same restore point left it.
    let isResuming: Bool

    /// Opens or makes the journal, durably, and takes its lock.
    ///
    /// - Throws: ``SystemFailure`` with EWOULDBLOCK when another restore to this target is running.
    init(_ name: ItemName, in directory: Descriptor, restorePoint: RestorePointID) throws(SystemFailure) {
        self.directory = directory
        self.name = name
        file = try Self.openLocked(name, in: directory)
        // Compared as a whole: the restore point's id ends its line.
        let header = Array("holdfast-restore 1\nrestore_point \(restorePoint)\n".utf8)
        var found = [UInt8](repeating: 0, count: header.count)
        let count = try Self.read(file, into: &found)
        isResuming = count == header.count && found == header
        if !isResuming {
            try FileChange.setSize(0, of: file)
            try Self.write(header, to: file)
        }
        try FileChange.sync(file)
        try FileChange.sync(directory)
    }

    private static func read(_ file: Descriptor, into bytes: inout [UInt8]) throws(SystemFailure) -> Int {
        let result = bytes.withUnsafeMutableBytes { bytes in
            Result { () throws(SystemFailure) in try WholeIO.read(file, into: bytes, at: 0) }
        }
        return try result.get()
    }

    private static func write(_ bytes: [UInt8], to file: Descriptor) throws(SystemFailure) {
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(SystemFailure) in try WholeIO.write(file, bytes, at: 0) }
        }
        try result.get()
    }

    private static func openLocked(_ name: ItemName, in directory: Descriptor) throws(SystemFailure) -> Descriptor {
        while true {
            let file = try open(name, in: directory)
            guard flock(file.number, LOCK_EX | LOCK_NB) == 0 else { throw SystemFailure("flock") }
            // Another restore may have ended, and removed it, between the two calls: a lock on that marks nothing.
            if try file.status().linkCount > 0 { return file }
        }
    }

    private static func open(_ name: ItemName, in directory: Descriptor) throws(SystemFailure) -> Descriptor {
        do throws(SystemFailure) {
            return try FileChange.createFile(name, in: directory)
        } catch {
            guard error.number == EEXIST else { throw error }
        }
        let status = try FileAccess.status(of: name, in: directory)
        if status.kind == .file && status.linkCount == 1 {
            return try FileAccess.open(name, in: directory, flags: O_RDWR | O_NONBLOCK)
        }
        // Not ours: a link planted here must not make us write elsewhere.
        try FileChange.removeFile(name, in: directory)
        return try FileChange.createFile(name, in: directory)
    }

    /// Notes how far the restore is. For people: a repeat looks at the target itself.
    func note(_ meter: ProgressMeter) {
        let line = Array("done_bytes \(meter.bytes) done_entries \(meter.entries)\n".utf8)
        let end = lseek(file.number, 0, SEEK_END)
        line.withUnsafeBytes { line in
            // Losing a note loses nothing.
            if end >= 0 { _ = pwrite(file.number, line.baseAddress, line.count, end) }
        }
    }

    /// Removes the mark, durably. Call it when everything that was written is durable.
    func finish() throws(SystemFailure) {
        try FileChange.removeFile(name, in: directory)
        try FileChange.sync(directory)
    }
}
