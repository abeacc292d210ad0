import Catalog
import ControlPlane
import Transfer

// What the data plane reports, in the words of the catalog.

extension OperationDetails {
    init(_ progress: TransferProgress) {
        self.init()
        doneBytes = progress.doneBytes
        totalBytes = progress.totalBytes
        doneEntries = progress.doneEntries
        totalEntries = progress.totalEntries
    }

    init(_ outcome: RestoreOutcome, last: TransferProgress?) {
        self.init()
        finish(last, bytes: outcome.verifiedBytes, entries: outcome.entryCount)
        writtenBytes = outcome.writtenBytes
        verifiedBytes = outcome.verifiedBytes
        note(outcome.warnings, count: outcome.warningCount)
    }

    /// A finished transfer has done all there was.
    mutating func finish(_ last: TransferProgress?, bytes: Int64, entries: Int) {
        doneBytes = max(bytes, last?.doneBytes ?? 0)
        totalBytes = doneBytes
        doneEntries = max(entries, last?.doneEntries ?? 0)
        totalEntries = doneEntries
    }

    fileprivate mutating func note(_ found: [ItemWarning], count: Int) {
        warningCount = count
        warnings = found.map { OperationWarning(path: $0.path, reason: $0.reason.rawValue, message: $0.message) }
    }
}

extension BackupResult {
    init(_ outcome: BackupOutcome, parent: BackupRecord?, last: TransferProgress?) {
        var details = OperationDetails()
        details.finish(last, bytes: outcome.logicalBytes, entries: outcome.entryCount)
        details.storedBytes = outcome.storedBytes
        details.readBytes = outcome.readBytes
        details.restorePoint = outcome.restorePoint
        details.note(outcome.warnings, count: outcome.warningCount)
        self.init(
            restorePoint: outcome.restorePoint,
            parent: outcome.parentUsed != nil && outcome.parentUsed == parent?.restorePoint ? parent?.id : nil,
            storedBytes: outcome.storedBytes, logicalBytes: outcome.logicalBytes, details: details)
    }

    /// Of a restore point that an earlier attempt made. Its warnings are only counted: their text died with it.
    init(adopting stored: StoredRestorePoint) {
        var details = OperationDetails()
        details.finish(nil, bytes: stored.logicalBytes, entries: stored.entryCount)
        details.storedBytes = stored.storedBytes
        details.restorePoint = stored.id
        details.warningCount = stored.warningCount
        self.init(
            restorePoint: stored.id, parent: nil, storedBytes: stored.storedBytes, logicalBytes: stored.logicalBytes,
            details: details)
    }
}
