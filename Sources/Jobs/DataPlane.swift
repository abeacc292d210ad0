public import Foundation
public import HoldfastCore
public import ObjectStorage
public import Repository
public import Transfer

/// What a worker asks of the engine. It knows nothing of HTTP, SQL or operations.
///
/// Every implementation guarantees:
/// - **Durable**: once `backUp` returns, its restore point survives power loss and is among `restorePoints`.
/// - **All or nothing**: a `backUp` that throws, or never returns, leaves no restore point, or one that is whole.
/// - **Repeatable**: a `restore` cut off at any point is finished by the same call again, and its target stays marked
///   until then; `forget` of a restore point that is gone succeeds.
/// - **Cancellable**: `backUp` and `restore` end soon after their task is cancelled.
public protocol DataPlane: Sendable {
    /// - Parameter progress: called from any thread, with counts that grow.
    func backUp(_ request: BackupRequest, progress: @escaping @Sendable (TransferProgress) -> Void) async throws
        -> BackupOutcome
    func restore(_ request: RestoreRequest, progress: @escaping @Sendable (TransferProgress) -> Void) async throws
        -> RestoreOutcome
    func forget(_ id: RestorePointID) async throws
    /// Locks and holds restore points in the repository itself, and asks the store to refuse their removal. One that is gone
    /// is no error. Each is done by itself: one that can't be done holds up no other.
    func lock(_ locks: [RestorePointLock]) async throws -> LockAnswer
    /// Asks the store again to refuse the removal of everything that is locked or held.
    func enforceLocks() async throws -> ObjectProtection?
    /// Every readable restore point, in any order.
    func restorePoints() async throws -> [StoredRestorePoint]
}

/// What is to be said about how long a restore point stays.
public struct RestorePointLock: Sendable, Equatable {
    public enum Hold: Sendable, Equatable {
        case begins(reason: String)
        case ends
    }

    public let restorePoint: RestorePointID
    /// Nil: nothing new.
    public let keep: KeepTime?
    /// Nil: nothing new.
    public let hold: Hold?

    public init(restorePoint: RestorePointID, keep: KeepTime? = nil, hold: Hold? = nil) {
        self.restorePoint = restorePoint
        self.keep = keep
        self.hold = hold
    }
}

/// What became of locks and holds that were to be written.
public struct LockAnswer: Sendable, Equatable {
    /// What the store does; nil when it was not asked.
    public var protection: ObjectProtection?
    /// Restore points of which something is not written, or not protected by the store, and why. All others are.
    public var failures: [RestorePointID: String] = [:]
    /// Restore points that are not there: nothing can be written for them, and they are in no failure.
    public var missing: Set<RestorePointID> = []

    public init(
        protection: ObjectProtection? = nil, failures: [RestorePointID: String] = [:],
        missing: Set<RestorePointID> = []
    ) {
        self.protection = protection
        self.failures = failures
        self.missing = missing
    }
}

/// A restore point that the repository holds, whatever the catalog knows of it.
public struct StoredRestorePoint: Sendable, Equatable {
    public let id: RestorePointID
    public let labels: RestorePointLabels
    public let logicalBytes: Int64
    /// Bytes it added to the repository when it was made.
    public let storedBytes: Int64
    public let entryCount: Int
    public let warningCount: Int
    /// As the clock of whoever made it had it.
    public let createdAt: Date
    /// The path its bytes came from; empty when it is not known.
    public let sourcePath: String
    /// An image, or a tree.
    public let isImage: Bool
    /// For how long it is locked.
    public let keep: KeepTime?
    /// Of the legal hold that it is under.
    public let holdReason: String?

    public init(
        id: RestorePointID, labels: RestorePointLabels, logicalBytes: Int64, storedBytes: Int64,
        entryCount: Int, warningCount: Int, createdAt: Date = Date(timeIntervalSince1970: 0), sourcePath: String = "",
        isImage: Bool = true, keep: KeepTime? = nil, holdReason: String? = nil
    ) {
        self.keep = keep
        self.holdReason = holdReason
        self.createdAt = createdAt
        self.sourcePath = sourcePath
        self.isImage = isImage
        self.id = id
        self.labels = labels
        self.logicalBytes = logicalBytes
        self.storedBytes = storedBytes
        self.entryCount = entryCount
        self.warningCount = warningCount
    }
}
