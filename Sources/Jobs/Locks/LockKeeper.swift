import Catalog
public import ControlPlane
public import HoldfastCore
public import Logging
import ObjectStorage
import Repository
public import ServiceLifecycle

/// Writes locks and holds from the catalog to the repository, within seconds of their change, and after a start what an
/// earlier server did not come to.
public struct LockKeeper: Service {
    /// How often it looks.
    static let every = Duration.seconds(5)
    /// Backups that are written at once: the manifests of all are then read with one reading of the index.
    static let batch = 500

    private let control: ControlPlane
    private let dataPlane: any DataPlane
    private let seams: Seams
    private let logger: Logger

    public init(control: ControlPlane, dataPlane: any DataPlane, seams: Seams, logger: Logger) {
        self.control = control
        self.dataPlane = dataPlane
        self.seams = seams
        self.logger = logger
    }

    /// Runs until a graceful shutdown, or until the task is cancelled.
    public func run() async {
        _ = await cancelWhenGracefulShutdown { await work() }
    }

    private func work() async {
        var known: ObjectProtection?
        var isFirst = true
        var hasFailed = false
        repeat {
            do {
                if isFirst { note(try await dataPlane.enforceLocks(), &known) }
                isFirst = false
                while let answer = try await writeOnce() { note(answer.protection, &known) }
                hasFailed = false
            } catch is CancellationError {
                return
            } catch {
                // Once: what is not written yet is tried again with each look.
                if !hasFailed { logger.error("locks could not be written", metadata: ["error": "\(error)"]) }
                hasFailed = true
            }
        } while (try? await seams.sleep(Self.every)) != nil
    }

    private struct Answer { let protection: ObjectProtection? }

    /// The repository first, then the catalog: a crash in between repeats the write, which does no harm.
    ///
    /// - Returns: nil when nothing was to be written.
    private func writeOnce() async throws -> Answer? {
        try Task.checkCancellation()
        let orders = try await control.pendingLocks(limit: Self.batch)
        guard !orders.isEmpty else { return nil }
        let protection = try await dataPlane.lock(orders.map { RestorePointLock($0) })
        try await control.noteKept(orders)
        logger.info("locks written to the repository", metadata: ["backups": "\(orders.count)"])
        return Answer(protection: protection)
    }

    /// Says once what the store does, and again when that changes.
    private func note(_ answer: ObjectProtection?, _ known: inout ObjectProtection?) {
        guard let answer, answer != known else { return }
        known = answer
        switch answer {
        case .refusesRemoval: logger.info("the store itself refuses to remove what is locked")
        case .unavailable(let reason):
            logger.warning(
                "the store can't refuse by itself to remove what is locked; the service and its commands do",
                metadata: ["reason": "\(reason)"])
        }
    }
}

extension RestorePointLock {
    init(_ order: LockOrder) {
        let hold: Hold? =
            switch order.hold {
            case .begins(let reason): .begins(reason: reason)
            case .ends: .ends
            case nil: nil
            }
        self.init(restorePoint: order.restorePoint, keep: order.keepUntil.map { KeepTime($0) }, hold: hold)
    }
}
