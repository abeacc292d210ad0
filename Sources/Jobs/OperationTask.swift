import Catalog
import ControlPlane
import Endpoints
import HoldfastCore
import Transfer

/// What an operation does, without its lease and its end: calls of the data plane, each safe to repeat.
struct OperationTask: Sendable {
    let leased: LeasedOperation
    let control: ControlPlane
    let dataPlane: any DataPlane
    let gate: PlaceGate
    let leaseDuration: Duration
    let sender: (any ReplicaSender)?
    let meter = ProgressMeter()

    func perform() async throws -> OperationOutcome {
        switch leased.work {
        case .backUp(let work):
            try await gate.at(work.backup.resourceLocation) { try await backUp(work) }
        case .restore(let work):
            try await gate.at(work.target.location) { try await restore(work) }
        case .remove(let doomed):
            try await remove(doomed)
        case .importBackups(let work):
            try await search(work)
        case .replicate(let work):
            try await replicate(work)
        }
    }

    // MARK: Back up

    private func backUp(_ work: BackupWork) async throws -> OperationOutcome {
        // An earlier attempt may have stored all of it and died before the catalog heard.
        if leased.attempt > 1, let stored = try await stored(for: work.backup.id) {
            return .backedUp(BackupResult(adopting: stored))
        }
        let backup = work.backup
        let outcome = try await dataPlane.backUp(
            BackupRequest(
                source: try LocationURI.parse(backup.resourceLocation, type: backup.resourceType.rawValue),
                domain: leased.project.text, labels: labels(work).texts, parent: work.parent?.restorePoint,
                rereadAll: !backup.isIncremental),
            progress: { [meter] in meter.note($0) })
        return .backedUp(BackupResult(outcome, parent: work.parent, last: meter.reading.latest))
    }

    private func stored(for backup: BackupID) async throws -> StoredRestorePoint? {
        try await dataPlane.restorePoints()
            .filter { $0.labels.project == leased.project && $0.labels.backup == backup }
            .min { $0.id < $1.id }
    }

    private func labels(_ work: BackupWork) -> RestorePointLabels {
        let backup = work.backup
        return RestorePointLabels([
            .project: leased.project.text, .vault: backup.vault.text, .vaultName: work.vault.name,
            .checkpoint: backup.checkpoint.text, .checkpointName: work.checkpointName, .backup: backup.id.text,
            .backupName: backup.name, .resource: backup.resource.text, .resourceName: backup.resourceName,
            .resourceType: backup.resourceType.rawValue, .resourceLocation: backup.resourceLocation,
            .isAutomatic: "\(backup.isAutomatic)", .isIncremental: "\(backup.isIncremental)",
            .backupDescription: backup.description, .checkpointMicroseconds: "\(backup.createdAt.microseconds)",
            .vaultObjectType: work.vault.objectType.rawValue, .vaultSizeGiB: "\(work.vault.sizeGiB)",
        ])
    }

    // MARK: Restore

    private func restore(_ work: RestoreWork) async throws -> OperationOutcome {
        let outcome = try await dataPlane.restore(
            RestoreRequest(
                restorePoint: work.restorePoint,
                target: try LocationURI.parse(work.target.location, type: work.target.type.rawValue),
                deleteExtra: work.target.deletesExtra),
            progress: { [meter] in meter.note($0) })
        return .restored(OperationDetails(outcome, last: meter.reading.latest))
    }

    // MARK: Remove

    /// Bytes first, then the row: a crash in between leaves a row whose removal is repeated, never bytes without a row.
    private func remove(_ doomed: [DoomedBackup]) async throws -> OperationOutcome {
        var unheard: [BackupID: [RestorePointID]]?
        for (index, backup) in doomed.enumerated() {
            try Task.checkCancellation()
            if let restorePoint = backup.restorePoint {
                // Released moments ago: the repository may still have the hold.
                // If that fails, so does what comes next, and says why.
                if backup.endsHold { _ = try await dataPlane.lock([.init(restorePoint: restorePoint, hold: .ends)]) }
                try await dataPlane.forget(restorePoint)
            } else {
                // Its backup failed, as far as the catalog knows. The repository may know better.
                if unheard == nil { unheard = try await storedByBackup() }
                for restorePoint in unheard?[backup.backup] ?? [] { try await dataPlane.forget(restorePoint) }
            }
            meter.note(done: index + 1, of: doomed.count)
            try await control.noteForgotten(
                backup.backup, by: leased, progressPercent: meter.reading.percent, for: leaseDuration)
        }
        return .removed
    }

    /// Of a removal that failed: what the repository still has of it. Nothing when it does not answer.
    func stillThere() async -> [BackupID: StoredKeep] {
        guard case .remove(let doomed) = leased.work, !doomed.isEmpty,
            let points = try? await dataPlane.restorePoints()
        else { return [:] }
        let byID = Dictionary(points.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return doomed.reduce(into: [:]) { found, one in
            guard let point = one.restorePoint.flatMap({ byID[$0] }) else { return }
            found[one.backup] = StoredKeep(
                restorePoint: point.id, keptUntil: point.keep.map { Instant($0) }, holdReason: point.holdReason)
        }
    }

    private func storedByBackup() async throws -> [BackupID: [RestorePointID]] {
        try await dataPlane.restorePoints().reduce(into: [:]) { found, point in
            guard point.labels.project == leased.project, let backup = point.labels.backup else { return }
            found[backup, default: []].append(point.id)
        }
    }
}
