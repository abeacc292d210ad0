import Synchronization

/// Every chunk that a durable index segment names. Shared by all sessions and readers of a repository.
///
/// A chunk gets in only once its segment is durable: whoever finds it here may rely on it across a crash.
final class ChunkIndex: Sendable {
    private struct State: ~Copyable, Sendable {
        var table: ChunkTable
        var packs: [PackRecord] = []
        var generations: [UInt64] = []
        /// Of each pack: whether new restore points may rely on it. Not so until somebody has looked that it is there.
        var isTrusted: [Bool] = []
        var segments: Set<String> = []
        var generationMax: UInt64 = 0
        /// Packs that a prune is about to remove.
        var condemned: Set<PackID> = []
        /// Packs that came in since somebody began to list the store: the list says nothing of them. Nil: nobody lists.
        var unlisted: Set<PackID>?

        /// Whether what the second pack holds goes before what the first one does.
        static func isNewer(_ generations: [UInt64]) -> (UInt32, UInt32) -> Bool {
            { generations[Int($0)] < generations[Int($1)] }
        }

        mutating func settle() {
            if table.isCollecting { table.settle(isNewer: Self.isNewer(generations)) }
        }

        /// The place of a chunk that may be relied on.
        func isReliable(_ id: ChunkID) -> Bool {
            guard let (number, _) = table.find(id), isTrusted[Int(number)] else { return false }
            return condemned.isEmpty || !condemned.contains(packs[Int(number)].id)
        }
    }

    private let state: Mutex<State>

    /// - Parameter scratch: for when there are many chunks; nil: all are kept in memory.
    init(scratch: ScratchSpace? = nil) { state = Mutex(State(table: ChunkTable(scratch: scratch))) }

    /// Says that so many chunks are about to be added, so that they go to their places together, when the first is asked for.
    func collect(_ chunks: Int) { state.withLock { $0.table.collect(chunks) } }

    /// For all that looks chunks up.
    private func withSettled<Value>(_ body: (inout State) throws -> Value) rethrows -> Value {
        try state.withLock { state in
            state.settle()
            return try body(&state)
        }
    }

    var count: Int { withSettled { $0.table.count } }
    /// Of all chunks, each counted once.
    var plainBytes: Int64 { withSettled { $0.table.plainBytes } }
    var packs: [PackRecord] { state.withLock { $0.packs } }
    var nextGeneration: UInt64 { state.withLock { $0.generationMax + 1 } }

    func knowsSegment(_ name: String) -> Bool { state.withLock { $0.segments.contains(name) } }

    /// Names of the segments that are in here.
    var segments: Set<String> { state.withLock { $0.segments } }

    func contains(_ id: ChunkID) -> Bool { withSettled { $0.table.find(id) != nil } }

    /// Whether a new restore point may rely on the chunk: it is there, and no prune is about to remove it.
    func isReliable(_ id: ChunkID) -> Bool { withSettled { $0.isReliable(id) } }

    /// Packs that new restore points do not rely on any more; reading them goes on.
    func condemn(_ packs: Set<PackID>) { state.withLock { $0.condemned.formUnion(packs) } }

    /// New restore points may rely on packs that are there and that no prune is about to remove; on those that are added
    /// later only after ``trust(_:)``, or when this is called again. Not for two callers at once.
    ///
    /// - Parameter list: lists the packs of the store. Others add to the index meanwhile: of that it decides nothing.
    /// - Returns: whether all packs are there that were in the index before.
    func settle(
        condemned: Set<PackID>, list: () throws(RepositoryError) -> Set<PackID>
    ) throws(RepositoryError) -> Bool {
        state.withLock { $0.unlisted = [] }
        defer { state.withLock { $0.unlisted = nil } }
        let present = try list()
        return state.withLock { state in
            state.condemned = condemned
            let unlisted = state.unlisted ?? []
            var areAllThere = true
            for (number, pack) in state.packs.enumerated() {
                if present.contains(pack.id) {
                    state.isTrusted[number] = true
                } else if !unlisted.contains(pack.id) {
                    state.isTrusted[number] = false
                    areAllThere = false
                }
            }
            return areAllThere
        }
    }

    /// New restore points may rely on these packs.
    func trust(_ packs: Set<PackID>) {
        state.withLock { state in
            for (number, pack) in state.packs.enumerated() where packs.contains(pack.id) {
                state.isTrusted[number] = true
            }
        }
    }

    /// Takes what another index holds in place of its own, at once: nobody sees anything in between.
    func takeOver(_ other: ChunkIndex) {
        state.withLock { mine in
            let condemned = mine.condemned
            var unlisted = mine.unlisted
            var trusted: Set<PackID> = []
            for (number, pack) in mine.packs.enumerated() where mine.isTrusted[number] { trusted.insert(pack.id) }
            other.state.withLock { theirs in
                if unlisted != nil {
                    let known = Set(mine.packs.map(\.id))
                    unlisted?.formUnion(theirs.packs.map(\.id).filter { !known.contains($0) })
                }
                swap(&mine, &theirs)
            }
            mine.condemned = condemned
            mine.unlisted = unlisted
            for (number, pack) in mine.packs.enumerated() { mine.isTrusted[number] = trusted.contains(pack.id) }
        }
    }

    /// Calls `body` with the table and the packs, which do not change meanwhile.
    func withTable<Value>(_ body: (borrowing ChunkTable, [PackRecord]) throws -> Value) rethrows -> Value {
        try withSettled { state in try body(state.table, state.packs) }
    }

    func find(_ id: ChunkID) -> ChunkLocation? {
        withSettled { state in
            guard let (number, entry) = state.table.find(id) else { return nil }
            let pack = state.packs[Int(number)]
            return ChunkLocation(pack: pack, entry: entry)
        }
    }

    func add(_ segment: IndexSegment, name: String) {
        state.withLock { state in
            guard state.segments.insert(name).inserted else { return }
            state.generationMax = max(state.generationMax, segment.generation)
            let first = state.packs.count
            state.unlisted?.formUnion(segment.packs.map(\.record.id))
            for pack in segment.packs {
                state.packs.append(pack.record)
                state.generations.append(segment.generation)
                state.isTrusted.append(false)
            }
            // A later copy was made because the earlier one was damaged or not seen.
            let isNewer = State.isNewer(state.generations)
            for (index, pack) in segment.packs.enumerated() {
                for entry in pack.entries { state.table.add(entry, pack: UInt32(first + index), isNewer: isNewer) }
            }
        }
    }
}
