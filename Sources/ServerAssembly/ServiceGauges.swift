import CBRServer
import CHoldfast
import Catalog
import ControlPlane
import Foundation
import HoldfastCore

/// Figures that are read when someone asks for them: from the catalog and from the system.
struct ServiceGauges: Sendable {
    let control: ControlPlane
    let catalog: any CatalogDatabase
    let seams: Seams
    let startedAt: Duration

    func read() async -> [Gauge] {
        var gauges = [
            Gauge("holdfast_up", "1 while the service runs.", values: [("", 1)]),
            Gauge(
                "holdfast_uptime_seconds", "Time since the start.",
                values: [("", Double((seams.uptime() - startedAt).components.seconds))]),
            Gauge(
                "process_resident_memory_peak_bytes", "The most memory the process has held.",
                values: [("", Double(holdfast_peak_resident_bytes()))]),
        ]
        let counted = try? await catalog.read { transaction in
            (
                operations: try transaction.query(
                    "SELECT kind, state, COUNT(*) AS n FROM operations GROUP BY kind, state ORDER BY kind, state"
                ).map { row in
                    (
                        "type=\"\(try row.text("kind"))\",state=\"\(try row.text("state"))\"",
                        Double(try row.int64("n"))
                    )
                },
                totals: try transaction.query(
                    """
                    SELECT (SELECT COUNT(*) FROM vaults) AS vaults,
                        (SELECT COUNT(*) FROM backups WHERE state = 'available') AS backups,
                        (SELECT COALESCE(SUM(stored_bytes), 0) FROM backups) AS stored,
                        (SELECT COALESCE(SUM(logical_bytes), 0) FROM backups WHERE state = 'available') AS logical
                    """
                ).first.map { row in
                    (
                        vaults: Double(try row.int64("vaults")), backups: Double(try row.int64("backups")),
                        stored: Double(try row.int64("stored")), logical: Double(try row.int64("logical"))
                    )
                }
            )
        }
        guard let counted else { return gauges }
        gauges.append(
            Gauge(
                "holdfast_operations", "Operations by type and state.",
                values: counted.operations.map { (labels: $0.0, value: $0.1) }))
        if let totals = counted.totals {
            gauges += [
                Gauge("holdfast_vaults", "Vaults of all projects.", values: [("", totals.vaults)]),
                Gauge("holdfast_backups_available", "Backups that can be restored.", values: [("", totals.backups)]),
                Gauge(
                    "holdfast_backups_stored_bytes", "Bytes that backups added to the repository.",
                    values: [("", totals.stored)]),
                Gauge(
                    "holdfast_backups_logical_bytes", "Bytes that available backups restore.",
                    values: [("", totals.logical)]),
            ]
        }
        return gauges
    }
}
