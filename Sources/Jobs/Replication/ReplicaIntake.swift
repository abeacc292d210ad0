import Catalog
public import ControlPlane
import Foundation
public import HoldfastCore
public import Logging
public import Repository
public import ServiceLifecycle
import Synchronization

/// Takes replicas from other regions: the sessions that are open, and who may use them.
///
/// Memory: 60 MiB for each session, ``sessionsMax`` at most, and what the bodies of ``threads`` calls hold.
public final class ReplicaIntake: ReplicaReceiver, Service {
    static let sessionsMax = 8
    static let sessionsPerProjectMax = 4
    static let idleMax = Duration.seconds(600)
    static let threads = 4

    private let control: ControlPlane
    private let repository: Repository
    private let dataPlane: any DataPlane
    private let seams: Seams
    private let logger: Logger
    private let pool = NamedThreadPool(name: "replicas", threads: ReplicaIntake.threads, queueMax: 64)
    private let sessions = Mutex<[String: IntakeSession]>([:])

    public init(
        control: ControlPlane, repository: Repository, dataPlane: any DataPlane, seams: Seams, logger: Logger
    ) {
        self.control = control
        self.repository = repository
        self.dataPlane = dataPlane
        self.seams = seams
        self.logger = logger
    }

    deinit { pool.close() }

    /// Whose chunks they are: not the project's own, so that what a sender can ask about is replicas alone.
    static func domain(of project: ProjectID) -> String { "\(project) replicas" }

    /// Ends sessions that nobody uses; at a shutdown, all.
    public func run() async {
        _ = await cancelWhenGracefulShutdown { [self] in
            while (try? await seams.sleep(.seconds(60))) != nil { await endIdle() }
        }
        await endAll { _ in true }
    }

    public func begin(
        _ draft: ReplicaDraft, isImage: Bool, basis: RestorePointID?, isRepeated: Bool, by caller: Caller
    ) async throws -> ReplicaAnswer {
        switch try await control.judgeReplica(draft, by: caller) {
        case .present(let record): return ReplicaAnswer(present: try present(record))
        case .wanted(let vault, let known):
            if isRepeated, let found = try await unheard(draft, in: vault) {
                return ReplicaAnswer(
                    present: try present(try await control.addReplica(found, rules: draft.rules, by: caller)))
            }
            return try await open(draft, isImage: isImage, basis: basis, vault: vault, known: known)
        }
    }

    private func open(
        _ draft: ReplicaDraft, isImage: Bool, basis: RestorePointID?, vault: VaultRecord, known: CheckpointID?
    ) async throws -> ReplicaAnswer {
        // A sender that begins anew has given up what it had begun.
        await endAll { $0.vault.id == vault.id && $0.draft.origin == draft.origin }
        await endIdle()
        let together = sessions.withLock { all in
            all.values.first {
                $0.vault.id == vault.id && $0.draft.origin.region == draft.origin.region
                    && $0.draft.origin.checkpoint == draft.origin.checkpoint
            }?.checkpoint
        }
        let checkpoint = known ?? together ?? CheckpointID.randomDashed(seams.randomBytes)
        let id = Hex.encode(seams.randomBytes(16))
        let (repository, seams) = (repository, seams)
        let key = try await run { try repository.namingKey(ofDomain: Self.domain(of: vault.project)) }
        guard let naming = ChunkNaming(key: key) else {
            throw ControlError(code: .unexpected, message: "the repository has no key for replicas")
        }
        let (session, root) = try await run {
            let session = try IntakeSession(
                draft, isImage: isImage, vault: vault, checkpoint: checkpoint, repository: repository, naming: naming,
                seams: seams)
            return (session, try basis.flatMap { try session.basisRoot($0) })
        }
        let isAdded = sessions.withLock { all in
            guard all.count < Self.sessionsMax,
                all.values.count(where: { $0.vault.project == vault.project }) < Self.sessionsPerProjectMax
            else { return false }
            all[id] = session
            return true
        }
        guard isAdded else {
            try? await run { session.end() }
            throw ControlError(
                code: .tooManyReplicas, message: "too many replicas are being brought at once; try again later")
        }
        return ReplicaAnswer(session: .init(id: id, namingKey: key, basisRoot: root?.bytes))
    }

