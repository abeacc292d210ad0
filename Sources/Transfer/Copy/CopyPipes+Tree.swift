import Repository

extension CopyPipes {
    func copyTree(_ point: ChunkID, _ basis: CopyBasis?) throws -> ChunkID {
        let pipes = self
        let events = BoundedQueue<TreeEvent>(countMax: CopyPipes.eventsMax, control: pipes.control)
        let root = try CopyPipes.manifest { try TreeRoot.read(point, fetch: pipes.fetch) }
        let basisRoots = basis.flatMap { basis -> TreeCopier.Pair? in
            // A basis that can't be read is none.
            guard let old = try? TreeRoot.read(basis.source, fetch: pipes.fetch),
                let copy = try? TreeRoot.read(basis.target, fetch: pipes.access.fetch)
            else { return nil }
            return TreeCopier.Pair(source: old, target: copy)
        }
        let crew = Crew(control: pipes.control)
        pipes.startWorkers(crew)
        crew.start("copy-walk") {
            defer {
                events.close()
                pipes.jobs.close()
            }
            var copier = TreeCopier(pipes: pipes, emit: { try events.push($0) })
            try CopyPipes.manifest { try copier.run(root, basis: basisRoots) }
        }
        var assembler = TreeAssembler(access: pipes.access, hasLinkEvents: false)
        do {
            while let event = try events.pop() { try assembler.apply(event) }
        } catch { pipes.control.stop(error) }
        crew.join()
        try pipes.control.check()
        guard let root = assembler.root else { throw TransferError.cancelled }
        return root
    }
}
