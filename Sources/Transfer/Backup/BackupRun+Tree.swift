import Endpoints
import Foundation
import Repository

extension BackupRun {
    func backUpTree(
        _ path: String, _ session: BackupSession, _ parent: RestorePoint?, _ warnings: WarningLog
    ) throws -> Result {
        let source: TreeSource
        do { source = try TreeSource(path: path, followsLinks: request.followsLinks) } catch {
            throw TransferError.source(error)
        }
        let access = access(session)
        let workers = Crew.workerCount
        let pipes = TreePipes(
            control: control, workers: workers, warnings: warnings, meter: meter, cutter: .contentDefined,
            hooks: hooks)
        // A manifest that can't be read is no parent; what it would have told is read from the source.
        let parentRoot = parent.flatMap { try? TreeRoot.read($0.description.root, fetch: access.fetch) }
        let comparison = parent.map { ParentComparison(start: $0.description.createdAt) }
        let excluded = Set(request.excludedDirectories.compactMap(Self.identity))
        if let status = try? source.root.status(),
            excluded.contains(FileIdentity(status))
        {
            throw TransferError.source(EndpointError.ownPlace(path))
        }

        let crew = Crew(control: control)
        startWorkers(crew, pipes.jobs, access, count: workers)
        if let parent {
            meter.expect(bytes: parent.description.logicalBytes, entries: parent.description.entryCount)
        } else {
            crew.start("backup-measure") {
                let control = control
                if let sum = TreeMeasure.measure(directory: source.root.number, shouldStop: { control.isStopped }) {
                    meter.expect(bytes: sum.bytes, entries: sum.entries + 1)
                }
            }
        }
        crew.start("backup-read", stage: .source) {
            defer {
                pipes.events.close()
                pipes.jobs.close()
            }
            do {
                var reader = try TreeReader(
                    root: source.root, pipes: pipes, comparison: comparison, access: access, excluded: excluded)
                try reader.run(parentRoot: parentRoot)
            } catch let failure as SystemFailure {
                throw TransferError.source(.system("read", path, failure.number))
            }
        }
        var assembler = TreeAssembler(access: access)
        do {
            while let event = try pipes.events.pop() { try assembler.apply(event) }
        } catch { control.stop(error) }
        crew.join()
        try control.check()
        guard let root = assembler.root else { throw TransferError.cancelled }
        return Result(
            root: root, logicalBytes: assembler.logicalBytes, readBytes: pipes.counter.bytes,
            entryCount: assembler.entryCount)
    }

    private static func identity(_ path: String) -> FileIdentity? {
        guard let source = try? TreeSource(path: path), let status = try? source.root.status() else { return nil }
        return FileIdentity(status)
    }
}
