import Endpoints
import Foundation
import Repository

extension BackupRun {
    func backUpImage(
        _ path: String, _ session: BackupSession, _ parent: RestorePoint?, _ warnings: WarningLog
    ) throws -> Result {
        let source: ImageSource
        do { source = try ImageSource(path: path, followsLinks: request.followsLinks) } catch {
            throw TransferError.source(error)
        }
        meter.expect(bytes: source.sizeBytes, entries: 1)
        let access = access(session)
        if let parent, let root = unchangedRoot(of: parent, source.status, access) {
            meter.add(bytes: source.sizeBytes, entries: 1)
            return Result(root: root, logicalBytes: source.sizeBytes, readBytes: 0, entryCount: 1)
        }
        let before = try statusBeforeReading(source, path)
        let earlier = parent.flatMap { try? ImageRoot.read($0.description.root, fetch: access.fetch) }
        let pipes = ImagePipes(control: control, workers: Crew.workerCount, meter: meter, hooks: hooks)
        let map = try readImage(source, path, earlier, access, pipes)
        let isTorn = try changed(source, since: before, path)
        if isTorn {
            warnings.add(
                ItemWarning(
                    path: path, reason: .changed,
                    message: "it changed while it was read; the stored copy may mix old and new contents"))
        }
        let root = ImageRoot(
            sizeBytes: source.sizeBytes, isRegularFile: before.kind == .file,
            isTorn: isTorn, modified: ItemTime(before.modified), changed: ItemTime(before.changed),
            device: before.device, inode: before.inode, map: map)
        meter.add(entries: 1)
        return Result(
            root: try root.store(access.store), logicalBytes: source.sizeBytes, readBytes: pipes.counter.bytes,
            entryCount: 1)
    }

    private func unchangedRoot(of parent: RestorePoint, _ status: ItemStatus, _ access: ChunkAccess) -> ChunkID? {
        let id = parent.description.root
        guard let image = try? ImageRoot.read(id, fetch: access.fetch),
            ParentComparison(start: parent.description.createdAt).isUnchanged(image, status),
            image.map.root.map(access.contains) ?? true
        else { return nil }
        return id
    }

    /// A block device has no time that would tell of writes: only a regular file can be seen to change.
    private func changed(_ source: ImageSource, since before: ItemStatus, _ path: String) throws -> Bool {
        guard before.kind == .file else { return false }
        do { return !before.hasSameContents(as: try source.file.status()) } catch {
            throw TransferError.source(.system("read", path, error.number))
        }
    }

    private func statusBeforeReading(_ source: ImageSource, _ path: String) throws -> ItemStatus {
        if FileClock.mayRepeat(source.status.changed) { FileClock.passTick() }
        do { return try source.file.status() } catch {
            throw TransferError.source(.system("read", path, error.number))
        }
    }

    private func readImage(
        _ source: ImageSource, _ path: String, _ earlier: ImageRoot?, _ access: ChunkAccess, _ pipes: ImagePipes
    ) throws -> ImageMap {
        let crew = Crew(control: control)
        startWorkers(crew, pipes, access)
        crew.start("backup-read", stage: .source) {
            defer {
                pipes.events.close()
                pipes.jobs.close()
            }
            do {
                var reader = ImageReader(
                    file: source.file, sizeBytes: source.sizeBytes, path: path, pipes: pipes,
                    changes: earlier == nil ? nil : request.changes, access: access)
                try reader.run(ImagePlan(sizeBytes: source.sizeBytes, parent: earlier, fetch: access.fetch))
            } catch let failure as SystemFailure {
                throw TransferError.source(.system("read", path, failure.number))
            }
        }
        var assembler = ImageAssembler(access: access)
        do {
            while let event = try pipes.events.pop() { try assembler.apply(event) }
        } catch { control.stop(error) }
        crew.join()
        try control.check()
        return try assembler.finish()
    }

    /// Starts the threads that name, compare, compress, seal and store extents.
    private func startWorkers(_ crew: Crew, _ pipes: ImagePipes, _ access: ChunkAccess) {
        let comparison = ImageComparison(access: access)
        for index in 0..<Crew.workerCount {
            crew.start("backup-store-\(index)", stage: .worker) {
                while let batch = try pipes.jobs.pop() {
                    try perform(batch, access, comparison)
                }
            }
        }
    }

    private func perform(_ batch: ImageBatch, _ access: ChunkAccess, _ comparison: ImageComparison) throws {
        var differing: [(ImageExtent, ChunkID, Range<Int>, Pending<ImageFinding>)] = []
        for job in batch.jobs {
            try control.check()
            switch job {
            case .store(let range, let pending): pending.resolve(try access.store(batch.buffer.bytes(range)))
            case .compare(let extent, let range, let pending):
                switch try comparison.look(at: extent, batch.buffer.bytes(range)) {
                case .done(let finding): pending.resolve(finding)
                case .differs(let name): differing.append((extent, name, range, pending))
                }
            }
        }
        for (extent, name, range, pending) in differing {
            try control.check()
            pending.resolve(try comparison.compare(extent, named: name, in: batch.buffer, range))
        }
    }
}
