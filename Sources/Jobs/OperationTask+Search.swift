import Catalog
import ControlPlane
import HoldfastCore
import Transfer

extension OperationTask {
    /// How many backups are taken in one transaction.
    private static let batch = 100

    /// Looks in the repository for backups that the catalog does not know, and takes them in.
    ///
    /// The repository is read twice. A backup that is deleted meanwhile loses its bytes before its row: one that has no row
    /// after the first reading, and bytes at the second, is not being deleted.
    func search(_ work: ImportWork) async throws -> OperationOutcome {
        let wanted = try await found(for: work)
        if case .backup(let id, _, _) = work.scope, wanted.isEmpty {
            throw TransferError(
                code: .restorePointMissing,
                message: "the repository has no restore point of backup \(id) as it was given")
        }
        let unknown = try await control.unknownBackups(wanted.map(\.backup))
        let still = unknown.isEmpty ? [] : Set(try await dataPlane.restorePoints().map(\.id))
        var report = ImportReport()
        let missing = wanted.filter { unknown.contains($0.backup) && still.contains($0.restorePoint) }
        for start in stride(from: 0, to: missing.count, by: Self.batch) {
            try Task.checkCancellation()
            let batch = Array(missing[start..<min(start + Self.batch, missing.count)])
            report.add(
                try await control.adopt(
                    batch, by: leased, progressPercent: meter.reading.percent, for: leaseDuration))
            meter.note(done: start + batch.count, of: missing.count)
        }
        if case .backup = work.scope, let refused = report.refused.first {
            throw TransferError(code: .restorePointMissing, message: refused.reason)
        }
        var details = OperationDetails()
        details.doneEntries = wanted.count
        details.totalEntries = wanted.count
        details.importedCount = report.imported.count
        details.refusedCount = report.refused.count
        details.warningCount = report.refused.count
        details.warnings = report.refused.prefix(100).map {
            OperationWarning(path: $0.backup.text, reason: "refused", message: $0.reason)
        }
        return .imported(details)
    }

    /// What of the project's the work is about; one restore point for each backup.
    private func found(for work: ImportWork) async throws -> [FoundBackup] {
        let all = try await dataPlane.restorePoints().compactMap { FoundBackup($0) }
            .filter { $0.project == leased.project }
        let wanted = all.filter { one in
            switch work.scope {
            case .vault(let vault): one.vault == vault
            case .backup(let backup, let restorePoint, let resource):
                one.backup == backup && (restorePoint ?? one.restorePoint) == one.restorePoint
                    && (resource ?? one.resource) == one.resource
            }
        }
        return FoundBackup.distinct(wanted)
    }
}

extension FoundBackup {
    /// One for each backup: an attempt that died before it was heard of may have left a second.
    static func distinct(_ found: [FoundBackup]) -> [FoundBackup] {
        Dictionary(grouping: found, by: \.backup).values
            .compactMap { $0.min { $0.restorePoint < $1.restorePoint } }
            .sorted { ($0.createdAt, $0.backup) < ($1.createdAt, $1.backup) }
    }
}
