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
        await process + ((try? catalog.read { transaction in try Self.counted(transaction) }) ?? [])
    }

    private var process: [Gauge] {
        [
            Gauge("holdfast_up", "1 while the service runs.", values: [("", 1)]),
            Gauge(
                "holdfast_build_info", "What is running; always 1.",
                values: [("version=\"\(Release.version)\"", 1)]),
            Gauge(
                "holdfast_uptime_seconds", "Time since the start.",
                values: [("", (seams.uptime() - startedAt) / .seconds(1))]),
            Gauge(
                "process_cpu_seconds_total", "Processor time of all threads.", kind: .counter,
                values: [("", Self.processorSeconds)]),
            Gauge(
                "process_resident_memory_bytes", "Memory that the process holds.",
                values: [("", Double(Self.residentBytes ?? 0))]),
            Gauge(
                "process_resident_memory_peak_bytes", "The most memory the process has held.",
                values: [("", Double(holdfast_peak_resident_bytes()))]),
        ]
    }

    /// POSIX sets clock(3)'s unit to a microsecond.
    private static var processorSeconds: Double { Double(clock()) / 1e6 }

    /// The second number of `/proc/self/statm`, in pages (proc(5)).
    private static var residentBytes: Int? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
            let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return nil }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    private static func counted(_ transaction: any SQLTransaction) throws -> [Gauge] {
        let operations = try transaction.query(
            "SELECT kind, state, COUNT(*) AS n FROM operations GROUP BY kind, state ORDER BY kind, state"
        ).map { row in
            (kind: try row.text("kind"), state: try row.text("state"), count: Double(try row.int64("n")))
        }
        var gauges = [
            Gauge(
                "holdfast_operations", "Operations by type and state.",
                values: operations.map { ("type=\"\($0.kind)\",state=\"\($0.state)\"", $0.count) }),
            Gauge(
                "holdfast_operations_queued", "Operations that wait for a worker.",
                values: [("", operations.filter { $0.state == "queued" }.map(\.count).reduce(0, +))]),
        ]
        let totals = try transaction.query(
            """
            SELECT (SELECT COUNT(*) FROM vaults) AS vaults,
                (SELECT COUNT(*) FROM backups WHERE state = 'available') AS backups,
                (SELECT COALESCE(SUM(stored_bytes), 0) FROM backups) AS stored,
                (SELECT COALESCE(SUM(logical_bytes), 0) FROM backups WHERE state = 'available') AS logical
            """
        ).first
        for (name, about, column) in [
            ("holdfast_vaults", "Vaults of all projects.", "vaults"),
            ("holdfast_backups_available", "Backups that can be restored.", "backups"),
            ("holdfast_backups_stored_bytes", "Bytes that backups added to the repository.", "stored"),
            ("holdfast_backups_logical_bytes", "Bytes that available backups restore.", "logical"),
        ] {
            guard let totals else { break }
            gauges.append(Gauge(name, about, values: [("", Double(try totals.int64(column)))]))
        }
        return gauges
    }
}
