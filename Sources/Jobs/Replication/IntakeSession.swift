import Catalog
import ControlPlane
import Foundation
import HoldfastCore
import Repository
import Synchronization

/// One replica that is being brought: a backup session with what its restore point is to say.
///
/// All calls block.
final class IntakeSession: Sendable {
    /// What was taken is made durable, and known to the index, at least this often: a session that dies loses no more.
    static let settleBytes = 32 << 20
    static let nameBytes = ChunkID.sizeBytes
    static let frameHeadBytes = nameBytes + 4

    private struct State {
        var calls = 0
        var isEnding = false
        var unsettledBytes = 0
        var usedAt: Duration
    }

    let draft: ReplicaDraft
    let vault: VaultRecord
    let checkpoint: CheckpointID
    let backup: BackupID
    private let isImage: Bool
    private let domain: String
    private let repository: Repository
    private let session: BackupSession
    private let naming: ChunkNaming
    private let reader: ChunkReader
    private let seams: Seams
    private let state: Mutex<State>

    init(
        _ draft: ReplicaDraft, isImage: Bool, vault: VaultRecord, checkpoint: CheckpointID, repository: Repository,
        naming: ChunkNaming, seams: Seams
    ) throws {
        self.draft = draft
        self.isImage = isImage
        self.vault = vault
        self.checkpoint = checkpoint
        self.repository = repository
        self.naming = naming
        self.seams = seams
        backup = .randomDashed(seams.randomBytes)
        domain = ReplicaIntake.domain(of: vault.project)
        session = try repository.beginBackup(domain: domain, kind: isImage ? .image : .tree)
        reader = repository.reader()
        state = Mutex(State(usedAt: seams.uptime()))
    }

    func idleTime(_ now: Duration) -> Duration? { state.withLock { $0.calls > 0 ? nil : now - $0.usedAt } }

    /// The topmost chunk of an earlier replica of the project, if the new one may take over parts of it.
    func basisRoot(_ basis: RestorePointID) throws -> ChunkID? {
        guard let point = try? repository.restorePoint(basis), point.description.domain == domain,
            (point.description.kind == .image) == isImage, session.mayTakeOver(point)
        else { return nil }
        return point.description.root
    }

    func missing(_ ids: [UInt8]) throws -> [UInt8] {
        try calling {
            guard ids.count.isMultiple(of: Self.nameBytes) else {
                throw ControlError(code: .invalid, message: "body: must hold names of 32 bytes each")
            }
            return stride(from: 0, to: ids.count, by: Self.nameBytes).map { start in
                let id = ChunkID(bytes: ids[start..<start + Self.nameBytes])
                return id.map { session.contains($0) } == true ? 0 : 1
            }
        }
    }

    /// Every chunk's name is computed anew before it is stored.
    func take(_ frames: [UInt8]) throws -> Int {
        let count = try calling {
            try frames.withUnsafeBytes { bytes in
                var place = 0
                var count = 0
                while place < bytes.count {
                    guard bytes.count - place > Self.frameHeadBytes,
                        let id = ChunkID(bytes: bytes[place..<place + Self.nameBytes])
                    else { throw Self.badFrame }
                    let length = bytes.loadUnaligned(fromByteOffset: place + Self.nameBytes, as: UInt32.self)
                    let start = place + Self.frameHeadBytes
                    guard (1...Chunk.plainBytesMax).contains(Int(UInt32(littleEndian: length))),
                        bytes.count - start >= Int(UInt32(littleEndian: length))
                    else { throw Self.badFrame }
                    place = start + Int(UInt32(littleEndian: length))
                    let plain = UnsafeRawBufferPointer(rebasing: bytes[start..<place])
                    guard try naming.name(of: plain) == id else {
                        throw ControlError(
                            code: .invalid, message: "chunk \(id): its bytes are not those it is named after",
                            facts: ["chunk.id": "\(id)"])
                    }
                    _ = try session.store(plain)
                    count += 1
                }
                return count
            }
        }
        let isDue = state.withLock { state in
            state.unsettledBytes += frames.count
            guard state.unsettledBytes >= Self.settleBytes else { return false }
            state.unsettledBytes = 0
            return true
        }
        if isDue { try calling { try session.settle() } }
        return count
    }

    func give(_ id: [UInt8]) throws -> [UInt8] {
        try calling {
            guard let id = ChunkID(bytes: id), try session.has(id) else {
                throw ControlError(code: .operationNotFound, message: "there is no such chunk")
            }
            return try reader.read(id)
        }
    }

    /// Makes the restore point, after looking at the whole manifest.
    func finish(_ end: ReplicaEnd) throws -> RestorePoint {
        try calling {
            let isAlone = state.withLock { state in
                guard state.calls == 1, !state.isEnding else { return false }
                state.isEnding = true
                return true
            }
            guard isAlone else {
                throw ControlError(code: .invalid, message: "the session is in use by another call")
            }
            guard let root = ChunkID(bytes: end.root), end.isImage == isImage else {
                throw ControlError.invalidReplica("root", "is no name of a chunk of this session")
            }
            try session.settle()
            let kind: RestorePointDescription.Kind = isImage ? .image : .tree
            do { try session.checkManifest(root, kind: kind) } catch let error as RepositoryError
                where error.code == .chunkMissing
            {
                state.withLock { $0.isEnding = false }
                throw ControlError.invalidReplica("root", "needs a chunk that is not here: \(error.message)")
            } catch let error as MalformedManifest {
                throw ControlError.invalidReplica(
                    "root", "is the beginning of a manifest that makes no sense: \(error)")
            }
            let labels = RestorePointLabels(draft, backup: backup, checkpoint: checkpoint, vault: vault)
            return try session.commit(
                RestorePointDescription(
                    createdAt: min(max(draft.createdAt.date, Date(timeIntervalSince1970: 0)), seams.now()), kind: kind,
                    source: "\(draft.origin.region):\(draft.resource)", root: root, logicalBytes: end.logicalBytes,
                    entryCount: Int(end.entryCount), domain: domain, labels: labels.texts,
                    warningCount: Int(end.warningCount)))
        }
    }

    /// Keeps what was taken, and ends.
    func end() {
        let isFirst = state.withLock { state in
            defer { state.isEnding = true }
            return !state.isEnding
        }
        if isFirst { try? session.settle() }
        session.abandon()
    }

    private func calling<Value>(_ body: () throws -> Value) throws -> Value {
        state.withLock { state in
            state.calls += 1
            state.usedAt = seams.uptime()
        }
        defer {
            state.withLock { state in
                state.calls -= 1
                state.usedAt = seams.uptime()
            }
        }
        do { return try body() } catch let error as RepositoryError {
            switch error.code {
            case .sessionOver: throw ControlError.replicaSessionGone
            case .badDescription, .badChunk: throw ControlError(code: .invalid, message: error.message, cause: error)
            default: throw ControlError(code: .unavailable, message: error.message, facts: error.facts, cause: error)
            }
        }
    }

    private static var badFrame: ControlError {
        ControlError(code: .invalid, message: "body: must hold whole chunks, each with its name and its length")
    }
}

extension ControlError {
    static let replicaSessionGone = ControlError(
        code: .operationNotFound, message: "there is no such replication session; begin another one")

    static func invalidReplica(_ field: String, _ rule: String) -> Self {
        Self(code: .invalid, message: "'\(field)' \(rule)", facts: ["field": field])
    }
}
