import Foundation
import HoldfastCore
import ObjectStorage
import Synchronization

/// Adds chunks to a repository and makes one restore point of them.
///
/// Many threads call ``store(_:verify:)`` at once. Memory: one pack being filled and two being stored,
/// 60 MiB at most in all, and about 100 bytes for each chunk that no durable segment names yet.
///
/// A chunk counts as stored when a durable segment names it, or when this very session has it on its way. What another
/// session has on its way is stored again: that session may never get to its end.
///
/// The order of writes: packs as they fill; a segment of the index for every ``segmentPacks`` packs; at commit the last
/// pack, its segment, and only then the restore point. A crash in between leaves packs that nothing refers to.
public final class BackupSession: Sendable {
    /// How many packs share a segment: another session finds their chunks only then, and stores its own until then.
    static let segmentPacks = 16

    private enum Phase { case open, failed(RepositoryError), over }

    private struct State {
        var phase = Phase.open
        var pack: OpenPack?
        /// Names that this session has stored, or is storing, and that the shared index does not hold yet.
        var own: Set<ChunkID> = []
        /// Packs that are durable but in no segment.
        var durable: [IndexSegment.Pack] = []
        var statistics = SessionStatistics()
        var hasMarker = true
    }

    let repository: Repository
    let domain: DomainTag
    private let naming: KeyedHash
    private let table: Compression.Table
    /// Chunks of the repository were lost, or packs are gone: what restore points need may not be there.
    private let looksAtParents: Bool
    /// Reads back what is to be verified.
    private let reader: ChunkReader
    private let uploader: PackUploader
    private let state = Mutex(State())
    /// There from the beginning to the end: a prune waits for it.
    private let marker: ObjectKey
    /// Packs that prunes were about to remove when this session began. One that condemns others since waits for it.
    let condemned: Set<PackID>
    /// Nil: all. While a prune is pending, only what was there when its packs were chosen is known not to need them.
    private let reliablePoints: Set<RestorePointID>?

    init(
        repository: Repository, domain: String, kind: RestorePointDescription.Kind, marker: ObjectKey,
        condemned: Set<PackID>, looksAtParents: Bool, reliablePoints: Set<RestorePointID>?
    ) throws(RepositoryError) {
        table = kind == .image ? .large : .small
        self.looksAtParents = looksAtParents
        self.marker = marker
        self.condemned = condemned
        self.reliablePoints = reliablePoints
        self.repository = repository
        self.domain = try DomainTag(domain: domain)
        naming = try repository.keys.naming(self.domain)
        reader = repository.reader()
        uploader = PackUploader(store: repository.store, uptime: repository.seams.uptime)
    }

    public var statistics: SessionStatistics {
        state.withLock { state in
            var statistics = state.statistics
            statistics.storedBytes += uploader.storedBytes
            statistics.storeWaits = uploader.waits
            return statistics
        }
    }

    /// Whether parts of a restore point may be taken over by the names of their topmost chunks.
    ///
    /// Not so when a prune is pending that did not know of the restore point: chunks below may be about to go; nor when
    /// something that the restore point needs was lost: the new backup is to store it again.
    public func mayTakeOver(_ point: RestorePoint) -> Bool {
        isKnownToPlans(point.id) && (!looksAtParents || isWhole(point))
    }

    /// Whether every prune that is pending knew of the restore point.
    func isKnownToPlans(_ point: RestorePointID) -> Bool { reliablePoints?.contains(point) ?? true }

    /// Whether the index knows all that a restore point needs. Reads its manifest, and no contents.
    private func isWhole(_ point: RestorePoint) -> Bool {
        var isWhole = true
        let walker = ManifestWalker(fetch: { [reader] in try reader.read($0) }, descend: { _ in isWhole })
        let visit: (ManifestWalker.Visit) throws -> Void = { [repository] in
            if !repository.index.isReliable($0.chunk) { isWhole = false }
        }
        do {
            switch point.description.kind {
            case .tree: try walker.walkTree(point.description.root, visit: visit, damaged: { throw $1 })
            case .image: try walker.walkImage(point.description.root, visit: visit, damaged: { throw $0 })
            }
        } catch { return false }
        return isWhole
    }

    public func contains(_ id: ChunkID) -> Bool {
        state.withLock { $0.own.contains(id) } || repository.index.isReliable(id)
    }

    /// The name of the bytes, whether they are stored or not.
    public func name(of plain: UnsafeRawBufferPointer) throws -> ChunkID { try naming.name(of: plain) }

    /// Names the bytes and, unless the repository has them already, compresses, seals and packs them.
    ///
    /// - Parameters:
    ///   - plain: 1 byte to ``Chunk/plainBytesMax``; not kept.
    ///   - verify: a chunk that is there already is read back, and stored anew when it is damaged.
    /// - Throws: ``RepositoryError``. After the first failure every later call, and the commit, fails too.
    public func store(_ plain: UnsafeRawBufferPointer, verify: Bool = false) throws -> ChunkID {
        guard plain.count > 0, plain.count <= Chunk.plainBytesMax else {
            throw RepositoryError(.badChunk, "a chunk of \(plain.count) bytes can't be stored")
        }
        do { return try storing(plain, verify: verify) } catch {
            fail(error)
            throw error
        }
    }

