/// A worker's claim on an operation.
public struct Lease: Sendable, Equatable {
    public let worker: String
    public let endsAt: Instant

    public init(worker: String, endsAt: Instant) {
        self.worker = worker
        self.endsAt = endsAt
    }
}

/// Why an operation failed.
public struct OperationFailure: Sendable, Equatable {
    /// The catalog's own codes; Jobs maps the data plane's errors to them.
    public enum Code: String, Sendable, Codable, CaseIterable {
        case sourceUnreachable, locationForbidden
        case targetUnwritable, targetTooSmall, verificationFailed
        case restorePointMissing, kindMismatch
        /// The other region does not answer, or refuses.
        case regionUnreachable, replicaRefused
        /// A planned run that could not begin.
        case nothingToBackUp, vaultFull, vaultNotAvailable
        case repositoryDamaged, repositoryFull, repositoryUnavailable, repositoryLocked
        /// A fault of this service.
        case unexpected
    }

    public let code: Code
    /// One sentence.
    public let message: String

    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }
}

public enum OperationState: Sendable, Equatable {
    case queued
    case running(Lease)
    case succeeded
    case failed(OperationFailure)

    public enum Event: Sendable, Equatable {
        case lease(Lease)
        case extend(until: Instant)
        /// Back to the queue: the worker stops, or died.
        case release
        case succeed
        case fail(OperationFailure)
    }

    /// The event has no meaning in this state.
    public struct Refused: Error, Equatable {
        public let state: OperationState
        public let event: Event
    }

    public var isFinished: Bool {
        switch self {
        case .queued, .running: false
        case .succeeded, .failed: true
        }
    }

    /// - Parameter now: decides whether a lease has ended; then another worker may take the operation over.
    /// - Throws: ``Refused``; the state is then unchanged.
    public mutating func apply(_ event: Event, now: Instant) throws(Refused) {
        switch (self, event) {
        case (.queued, .lease(let lease)):
            self = .running(lease)
        case (.running(let old), .lease(let lease)) where old.endsAt <= now:
            self = .running(lease)
        // A late worker that nobody has replaced yet keeps its operation: its fence is still the newest.
        case (.running(let old), .extend(let until)):
            self = .running(Lease(worker: old.worker, endsAt: max(old.endsAt, until)))
        case (.running, .release):
            self = .queued
        case (.running, .succeed):
            self = .succeeded
        case (.running, .fail(let failure)):
            self = .failed(failure)
        case (.queued, _), (.running, _), (.succeeded, _), (.failed, _):
            throw Refused(state: self, event: event)
        }
    }
}

extension OperationState {
    /// What the column holds.
    var stored: String {
        switch self {
        case .queued: "queued"
        case .running: "running"
        case .succeeded: "succeeded"
        case .failed: "failed"
        }
    }

    init(_ row: SQLRow) throws {
        switch try row.text("state") {
        case "queued": self = .queued
        case "running":
            self = .running(Lease(worker: try row.text("worker"), endsAt: try row.instant("lease_ends")))
        case "succeeded": self = .succeeded
        case "failed":
            self = .failed(OperationFailure(code: try row.choice("error_code"), message: try row.text("error_message")))
        default: throw CatalogError.corrupt(column: "state", wanted: "an operation's state")
        }
    }
}
