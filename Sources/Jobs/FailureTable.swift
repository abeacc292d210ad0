import Catalog
import ControlPlane
import Endpoints
import ObjectStorage
import Repository
import Transfer

/// The one place where failures of the data plane become failures of operations.
enum FailureTable {
    static func failure(for error: any Error) -> OperationFailure {
        switch error {
        case let error as TransferError: failure(for: error)
        case let error as RepositoryError: OperationFailure(code: code(for: error.code), message: error.message)
        case let error as ObjectStoreError: OperationFailure(code: code(for: error.code), message: error.message)
        case let error as EndpointError: OperationFailure(code: code(for: error.code), message: error.message)
        case let error as LocationError: OperationFailure(code: .locationForbidden, message: error.message)
        case let error as ReplicaFailure: OperationFailure(code: error.failureCode, message: error.message)
        case let error as ControlError: OperationFailure(code: .unexpected, message: error.message)
        default: OperationFailure(code: .unexpected, message: "an unexpected fault: \(error)")
        }
    }

    private static func failure(for error: TransferError) -> OperationFailure {
        let code: OperationFailure.Code =
            switch error.code {
            case .sourceUnreachable: .sourceUnreachable
            case .targetTooSmall: .targetTooSmall
            case .targetUnwritable: .targetUnwritable
            case .verificationFailed: .verificationFailed
            case .restorePointMissing: .restorePointMissing
            case .kindMismatch: .kindMismatch
            // Nobody asked for it: a cancelled operation never gets here.
            case .cancelled: .unexpected
            case .repository:
                switch error.cause {
                case let cause as RepositoryError: code(for: cause.code)
                case let cause as ObjectStoreError: code(for: cause.code)
                case is MalformedManifest: .repositoryDamaged
                default: .unexpected
                }
            }
        return OperationFailure(code: code, message: error.message)
    }

    private static func code(for code: RepositoryError.Code) -> OperationFailure.Code {
        switch code {
        case .storeFull: .repositoryFull
        case .storeUnavailable, .pruneRunning, .notARepository: .repositoryUnavailable
        case .wrongKey, .keyMissing, .formatUnsupported: .repositoryLocked
        case .objectMissing, .objectCorrupt, .chunkMissing: .repositoryDamaged
        case .restorePointMissing: .restorePointMissing
        case .restorePointLocked, .restorePointHeld, .objectProtected, .alreadyExists, .keyInUse, .badChunk,
            .badDescription, .sessionOver, .libraryFailure:
            .unexpected
        }
    }

    private static func code(for code: ObjectStoreError.Code) -> OperationFailure.Code {
        switch code {
        case .full: .repositoryFull
        case .unavailable: .repositoryUnavailable
        case .missing, .outOfRange: .repositoryDamaged
        case .keyTaken, .badKey, .protected: .unexpected
        }
    }

    private static func code(for code: EndpointError.Code) -> OperationFailure.Code {
        switch code {
        case .missing, .wrongKind, .refused: .sourceUnreachable
        case .outsideAllowedRoots: .locationForbidden
        }
    }
}
