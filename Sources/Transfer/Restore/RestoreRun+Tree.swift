import Endpoints
import Foundation
import Repository
import Synchronization

extension RestoreRun {
    func restoreTree(_ point: RestorePoint, to path: String) throws -> RestoreOutcome {
        let reader = repository.reader()
        // Read before the target is touched: without it there is nothing to restore.
        let rootEntry = try TreeRoot.read(point.description.root, fetch: { try reader.read($0) })
        let root: Descriptor
        do { root = try TreeTarget.open(path: path, followsLinks: request.followsLinks) } catch {
            throw TransferError(
                code: .targetUnwritable, message: error.message, facts: error.facts, cause: error)
        }
        let places = try places(besides: root, path)
        guard let name = RestoreJournal.name else { preconditionFailure("the journal has a proper name") }
        let journal = try openJournal(name, in: root, path: path)
        do {
            let counts = VerifiedWriter.Counts()
            let items = ItemWriter(warnings: warnings, places: places)
            try write(rootEntry, to: root, items, VerifiedWriter(counts: counts, hooks: hooks), journal)
            try FileChange.syncFileSystem(of: root)
            try journal.finish()
            // Removing the journal has moved the root's time.
            items.setTimes(of: .open(root), to: rootEntry, path: ".")
            meter.finish()
            return RestoreOutcome(
                writtenBytes: counts.written.load(ordering: .relaxed),
                verifiedBytes: counts.verified.load(ordering: .relaxed), entryCount: meter.entries,
                warnings: warnings.kept, warningCount: warnings.count, resumed: journal.isResuming,
                time: .restore(control.times))
        } catch let failure as SystemFailure {
            throw Self.unwritable(path, failure)
        }
    }

    /// What a restore to a directory leaves as it is.
    ///
    /// - Throws: ``TransferError`` when the directory belongs to that.
    func places(besides directory: Descriptor, _ path: String) throws -> KeptPlaces {
        let places: KeptPlaces
        do { places = try KeptPlaces(request.excludedDirectories) } catch {
            throw TransferError(code: .targetUnwritable, message: error.message, facts: error.facts, cause: error)
        }
        do {
            guard try !places.holds(directory) else {
                throw TransferError(
                    code: .targetUnwritable, message: "nothing is restored to \(path): it belongs to Holdfast itself",
                    facts: ["path": path])
            }
        } catch let failure as SystemFailure { throw Self.unwritable(path, failure) }
        return places
    }

    private func write(
        _ rootEntry: TreeEntry, to root: Descriptor, _ items: ItemWriter, _ writer: VerifiedWriter,
        _ journal: RestoreJournal
    ) throws {
        let finish: @Sendable (RestoringDirectory, Descriptor) -> Void = { directory, descriptor in
            let path = directory.path.isEmpty ? "." : PathText.printable(directory.path)
            guard let status = try? descriptor.status() else { return }
            guard !items.places.isAbove(status) else {
                // Who owns a directory can move what lies in it.
                return items.warnings.add(
                    ItemWarning(
                        path: path, reason: .unsupported,
                        message: "it keeps its own owner, mode and attributes: Holdfast's own directory lies in it"))
            }
            items.setAttributes(of: .open(descriptor), to: directory.entry, was: status, path: path)
        }
        let jobs = BoundedQueue<TreeJob>(countMax: Self.jobsMax, control: control)
        let crew = Crew(control: control)
        for index in 0..<Crew.workerCount {
            let reader = repository.reader()
            crew.start("restore-\(index)", stage: .worker) {
                defer { control.times.add(storeReads: reader.storeTime) }
                var worker = FileWorker(
                    run: self, root: root, items: items, writer: writer,
                    fetch: { id in try control.times.fetching { try reader.read(id) } }, finish: finish)
                while let job = try jobs.pop() { try worker.perform(job) }
            }
        }
        do {
            let reader = repository.reader()
            defer { control.times.add(manifestReads: reader.storeTime) }
            var walk = try TreeWalk(
                root: root, run: self, writer: items, fetch: { try reader.read($0) }, journal: journal,
                queue: { job in
                    job.announce(to: reader)
                    try jobs.push(job)
                }, finish: finish)
            try walk.run(rootEntry)
            jobs.close()
        } catch { control.stop(error) }
        crew.join()
        try control.check()
    }

    /// True when an error is about some bytes of the repository, and others can still be read.
    static func isDamage(_ error: any Error) -> Bool {
        error is MalformedManifest || error is RepositoryError
    }

    static func reason(_ error: any Error) -> String {
        switch error {
        case let error as RepositoryError: error.message
        case let error as MalformedManifest: error.reason
        default: "\(error)"
        }
    }
}
