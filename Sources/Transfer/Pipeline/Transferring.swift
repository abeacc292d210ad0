import Endpoints
import HoldfastCore
import Repository

/// Runs a transfer on a thread of its own, and ends it when the task is cancelled.
///
/// - Throws: ``TransferError`` and nothing else.
func transferring<Outcome: Sendable>(
    _ name: String, seams: Seams, _ body: @escaping @Sendable (TransferControl) throws -> Outcome
) async throws -> Outcome {
    let control = TransferControl(uptime: seams.uptime)
    let pool = NamedThreadPool(name: name, threads: 1)
    defer { pool.close() }
    do {
        return try await withTaskCancellationHandler {
            try await pool.run { try body(control) }
        } onCancel: {
            control.stop(TransferError.cancelled)
        }
    } catch {
        throw TransferError.wrapping(error)
    }
}

extension TransferError {
    static let cancelled = TransferError(code: .cancelled, message: "the transfer was cancelled")

    /// Crossing this boundary wraps once.
    static func wrapping(_ error: any Error) -> TransferError {
        switch error {
        case let error as TransferError: error
        case let error as MalformedManifest:
            TransferError(
                code: .repository, message: "the restore point's manifest makes no sense: \(error.reason)",
                cause: error)
        case let error as RepositoryError:
            TransferError(code: .repository, message: error.message, cause: error)
        default:
            TransferError(code: .repository, message: "the transfer failed: \(error)", cause: error)
        }
    }

    static func source(_ error: EndpointError) -> TransferError {
        TransferError(code: .sourceUnreachable, message: error.message, facts: error.facts, cause: error)
    }
}
