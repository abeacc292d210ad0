import Endpoints
import Foundation
import Repository
import Synchronization

extension RestoreRun {
    private static let jobBytes = 4 << 20

    /// Extents that lie one after the other, or a hole.
    private enum ImageJob: Sendable {
        case extents(firstBlock: Int, [ImageExtent])
        case hole(Range<Int64>)
    }

    func restoreImage(_ point: RestorePoint, to path: String) throws -> RestoreOutcome {
        let reader = repository.reader()
        let image = try ImageRoot.read(point.description.root, fetch: { try reader.read($0) })
        let finding: ImageTarget.Finding
        do { finding = try ImageTarget.find(path: path, followsLinks: request.followsLinks) } catch {
            throw TransferError(
                code: .targetUnwritable, message: error.message, facts: error.facts, cause: error)
        }
        _ = try places(besides: finding.directory, path)
        // An empty file is room for anything, as no file is; any other is a volume of its size.
        let isFixed = finding.isBlockDevice || finding.sizeBytes > 0
        guard !isFixed || finding.sizeBytes >= image.sizeBytes else {
            throw TransferError(
                code: .targetTooSmall,
                message: "\(path) has \(finding.sizeBytes) bytes; the image needs \(image.sizeBytes)",
                facts: [
                    "path": path, "target_bytes": "\(finding.sizeBytes)", "image_bytes": "\(image.sizeBytes)",
                ])
        }
        let journal = try imageJournal(finding, path)
        do {
            // What an interrupted restore left has its size, but is not fresh: it is compared.
            let target = try ImageTarget(finding, imageBytes: image.sizeBytes)
            let counts = VerifiedWriter.Counts()
            try write(image, to: target, path, VerifiedWriter(counts: counts, hooks: hooks), journal)
            try FileChange.sync(target.file)
            try FileChange.sync(target.directory)
            try journal?.finish()
            meter.add(entries: 1)
            meter.finish()
            return RestoreOutcome(
                writtenBytes: counts.written.load(ordering: .relaxed),
                verifiedBytes: counts.verified.load(ordering: .relaxed), entryCount: 1, warnings: warnings.kept,
                warningCount: warnings.count, resumed: journal?.isResuming ?? false,
                time: .restore(control.times))
        } catch let failure as SystemFailure {
            throw Self.unwritable(path, failure)
        }
    }

    private func imageJournal(_ finding: ImageTarget.Finding, _ path: String) throws -> RestoreJournal? {
        guard finding.isBlockDevice else {
            guard let name = RestoreJournal.name(besides: finding.name) else {
                throw Self.unwritable(path, SystemFailure("open", number: ENAMETOOLONG))
            }
            return try openJournal(name, in: finding.directory, path: path)
        }
        guard let place = request.journalDirectory, let name = RestoreJournal.name(besides: finding.name) else {
            return nil
        }
        let directory: Descriptor
        do { directory = try TreeTarget.open(path: place) } catch {
            throw TransferError(
                code: .targetUnwritable, message: error.message, facts: error.facts, cause: error)
        }
        return try openJournal(name, in: directory, path: path)
    }

    private func write(
        _ image: ImageRoot, to target: ImageTarget, _ path: String, _ writer: VerifiedWriter,
        _ journal: RestoreJournal?
    ) throws {
        let jobs = BoundedQueue<ImageJob>(countMax: Self.jobsMax, control: control)
        let crew = Crew(control: control)
        for index in 0..<Crew.workerCount {
            let reader = repository.reader()
            crew.start("restore-\(index)", stage: .worker) {
                defer { control.times.add(storeReads: reader.storeTime) }
                var scratch: [UInt8] = []
                while let job = try jobs.pop() {
                    try perform(job, image, target, path, writer, reader, &scratch)
                }
            }
        }
        do {
            try enqueue(image, jobs, journal)
            jobs.close()
        } catch { control.stop(error) }
        crew.join()
        try control.check()
    }

    private func enqueue(_ image: ImageRoot, _ jobs: BoundedQueue<ImageJob>, _ journal: RestoreJournal?) throws {
        let reader = repository.reader()
        defer { control.times.add(manifestReads: reader.storeTime) }
        var waiting: (first: Int, extents: [ImageExtent], blocks: Int) = (0, [], 0)
        func flush() throws {
            if waiting.extents.isEmpty { return }
            try jobs.push(.extents(firstBlock: waiting.first, waiting.extents))
            waiting = (0, [], 0)
        }
        var cursor = ImageMapCursor(image, fetch: { try reader.read($0) })
        var noted: Int64 = 0
        while let run = try nextRun(&cursor) {
            switch run {
            case .hole(let block, let count):
                try flush()
                try jobs.push(.hole(image.bytes(block..<block + count)))
            case .extent(let block, let extent):
                if waiting.extents.isEmpty { waiting.first = block }
                reader.willRead(extent.base)
                waiting.extents.append(extent)
                waiting.blocks += extent.blocks
                if waiting.blocks * ImageBlock.sizeBytes >= Self.jobBytes { try flush() }
            }
            if meter.bytes - noted > 1 << 30 {
                noted = meter.bytes
                journal?.note(meter)
            }
        }
        try flush()
    }

    private func nextRun(_ cursor: inout ImageMapCursor) throws -> ImageMapCursor.Run? {
        do { return try cursor.next() } catch let damage as ImageMapCursor.DamagedRun { throw damage.cause }
    }

    private func perform(
        _ job: ImageJob, _ image: ImageRoot, _ target: ImageTarget, _ path: String, _ writer: VerifiedWriter,
        _ reader: ChunkReader, _ scratch: inout [UInt8]
    ) throws {
        do {
            switch job {
            case .hole(let range):
                if !target.isFresh {
                    try writer.clear(
                        range, of: target.file, isBlockDevice: target.isBlockDevice, path: path, scratch: &scratch)
                }
                meter.add(bytes: range.upperBound - range.lowerBound)
            case .extents(var block, let extents):
                for extent in extents {
                    try control.check()
                    let range = image.bytes(block..<block + extent.blocks)
                    let bytes = try control.times.fetching {
                        try reader.contents(of: extent, sizeBytes: range.count)
                    }
                    try bytes.withUnsafeBytes {
                        try writer.write(
                            $0, to: target.file, at: range.lowerBound, path: path, compareFirst: !target.isFresh,
                            scratch: &scratch)
                    }
                    meter.add(bytes: Int64(range.count))
                    block += extent.blocks
                }
            }
        } catch let failure as SystemFailure {
            throw Self.unwritable(path, failure)
        }
    }
}
