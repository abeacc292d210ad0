import CBRClient
import Catalog
public import ControlPlane
import Foundation
public import HoldfastCore
public import Jobs
public import Logging
public import Repository
public import Transfer

/// Sends backups from the repository to peers, and tries again while they are away.
public struct PeerSender: ReplicaSender {
    /// Attempts in a row in which nothing new arrived. With the pauses between them, some ten minutes.
    static let barrenMax = 24
    static let pauseMax = Duration.seconds(30)

    private let repository: Repository
    private let peers: PeerDirectory
    private let seams: Seams
    private let logger: Logger

    public init(repository: Repository, peers: PeerDirectory, seams: Seams, logger: Logger) {
        self.repository = repository
        self.peers = peers
        self.seams = seams
        self.logger = logger
    }

    private struct Attempt {
        var basis: RestorePointID?
        var isRepeated: Bool
        var sentBytes: Int64 = 0
        var readBytes: Int64 = 0
    }

    public func send(
        _ work: ReplicationWork, of project: ProjectID, isRepeated: Bool,
        progress: @escaping @Sendable (TransferProgress) -> Void
    ) async throws -> ReplicationResult {
        guard let line = peers.line(of: project, to: work.subject.region), line.remote == work.subject.project else {
            throw ReplicaFailure(
                code: .unreachable,
                message: "region '\(work.subject.region)' takes no replicas of this project any more")
        }
        var attempt = Attempt(basis: work.basis?.target, isRepeated: isRepeated)
        var barren = 0
        var pause = Duration.seconds(1)
        while true {
            let before = attempt.sentBytes
            do { return try await once(work, line, &attempt, progress) } catch {
                guard let refusal = Self.clientError(in: error) else { throw error }
                attempt.isRepeated = true
                if refusal.status == 400, attempt.basis != nil {
                    // What the basis promised is not there any more: without it everything is asked for.
                    attempt.basis = nil
                    continue
                }
                guard Self.isWorthAnother(refusal) else {
                    throw ReplicaFailure(
                        code: .refused, message: "region '\(work.subject.region)' refused it: \(refusal.message)")
                }
                if attempt.sentBytes > before { (barren, pause) = (0, .seconds(1)) }
                barren += 1
                guard barren < Self.barrenMax else {
                    throw ReplicaFailure(
                        code: .unreachable,
                        message: "region '\(work.subject.region)' can't be reached: \(refusal.message)")
                }
                logger.warning(
                    "a replication was cut off; trying again",
                    metadata: ["region": "\(work.subject.region)", "reason": "\(refusal.message)"])
                try await seams.sleep(pause)
                pause = min(pause * 2, Self.pauseMax)
            }
        }
    }

    private func once(
        _ work: ReplicationWork, _ line: PeerDirectory.Line, _ attempt: inout Attempt,
        _ progress: @escaping @Sendable (TransferProgress) -> Void
    ) async throws -> ReplicationResult {
        let beginning = try await line.transfers.beginReplica(NewReplica(work, attempt.basis, attempt.isRepeated))
        if let present = beginning.replica { return result(present, attempt) }
        guard let session = beginning.session,
            let naming = Hex.decode(session.namingKey).flatMap({ ChunkNaming(key: $0) })
        else {
            throw ClientError(.answerUnreadable, "the other region's answer holds no session")
        }
        let sink = RemoteSink(client: line.transfers, session: session.id, naming: naming, limit: line.limit)
        defer { attempt.sentBytes += sink.sent.bytes }
        var request = ReplicaRequest(restorePoint: work.restorePoint)
        if let basis = work.basis, attempt.basis != nil,
            let root = session.basisRoot.flatMap({ Hex.decode($0) }).flatMap({ ChunkID(bytes: $0) })
        {
            request.basis = (basis.source, root)
        }
        let outcome = try await replicate(request, from: repository, to: sink, seams: seams, progress: progress)
        attempt.readBytes += outcome.readBytes
        let source = outcome.source
        let present = try await line.transfers.finishReplica(
            ReplicaEnding(
                root: outcome.root.description, image: source.kind == .image, logicalBytes: source.logicalBytes,
                entryCount: Int64(source.entryCount), warningCount: Int64(source.warningCount)),
            session: session.id)
        var told = attempt
        told.sentBytes += sink.sent.bytes
        return result(present, told)
    }

    private func result(_ present: PresentReplica, _ attempt: Attempt) -> ReplicationResult {
        var details = OperationDetails()
        details.readBytes = attempt.readBytes
        details.writtenBytes = attempt.sentBytes
        return ReplicationResult(
            backup: BackupID(present.backupID), checkpoint: CheckpointID(present.checkpointID),
            restorePoint: RestorePointID(present.restorePoint), details: details)
    }

    /// The peer's part in a failure; nil: it had none.
    private static func clientError(in error: any Error) -> ClientError? {
        switch error {
        case let error as ClientError: error
        case let error as TransferError: error.cause as? ClientError
        default: nil
        }
    }

    /// No connection, no time, a fault, or a session that is gone.
    private static func isWorthAnother(_ error: ClientError) -> Bool {
        if error.isRetryable { return true }
        guard let status = error.status else { return false }
        return status >= 500 || status == 404 && error.errorCode == "BackupService.6500"
    }
}

extension NewReplica {
    fileprivate init(_ work: ReplicationWork, _ basis: RestorePointID?, _ isRepeated: Bool) {
        let backup = work.backup
        self.init(
            vaultID: work.subject.vault.text, sourceRegion: work.subject.sourceRegion,
            sourceBackupID: backup.id.text, sourceCheckpointID: backup.checkpoint.text, name: work.subject.name,
            description: work.subject.description, checkpointName: work.checkpointName,
            resourceID: backup.resource.text, resourceName: backup.resourceName,
            resourceType: backup.resourceType.rawValue, automatic: work.subject.isAutomatic,
            incremental: backup.isIncremental, createdAt: backup.createdAt.microseconds,
            image: backup.resourceType == .volume, basis: basis?.text, repeated: isRepeated,
            policy: work.subject.rules.map { .init(id: $0.policy.text, operationDefinition: .init($0.definition)) })
    }
}

extension PolicyRetention {
    fileprivate init(_ definition: PolicyDefinition) {
        self.init()
        maxBackups = definition.maxBackups
        retentionDurationDays = definition.retentionDurationDays
        dayBackups = definition.dayBackups
        weekBackups = definition.weekBackups
        monthBackups = definition.monthBackups
        yearBackups = definition.yearBackups
        timezone = definition.timezone
        guard let rules = definition.advancedRules else { return }
        var advanced = Advanced()
        for rule in rules {
            switch rule.period {
            case .week: advanced.weeklyRetentionRules = .init(rule)
            case .month: advanced.monthlyRetentionRules = .init(rule)
            case .year: advanced.yearlyRetentionRules = .init(rule)
            }
        }
        advancedRetentionRules = advanced
    }
}

extension PolicyRetention.Advanced.Rule {
    fileprivate init(_ rule: PolicyAdvancedRule) {
        self.init()
        retentionType = rule.retentionType
        retentionMonths = rule.months
        retentionWeeks = rule.weeks
        daysOfWeek = rule.daysOfWeek
        daysOfMonth = rule.daysOfMonth
        retentionDurationPeriods = rule.periods
    }
}