    public func missing(_ ids: [UInt8], session: String, by caller: Caller) async throws -> [UInt8] {
        let session = try find(session, caller)
        return try await run { try session.missing(ids) }
    }

    public func take(_ frames: [UInt8], session: String, by caller: Caller) async throws -> Int {
        let session = try find(session, caller)
        return try await run { try session.take(frames) }
    }

    public func give(_ id: [UInt8], session: String, by caller: Caller) async throws -> [UInt8] {
        let session = try find(session, caller)
        return try await run { try session.give(id) }
    }

    /// The bytes first, then the row. A crash in between leaves a restore point that the next session's begin finds.
    public func finish(_ end: ReplicaEnd, session id: String, by caller: Caller) async throws -> ReplicaAnswer.Present {
        let session = try find(id, caller)
        let point = try await run { try session.finish(end) }
        sessions.withLock { _ = $0.removeValue(forKey: id) }
        guard let found = FoundBackup(StoredRestorePoint(point)) else {
            throw ControlError(code: .unexpected, message: "the replica's restore point can't be read")
        }
        let record: BackupRecord
        do { record = try await control.addReplica(found, rules: session.draft.rules, by: caller) } catch let error
            as ControlError
            where error.code != .unavailable
        {
            // Its vault went meanwhile, say: nobody will ever ask for these bytes.
            try? await dataPlane.forget(point.id)
            throw error
        }
        if record.restorePoint != point.id {
            // Another session was faster.
            try? await dataPlane.forget(point.id)
        }
        logger.info(
            "replica taken",
            metadata: [
                "backup.id": "\(record.id)", "vault.id": "\(record.vault)", "project.id": "\(record.project)",
                "region": "\(session.draft.origin.region)", "stored_bytes": "\(record.storedBytes)",
            ])
        return try present(record)
    }

    public func end(session id: String, by caller: Caller) async {
        guard let session = try? find(id, caller) else { return }
        await endAll { $0 === session }
    }

    private func find(_ id: String, _ caller: Caller) throws -> IntakeSession {
        guard caller.role.mayWrite else {
            throw ControlError(code: .forbidden, message: "the role '\(caller.role.rawValue)' may not bring replicas")
        }
        guard let session = sessions.withLock({ $0[id] }), session.vault.project == caller.project else {
            throw ControlError.replicaSessionGone
        }
        return session
    }

    /// A restore point that an earlier session made and did not live to tell of.
    private func unheard(_ draft: ReplicaDraft, in vault: VaultRecord) async throws -> FoundBackup? {
        try await dataPlane.restorePoints().compactMap { FoundBackup($0) }
            .filter { $0.project == vault.project && $0.vault == vault.id && $0.origin == draft.origin }
            .min { $0.restorePoint < $1.restorePoint }
    }

    private func present(_ record: BackupRecord) throws -> ReplicaAnswer.Present {
        guard let point = record.restorePoint else {
            throw ControlError(
                code: .backupNotReplicable, message: "the replica \(record.id) is being removed; try again later")
        }
        return .init(backup: record.id, checkpoint: record.checkpoint, restorePoint: point)
    }

    private func endIdle() async {
        let now = seams.uptime()
        await endAll { ($0.idleTime(now) ?? .zero) > Self.idleMax }
    }

    private func endAll(where isMeant: (IntakeSession) -> Bool) async {
        let ended = sessions.withLock { all in
            let meant = all.filter { isMeant($0.value) }
            for id in meant.keys { all[id] = nil }
            return Array(meant.values)
        }
        for session in ended { _ = try? await pool.run { session.end() } }
    }

    private func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        do { return try await pool.run(body) } catch let error as NamedThreadPool.Overloaded {
            throw ControlError(
                code: .tooManyReplicas, message: "too many replicas are being brought at once; try again later",
                cause: error)
        } catch let error as RepositoryError {
            throw ControlError(code: .unavailable, message: error.message, facts: error.facts, cause: error)
        }
    }
}
