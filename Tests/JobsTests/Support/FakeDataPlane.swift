import Endpoints
import Foundation
import HoldfastCore
import Jobs
import ObjectStorage
import Synchronization
import Transfer

/// An engine that keeps its restore points in memory, and does what a test says on the way.
final class FakeDataPlane: DataPlane {
    typealias Progress = @Sendable (TransferProgress) -> Void

    struct Contents {
        var points: [RestorePointID: StoredRestorePoint] = [:]
        var targets: [String: RestorePointID] = [:]
        var backups: [BackupRequest] = []
        var restores: [RestoreRequest] = []
        var locks: [RestorePointLock] = []
        /// Restore points whose locks can't be written.
        var unlockable: Set<RestorePointID> = []
        /// Restore points that can't be removed.
        var unremovable: Set<RestorePointID> = []
        var running: [String] = []
        var runningMost = 0
    }

    private let contents = Mutex(Contents())
    /// Runs inside every backup before its restore point is made; what it throws, the backup throws.
    private let duringBackup: @Sendable (BackupRequest, Progress) async throws -> Void
    private let duringRestore: @Sendable (RestoreRequest, Progress) async throws -> Void

    init(
        duringBackup: @escaping @Sendable (BackupRequest, Progress) async throws -> Void = { _, _ in },
        duringRestore: @escaping @Sendable (RestoreRequest, Progress) async throws -> Void = { _, _ in }
    ) {
        self.duringBackup = duringBackup
        self.duringRestore = duringRestore
    }

    var seen: Contents { contents.withLock { $0 } }

    func change(_ body: @Sendable (inout Contents) -> Void) { contents.withLock { body(&$0) } }

    func plant(_ point: StoredRestorePoint) { contents.withLock { $0.points[point.id] = point } }

    func backUp(_ request: BackupRequest, progress: @escaping Progress) async throws -> BackupOutcome {
        contents.withLock { contents in
            contents.backups.append(request)
            contents.running.append(request.source.path)
            contents.runningMost = max(contents.runningMost, contents.running.count)
        }
        defer {
            contents.withLock { contents in
                if let index = contents.running.firstIndex(of: request.source.path) {
                    contents.running.remove(at: index)
                }
            }
        }
        try await duringBackup(request, progress)
        let id = RestorePointID(UUID().uuidString)
        contents.withLock { contents in
            contents.points[id] = StoredRestorePoint(
                id: id, labels: RestorePointLabels(texts: request.labels), logicalBytes: 1000, storedBytes: 10,
                entryCount: 3, warningCount: 1)
        }
        return BackupOutcome(
            restorePoint: id, logicalBytes: 1000, readBytes: 500, storedBytes: 10, entryCount: 3,
            warnings: [ItemWarning(path: "a", reason: .vanished, message: "it vanished")], warningCount: 1,
            parentUsed: request.parent)
    }

    func restore(_ request: RestoreRequest, progress: @escaping Progress) async throws -> RestoreOutcome {
        contents.withLock { $0.restores.append(request) }
        try await duringRestore(request, progress)
        contents.withLock { $0.targets[request.target.path] = request.restorePoint }
        return RestoreOutcome(
            writtenBytes: 900, verifiedBytes: 1000, entryCount: 3, warnings: [], warningCount: 0, resumed: false)
    }

    struct Refused: Error {}

    func forget(_ id: RestorePointID) async throws {
        try contents.withLock { contents in
            guard !contents.unremovable.contains(id) else { throw Refused() }
            contents.points.removeValue(forKey: id)
        }
    }

    func lock(_ locks: [RestorePointLock]) async throws -> LockAnswer {
        contents.withLock { contents in
            let (bad, good) = (
                locks.filter { contents.unlockable.contains($0.restorePoint) },
                locks.filter { !contents.unlockable.contains($0.restorePoint) }
            )
            contents.locks += good
            let known = Set(contents.points.keys)
            return LockAnswer(
                protection: .refusesRemoval,
                failures: Dictionary(uniqueKeysWithValues: bad.map { ($0.restorePoint, "it was made to fail") }),
                missing: Set(good.map(\.restorePoint)).subtracting(known))
        }
    }

    func enforceLocks() async throws -> ObjectProtection? { .refusesRemoval }

    func restorePoints() async throws -> [StoredRestorePoint] { contents.withLock { Array($0.points.values) } }
}

/// A door that a test opens. Whoever waits gives up when cancelled.
final class Gate: Sendable {
    private let stream: AsyncStream<Void>
    private let opener: AsyncStream<Void>.Continuation
    private let arrivals = Mutex(0)

    init() { (stream, opener) = AsyncStream.makeStream() }

    var arrived: Int { arrivals.withLock { $0 } }

    func pass() async throws {
        arrivals.withLock { $0 += 1 }
        // Elements and the end of the stream both open it; cancellation ends the loop too.
        for await _ in stream { break }
        try Task.checkCancellation()
    }

    /// Lets one through.
    func letOnePass() { opener.yield() }
    /// Lets everybody through, now and later.
    func open() { opener.finish() }
}
