public import ControlPlane

/// Makes the catalog's rows again from what is sealed into the repository's restore points, for every project.
///
/// For a server that does not run: nothing is deleted meanwhile. Safe to repeat, and to cut off.
public struct CatalogRecovery: Sendable {
    private static let batch = 100

    private let control: ControlPlane
    private let dataPlane: any DataPlane

    public init(control: ControlPlane, dataPlane: any DataPlane) {
        self.control = control
        self.dataPlane = dataPlane
    }

    /// The backups that the repository remembers, oldest first, and how many restore points belong to nobody here.
    public func found() async throws -> (backups: [FoundBackup], otherCount: Int) {
        let points = try await dataPlane.restorePoints()
        let found = points.compactMap { FoundBackup($0) }
        return (FoundBackup.distinct(found), points.count - found.count)
    }

    public func adopt(_ found: [FoundBackup]) async throws -> ImportReport {
        var report = ImportReport()
        for start in stride(from: 0, to: found.count, by: Self.batch) {
            report.add(try await control.adopt(Array(found[start..<min(start + Self.batch, found.count)])))
        }
        return report
    }
}
