import Endpoints
import Foundation
import Repository

extension BackupRun {
    func backUpImage(
        _ path: String, _ session: BackupSession, _ parent: RestorePoint?, _ warnings: WarningLog
    ) throws -> Result {
        let source: ImageSource
        do { source = try ImageSource(path: path) } catch { throw TransferError.source(error) }
        meter.expect(bytes: source.sizeBytes, entries: 1)
        let access = access(session)
        if let parent, let root = unchangedRoot(of: parent, source.status, access) {
            meter.add(bytes: source.sizeBytes, entries: 1)
            return Result(root: root, logicalBytes: source.sizeBytes, readBytes: 0, entryCount: 1)
        }
        let before = try statusBeforeReading(source, path)
        let extentBytes = imageExtentBytes
        let counter = ReadCounter()
        let map = try readImage(source, path, extentBytes, access, counter)
        let isTorn = try changed(source, since: before, path)
        if isTorn {
            warnings.add(
                ItemWarning(
                    path: path, reason: .changed,
                    message: "it changed while it was read; the stored copy may mix old and new contents"))
        }
        let root = ImageRoot(
            sizeBytes: source.sizeBytes, extentBytes: extentBytes, isRegularFile: before.kind == .file,
            isTorn: isTorn, modified: ItemTime(before.modified), changed: ItemTime(before.changed),
            device: before.device, inode: before.inode, map: map)
        meter.add(entries: 1)
        return Result(
            root: try root.store(access.store), logicalBytes: source.sizeBytes, readBytes: counter.bytes,
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
        _ source: ImageSource, _ path: String, _ extentBytes: Int, _ access: ChunkAccess, _ counter: ReadCounter
    ) throws -> ImageMap {
        let workers = Crew.workerCount
        let reader = ImageReader(
            file: source.file, sizeBytes: source.sizeBytes, extentBytes: extentBytes, path: path, control: control,
            events: BoundedQueue(countMax: ImageReader.eventsMax, control: control),
            jobs: BoundedQueue(countMax: workers * 2, control: control),
            buffers: BufferPool(
                countMax: workers * 2 + 3, sizeBytes: max(ImageReader.bufferBytes, extentBytes), control: control),
            board: ChunkBoard(control: control), meter: meter, counter: counter, hooks: hooks)
        let crew = Crew(control: control)
        startWorkers(crew, reader.jobs, access, count: workers)
        crew.start("backup-read", stage: .source) {
            defer {
                reader.events.close()
                reader.jobs.close()
            }
            do { try reader.run() } catch let failure as SystemFailure {
                throw TransferError.source(.system("read", path, failure.number))
            }
        }
        var builder = ImageMapBuilder()
        do {
            while let event = try reader.events.pop() {
                switch event {
                case .holes(let count): try builder.appendHoles(count, store: access.store)
                case .extent(let pending): try builder.append(try pending.wait(), store: access.store)
                }
            }
        } catch { control.stop(error) }
        crew.join()
        try control.check()
        return try builder.finish(store: access.store)
    }
}

let imageExtentBytes = 64 << 10
