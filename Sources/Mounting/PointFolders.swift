import Foundation
import HoldfastCore
import Repository
import Synchronization

/// The names of restore points at the top of a mount: `2026-11-24T150000Z-4f3a2b1c0d9e`, and with `.img` behind for images.
final class PointFolders: Sendable {
    private static let refreshedEvery = Duration.seconds(1)

    private struct State {
        var points: [[UInt8]: RestorePoint] = [:]
        /// In the order of names, which is that of time.
        var names: [[UInt8]] = []
        var refreshed: Duration?
        /// Records that can't be read, which were told of.
        var damaged: Set<String> = []
    }

    private let repository: Repository
    private let uptime: @Sendable () -> Duration
    private let report: @Sendable (String) -> Void
    private let state = Mutex(State())

    /// - Parameter report: told once of each restore point whose record can't be read: it is not shown.
    /// - Throws: ``RepositoryError`` when the store does not answer.
    init(
        _ repository: Repository, uptime: @escaping @Sendable () -> Duration,
        report: @escaping @Sendable (String) -> Void
    ) throws {
        self.repository = repository
        self.uptime = uptime
        self.report = report
        try refresh()
    }

    /// As they are now, give or take a second.
    func names() throws -> [[UInt8]] {
        try refreshIfDue()
        return state.withLock { $0.names }
    }

    /// - Returns: nil when there is none of that name, also not since a moment ago.
    func point(named name: [UInt8]) throws -> RestorePoint? {
        if let found = state.withLock({ $0.points[name] }) { return found }
        try refreshIfDue()
        return state.withLock { $0.points[name] }
    }

    private func refreshIfDue() throws {
        let now = uptime()
        let isDue = state.withLock { state in state.refreshed.map { now - $0 >= Self.refreshedEvery } ?? true }
        if isDue { try refresh() }
    }

    private func refresh() throws {
        let (points, damaged) = try repository.restorePointList()
        for error in damaged where state.withLock({ $0.damaged.insert(error.message).inserted }) {
            report(error.message)
        }
        let named = Dictionary(points.map { (Self.name($0), $0) }, uniquingKeysWith: { first, _ in first })
        let now = uptime()
        state.withLock { state in
            state.points = named
            state.names = named.keys.sorted { $0.lexicographicallyPrecedes($1) }
            state.refreshed = now
        }
    }

    static func name(_ point: RestorePoint) -> [UInt8] {
        // Without colons: shells and rsync take them for something else.
        let moment = point.description.createdAt.formatted(.iso8601).filter { character in character != Character(":") }
        let end = point.description.kind == .image ? ".img" : ""
        return Array("\(moment)-\(point.id.text.prefix(12))\(end)".utf8)
    }
}
