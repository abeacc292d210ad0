import Endpoints
import Foundation
import Repository

/// Fetches, writes and verifies the contents of files, and gives each its attributes when it is whole. One a thread.
struct FileWorker {
    let root: Descriptor
    let control: TransferControl
    let warnings: WarningLog
    let meter: ProgressMeter
    let items: ItemWriter
    let writer: VerifiedWriter
    let fetch: NodeFetch
    let finish: (RestoringDirectory, Descriptor) -> Void

    private var scratch: [UInt8] = []
    /// Small files that lie in one chunk come one after the other.
    private var lastChunk: (id: ChunkID, bytes: [UInt8])?

    init(
        run: RestoreRun, root: Descriptor, items: ItemWriter, writer: VerifiedWriter, fetch: @escaping NodeFetch,
        finish: @escaping (RestoringDirectory, Descriptor) -> Void
    ) {
        self.root = root
        control = run.control
        warnings = run.warnings
        meter = run.meter
        self.items = items
        self.writer = writer
        self.fetch = fetch
        self.finish = finish
    }

    mutating func perform(_ job: TreeJob) throws {
        switch job {
        case .files(let files):
            for file in files {
                try control.check()
                try guarded(file) { try $0.whole(file) }
                isDone(file)
            }
        case .piece(let file, let target, let extents):
            try guarded(file) { try $0.write(extents, of: file, to: target) }
            guard file.pieceIsDone() else { return }
            try guarded(file) { try $0.complete(file, target) }
            isDone(file)
        }
    }

    private func isDone(_ file: RestoringFile) {
        if let directory = file.parent.fileIsDone() { finish(file.parent, directory) }
    }

    /// Turns what concerns one file into a warning.
    private mutating func guarded(_ file: RestoringFile, _ body: (inout FileWorker) throws -> Void) throws {
        do { try body(&self) } catch let failure as SystemFailure {
            if ItemWriter.isFatal(failure) { throw RestoreRun.unwritable(file.printablePath, failure) }
            guard file.markDamaged() else { return }
            warn(file, .unsupported, "cannot write it: \(failure.call): \(failure.reason)")
        } catch is FileChange.Kept {
            guard file.markDamaged() else { return }
            warn(file, .unsupported, KeptPlaces.refusal)
        } catch {
            guard RestoreRun.isDamage(error) else { throw error }
            guard file.markDamaged() else { return }
            warn(file, .damaged, "the repository cannot give back its contents: \(RestoreRun.reason(error))")
        }
    }

    private mutating func whole(_ file: RestoringFile) throws {
        guard case .file(let size, let list, _) = file.entry.body else { return }
        var cursor = ExtentsCursor(list, fetch: fetch)
        var extents: [TreeJob.Placed] = []
        var offset: Int64 = 0
        while let extent = try cursor.next() {
            extents.append(.init(offset: offset, extent: extent))
            offset += extent.lengthBytes
        }
        guard offset == size else { throw MalformedManifest.wrongLength }
        // Asked for before the target is touched: a file that can't be given back leaves the one that is there alone.
        if case .chunk(let id, _)? = extents.first?.extent.source { _ = try chunk(id) }
        let target = try items.openFile(file.name, in: file.directory)
        // Data to the very end gives a new file its size by itself.
        let endsInHole = extents.last.map { $0.extent.source == .hole } ?? false
        if !target.isFresh || endsInHole { try FileChange.setSize(size, of: target.file) }
        try write(extents, of: file, to: target)
        try complete(file, target)
    }

    private mutating func write(_ extents: [TreeJob.Placed], of file: RestoringFile, to target: OpenTarget) throws {
        for placed in extents {
            try control.check()
            if file.isDamaged { return }
            let length = placed.extent.lengthBytes
            switch placed.extent.source {
            case .hole:
                if !target.isFresh {
                    try writer.clear(
                        placed.offset..<placed.offset + length, of: target.file, isBlockDevice: false,
                        path: file.printablePath, scratch: &scratch)
                }
            case .chunk(let id, let start):
                let bytes = try chunk(id)
                guard start <= bytes.count, length <= Int64(bytes.count - start) else {
                    throw MalformedManifest.wrongLength
                }
                try bytes.withUnsafeBytes { bytes in
                    try writer.write(
                        UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(length)]), to: target.file,
                        at: placed.offset, path: file.printablePath, compareFirst: !target.isFresh, scratch: &scratch)
                }
            }
            meter.add(bytes: length)
        }
    }

    private mutating func chunk(_ id: ChunkID) throws -> [UInt8] {
        if let lastChunk, lastChunk.id == id { return lastChunk.bytes }
        let bytes = try fetch(id)
        lastChunk = (id, bytes)
        return bytes
    }

    /// Attributes for a whole file; a file that is not whole goes.
    private func complete(_ file: RestoringFile, _ target: OpenTarget) throws {
        if file.isDamaged { return try remove(file) }
        let status = try target.file.status()
        items.setAttributes(of: .open(target.file), to: file.entry, was: status, path: file.printablePath)
    }

    private func remove(_ file: RestoringFile) throws {
        try FileChange.removeFile(file.name, in: file.directory)
        for path in file.markRemoved() {
            guard let name = path.last.flatMap({ ItemName($0) }) else { continue }
            let directory = try FileAccess.openDirectory(path: path.dropLast(), below: root)
            try FileChange.removeFile(name, in: directory)
        }
    }

    private func warn(_ file: RestoringFile, _ reason: ItemWarning.Reason, _ message: String) {
        warnings.add(ItemWarning(path: file.printablePath, reason: reason, message: message))
    }
}
