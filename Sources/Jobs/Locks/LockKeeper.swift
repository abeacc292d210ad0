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
        // What was acknowledged since the last look.
        var failures = LockFailures()
        while (try? await writeOnce(&failures)) != nil {}
    }

    private func work() async {
        var known: ObjectProtection?
        var failures = LockFailures()
        var isEnforced = false
        var hasFailed = false
        repeat {
            do {
                // What was locked before comes first, and holds up nothing that comes new.
                let enforced = isEnforced ? nil : await Self.result { try await dataPlane.enforceLocks() }
                if let protection = try? enforced?.get() { note(protection, &known) }
                while let answer = try await writeOnce(&failures) { note(answer.protection, &known) }
                _ = try enforced?.get()
                isEnforced = true
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

    private static func result<Value>(_ body: () async throws -> Value) async -> Result<Value, any Error> {
        do { return .success(try await body()) } catch { return .failure(error) }
    }

    /// The repository first, then the catalog: a crash in between repeats the write, which does no harm.
    ///
    /// - Returns: nil when nothing was written: there is no more, or what there is can't be.
    private func writeOnce(_ failures: inout LockFailures) async throws -> LockAnswer? {
        try Task.checkCancellation()
        let orders = try await control.pendingLocks(limit: Self.batch + failures.waiting.count)
            .filter { !failures.waiting.contains($0.restorePoint) }.prefix(Self.batch)
        guard !orders.isEmpty else {
            failures.tryAgain()
            return nil
        }
        let answer = try await dataPlane.lock(orders.map { RestorePointLock($0) })
        let written = orders.filter { answer.failures[$0.restorePoint] == nil }
        try await control.noteKept(written)
        let gone = written.filter { answer.missing.contains($0.restorePoint) }
        if written.count > gone.count {
            logger.info("locks written to the repository", metadata: ["backups": "\(written.count - gone.count)"])
        }
        for order in gone {
            logger.error(
                "the restore point of a backup that is to be kept is gone: it was removed before its lock was written",
                metadata: ["backup.id": "\(order.backup)", "restore_point.id": "\(order.restorePoint)"])
        }
        for order in orders {
            guard let error = failures.note(order.restorePoint, answer.failures[order.restorePoint]) else { continue }
            logger.error(
                "a lock could not be written to the repository; trying again",
                metadata: [
                    "backup.id": "\(order.backup)", "restore_point.id": "\(order.restorePoint)", "error": "\(error)",
                ])
        }
        return written.isEmpty ? nil : answer
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

/// Restore points whose locks can't be written. Others come before they are tried again, so that no number of them is in
/// the way.
private struct LockFailures {
    /// How many the log names at a time.
    private static let loggedMax = 20

    private(set) var waiting: Set<RestorePointID> = []
    private var logged: [RestorePointID: String] = [:]

    /// - Parameter error: nil: it was written.
    /// - Returns: what the log does not say yet.
    mutating func note(_ id: RestorePointID, _ error: String?) -> String? {
        guard let error else {
            logged[id] = nil
            return nil
        }
        waiting.insert(id)
        guard logged[id] != error, logged.count < Self.loggedMax else { return nil }
        logged[id] = error
        return error
    }

    mutating func tryAgain() { waiting = [] }
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
