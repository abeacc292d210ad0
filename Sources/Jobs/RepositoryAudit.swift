import Catalog
public import ControlPlane
public import HoldfastCore
public import Logging

/// Compares the restore points that the repository holds with the backups that the catalog knows.
///
/// It reports and changes nothing: bytes that nobody seems to want may be the only ones left after a catalog was lost
/// or restored from an old copy. Backups whose removal is under way are not reported; their operation removes them.
public struct RepositoryAudit: Sendable {
    /// Of the server's own restore points; those made on the command line belong to nobody here.
    public struct Report: Sendable, Equatable {
        public var restorePoints = 0
        /// Named by no backup of the catalog.
        public var unknown: [RestorePointID] = []
        /// Their backup failed, or has another restore point.
        public var surplus: [RestorePointID] = []
        /// Backups that the catalog has for available, whose restore point is not in the repository.
        public var lost: [BackupID] = []
    }

    private let control: ControlPlane
    private let dataPlane: any DataPlane

    public init(control: ControlPlane, dataPlane: any DataPlane) {
        self.control = control
        self.dataPlane = dataPlane
    }

    public func report() async throws -> Report {
        var report = Report()
        // The catalog first: a restore point is stored before its backup is available.
        let available = try await control.availableBackups()
        let points = try await dataPlane.restorePoints()
        let stored = Set(points.map(\.id))
        report.lost = available.filter { !stored.contains($0.restorePoint) }.map(\.backup)
        if !report.lost.isEmpty {
            // Those that were deleted since are not lost.
            let still = Set(try await control.availableBackups().map(\.backup))
            report.lost.removeAll { !still.contains($0) }
        }
        for point in points {
            guard let project = point.labels.project, let backup = point.labels.backup else { continue }
            report.restorePoints += 1
            guard let record = try await control.backupRecord(backup, in: project) else {
                report.unknown.append(point.id)
                continue
            }
            switch record.state {
            // Its operation adopts it, or removes it.
            case .protecting, .deleting: break
            case .error: report.surplus.append(point.id)
            case .available:
                if record.restorePoint != point.id { report.surplus.append(point.id) }
            }
        }
        if !report.unknown.isEmpty {
            // Deletions that ended meanwhile took the bytes first and the row after: they are not in a second list.
            let still = Set(try await dataPlane.restorePoints().map(\.id))
            report.unknown.removeAll { !still.contains($0) }
        }
        return report
    }

    /// Writes what was found to the log: one line for all, and one for each of the first hundred.
    public func log(to logger: Logger) async {
        do {
            let report = try await report()
            logger.info(
                "repository compared with the catalog",
                metadata: [
                    "restore_points": "\(report.restorePoints)", "unknown": "\(report.unknown.count)",
                    "surplus": "\(report.surplus.count)", "lost": "\(report.lost.count)",
                ])
            for id in report.lost.prefix(100) {
                logger.error("backup without its restore point: it can't be restored", metadata: ["backup.id": "\(id)"])
            }
            for id in report.unknown.prefix(100) {
                logger.warning("restore point of an unknown backup", metadata: ["restore_point.id": "\(id)"])
            }
            for id in report.surplus.prefix(100) {
                logger.warning("restore point that its backup does not use", metadata: ["restore_point.id": "\(id)"])
            }
        } catch {
            logger.warning("repository could not be compared with the catalog", metadata: ["error": "\(error)"])
        }
    }
}
