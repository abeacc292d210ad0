import Catalog
public import ControlPlane
public import HoldfastCore
public import Transfer

/// Sends backups to other regions.
///
/// Every implementation guarantees: what `send` returns is durable there; it is safe to repeat, and sends again only what is not
/// there; it ends soon after its task is cancelled. It throws ``ReplicaFailure`` or ``Transfer/TransferError``.
public protocol ReplicaSender: Sendable {
    /// - Parameters:
    ///   - isRepeated: an earlier call may have come to its end without anybody hearing of it.
    ///   - progress: called from any thread, with counts that grow.
    func send(
        _ work: ReplicationWork, of project: ProjectID, isRepeated: Bool,
        progress: @escaping @Sendable (TransferProgress) -> Void
    ) async throws -> ReplicationResult
}

/// Why a backup could not be sent.
public struct ReplicaFailure: Error, Sendable, Equatable {
    public enum Code: Sendable, Equatable {
        /// No connection, no answer, or one that makes no sense.
        case unreachable
        /// The other region said no.
        case refused
    }

    public let code: Code
    /// One sentence.
    public let message: String

    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    var failureCode: OperationFailure.Code {
        switch code {
        case .unreachable: .regionUnreachable
        case .refused: .replicaRefused
        }
    }
}

extension OperationTask {
    func replicate(_ work: ReplicationWork) async throws -> OperationOutcome {
        guard let sender else {
            throw ReplicaFailure(
                code: .unreachable, message: "this server does not know region '\(work.subject.region)' any more")
        }
        var result = try await sender.send(
            work, of: leased.project, isRepeated: leased.attempt > 1, progress: { [meter] in meter.note($0) })
        let last = meter.reading.latest
        result.details.finish(last, bytes: last?.doneBytes ?? 0, entries: last?.doneEntries ?? 0)
        result.details.restorePoint = work.restorePoint
        return .replicated(result)
    }
}