    private func storing(_ plain: UnsafeRawBufferPointer, verify: Bool) throws(RepositoryError) -> ChunkID {
        let id = try naming.name(of: plain)
        var isInIndex = repository.index.isReliable(id)
        let isDamaged = if isInIndex, verify { try !reader.isWhole(id) } else { false }
        if isDamaged { isInIndex = false }
        let isNew = try state.withLock { state throws(RepositoryError) in
            try Self.check(state.phase)
            state.statistics.plainBytes += Int64(plain.count)
            // Reserving the name makes a second thread with the same bytes rely on this one; should this one fail, the
            // session fails with it, so nobody relies on what was never stored.
            //
            // The second look at the index is for a name that went from `own` to the index since the first.
            let isNew =
                !isInIndex && !state.own.contains(id) && (isDamaged || !repository.index.isReliable(id))
            if isNew { state.own.insert(id) }
            if isNew { state.statistics.newChunks += 1 } else { state.statistics.reusedChunks += 1 }
            return isNew
        }
        if isNew { try add(plain, id: id) }
        return id
    }

    private func add(_ plain: UnsafeRawBufferPointer, id: ChunkID) throws(RepositoryError) {
        // At least 1/64 must be saved, or reading would pay for decompression with nothing in return.
        let limit = plain.count - max(plain.count / 64, 1)
        try Scratch.with(bytes: limit) { scratch throws(RepositoryError) in
            let frameBytes = limit > 0 ? try Compression.compress(plain, into: scratch, table: table) : nil
            let payload = frameBytes.map { UnsafeRawBufferPointer(rebasing: scratch[..<$0]) } ?? plain
            while true {
                let pack = try currentPack()
                guard let (room, isNowClosed) = pack.reserve(payloadBytes: payload.count) else { continue }
                let entry = PackEntry(
                    id: id, offset: UInt32(room.offset), storedBytes: UInt32(room.storedBytes),
                    plainBytes: UInt32(plain.count), form: frameBytes == nil ? .plain : .zstd)
                if isNowClosed { state.withLock { $0.pack = nil } }
                if try pack.fill(room, with: payload, entry: entry) { try handOn(pack) }
                return
            }
        }
    }

    private func currentPack() throws(RepositoryError) -> OpenPack {
        try state.withLock { state throws(RepositoryError) in
            try Self.check(state.phase)
            if let pack = state.pack { return pack }
            let pack = try OpenPack(
                salt: repository.keys.salt(repository.seams.randomBytes), domain: domain, keys: repository.keys)
            state.pack = pack
            return pack
        }
    }

    /// Gives a full pack to the uploader, and writes a segment when enough packs are durable.
    private func handOn(_ pack: OpenPack) throws(RepositoryError) {
        try uploader.submit(pack)
        try collect(atLeast: Self.segmentPacks)
    }

    private func collect(atLeast count: Int) throws(RepositoryError) {
        let finished = uploader.takeFinished()
        let packs = state.withLock { state in
            state.durable += finished
            guard state.durable.count >= count else { return [IndexSegment.Pack]() }
            defer { state.durable = [] }
            return state.durable
        }
        guard !packs.isEmpty else { return }
        try repository.addSegment(packs, by: marker)
        state.withLock { state in
            for pack in packs { for entry in pack.entries { state.own.remove(entry.id) } }
        }
    }

    /// Makes what was stored until now durable and known to the index: should this session never end, another finds it.
    ///
    /// - Throws: ``RepositoryError``; the session has then failed.
    public func settle() throws {
        do throws(RepositoryError) {
            let pack = try state.withLock { state throws(RepositoryError) in
                try Self.check(state.phase)
                defer { state.pack = nil }
                return state.pack
            }
            if let pack, pack.close() { try uploader.submit(pack) }
            try uploader.finish()
            try collect(atLeast: 1)
        } catch {
            fail(error)
            throw error
        }
    }

    /// Makes everything durable, in order, and then the restore point visible. Call it when every `store` has returned.
    ///
    /// - Throws: ``RepositoryError``; then no restore point was made, unless the store lost its answer to the last write.
    public func commit(_ description: RestorePointDescription) throws -> RestorePoint {
        try settle()
        do throws(RepositoryError) {
            // Not whether it may be relied on from now on: a prune that condemned it meanwhile waits for this session.
            guard repository.index.contains(description.root) else { throw RepositoryError.missing(description.root) }
            var description = description
            description.storedBytes = statistics.storedBytes
            let point = try repository.addRestorePoint(description, by: marker)
            state.withLock { $0.phase = .over }
            removeMarker()
            return point
        } catch {
            fail(error)
            throw error
        }
    }

    /// Ends the session without a restore point. What was stored stays, unreferenced. Safe to repeat.
    public func abandon() {
        state.withLock { state in
            state.pack = nil
            state.phase = .over
        }
        uploader.abandon()
        removeMarker()
    }

    deinit {
        uploader.abandon()
        removeMarker()
    }

    /// One that could not be removed is taken for dead later, at the latest after ``Repository/sessionAgeMax``.
    private func removeMarker() {
        let isThere = state.withLock { state in
            defer { state.hasMarker = false }
            return state.hasMarker
        }
        if isThere { try? repository.store.delete(marker) }
    }

    private func fail(_ error: RepositoryError) {
        state.withLock { state in
            if case .open = state.phase { state.phase = .failed(error) }
            state.pack = nil
        }
        uploader.abandon()
    }

    private static func check(_ phase: Phase) throws(RepositoryError) {
        switch phase {
        case .open: return
        case .failed(let error): throw error
        case .over: throw RepositoryError(.sessionOver, "the backup session is over")
        }
    }
}

public struct SessionStatistics: Sendable, Equatable {
    public var newChunks = 0
    public var reusedChunks = 0
    /// Bytes of the packs that this session has made durable.
    public var storedBytes: Int64 = 0
    public var plainBytes: Int64 = 0
    /// How long all threads together waited until a full pack could be handed on.
    public var storeWaits = Duration.zero
}
