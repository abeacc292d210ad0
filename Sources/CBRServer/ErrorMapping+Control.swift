import Catalog
import ControlPlane
import HTTPTypes

extension ErrorMapping {
    /// The control plane's codes as HTTP statuses and codes of the interface.
    static func refusal(for error: ControlError) -> Refusal {
        let (status, number): (HTTPResponse.Status, String) =
            switch error.code {
            case .forbidden: (.forbidden, "8600")
            case .invalid: (.badRequest, "9900")
            case .vaultNotFound: (.notFound, "6105")
            case .resourceNotFound: (.notFound, "6302")
            case .checkpointNotFound: (.notFound, "6217")
            case .backupNotFound: (.notFound, "6200")
            case .operationNotFound: (.notFound, "6500")
            case .resourceExists: (.conflict, "9900")
            case .resourceInUse: (.conflict, "6103")
            case .resourceTypeMismatch: (.badRequest, "6102")
            case .resourceLimit: (.badRequest, "6100")
            case .resourceInOtherVault: (.badRequest, "6103")
            case .resourceTwice: (.badRequest, "6104")
            case .resourceNotInVault: (.badRequest, "6135")
            case .resourceBeingRemoved: (.badRequest, "6134")
            case .unknownResourceType: (.badRequest, "6116")
            case .locationRefused: (.badRequest, "9900")
            case .badVaultSize: (.badRequest, "6101")
            case .vaultTakesNoResources: (.badRequest, "6108")
            case .vaultTakesNoBackups: (.badRequest, "6124")
            case .vaultNotAvailable: (.badRequest, "6113")
            case .vaultBarsRestore: (.badRequest, "6202")
            case .vaultStateWrong, .vaultBusy: (.badRequest, "6112")
            case .vaultLocked: (.badRequest, "6110")
            case .vaultChanged: (.conflict, "6112")
            case .tagLimit: (.badRequest, "6600")
            case .tagNotFound: (.notFound, "6601")
            case .backupHeld: (.badRequest, "6201")
            case .backupLocked: (.badRequest, "6220")
            case .vaultProtected: (.badRequest, "6111")
            case .targetVaultFull: (.badRequest, "6129")
            case .policyNotFound: (.notFound, "6000")
            case .policyLimit: (.badRequest, "6001")
            case .policyNotBound: (.notFound, "6002")
            case .policyRegionFixed: (.badRequest, "6003")
            case .policyUnusable: (.badRequest, "6127")
            case .badAgentID: (.badRequest, "7403")
            case .agentNotFound: (.notFound, "7410")
            case .agentPathLimit: (.badRequest, "7407")
            case .metadataNotAvailable: (.badRequest, "6206")
            case .nothingToBackUp: (.badRequest, "0001")
            case .vaultFull: (.badRequest, "6114")
            case .backupRunning: (.badRequest, "6203")
            case .backupInUse: (.badRequest, "6216")
            case .syncRunning: (.badRequest, "7302")
            case .regionUnknown, .regionUnreachable: (.badRequest, "1005")
            case .projectNotPaired: (.badRequest, "1011")
            case .replicaExists: (.badRequest, "1009")
            case .backupNotReplicable: (.badRequest, "1002")
            case .targetVaultMissing: (.badRequest, "6120")
            case .targetVaultUnfit: (.badRequest, "6119")
            case .targetVaultState: (.badRequest, "6118")
            case .vaultNotReplicable: (.badRequest, "6128")
            case .tooManyReplicas: (.serviceUnavailable, "1006")
            case .backupNotOwn: (.forbidden, "8600")
            case .backupNotShareable: (.badRequest, "6702")
            case .badShareTarget: (.badRequest, "6704")
            case .shareLimit: (.badRequest, "6701")
            case .sharedAlready: (.badRequest, "6703")
            case .shareRejected: (.badRequest, "6714")
            case .memberNotFound: (.notFound, "6705")
            case .badMemberUpdate: (.badRequest, "6706")
            case .memberChanged: (.conflict, "6708")
            case .shareVaultState: (.badRequest, "6712")
            case .shareVaultUnfit: (.badRequest, "6713")
            case .backupNotAvailable: (.badRequest, "2005")
            case .targetTooSmall: (.badRequest, "2001")
            case .targetInBackup: (.badRequest, "2002")
            case .restoreRunning: (.badRequest, "2010")
            case .targetTypeMismatch: (.badRequest, "6102")
            case .unavailable: (.serviceUnavailable, "9910")
            case .leaseLost, .unexpected: (.internalServerError, "9910")
            }
        guard status != .internalServerError else {
            return Refusal(
                status: status, code: "BackupService.\(number)",
                message: "an internal fault; the log has it under this request's id", reason: error.message)
        }
        return Refusal(
            status: status, code: "BackupService.\(number)", message: error.message,
            reason: error.cause.map { "\(error.message): \($0)" })
    }

    /// Why a resource was left out of a restore point.
    static func code(of skipped: SkippedResource.Code) -> String {
        switch skipped {
        case .backupRunning: "BackupService.0002"
        case .beingRestored: "BackupService.2010"
        case .suspended: "BackupService.6215"
        case .unreachable: "BackupService.6302"
        case .notInVault: "BackupService.6135"
        case .beingRemoved: "BackupService.6134"
        }
    }

    /// Why an operation failed, as its log shows it.
    static func code(of failure: OperationFailure.Code) -> String {
        switch failure {
        case .sourceUnreachable: "BackupService.6302"
        case .locationForbidden: "BackupService.9900"
        case .targetUnwritable: "BackupService.2011"
        case .targetTooSmall: "BackupService.2001"
        case .verificationFailed: "BackupService.2005"
        case .restorePointMissing: "BackupService.6200"
        case .kindMismatch: "BackupService.6102"
        case .regionUnreachable: "BackupService.1005"
        case .replicaRefused: "BackupService.1006"
        case .nothingToBackUp: "BackupService.0001"
        case .vaultFull: "BackupService.6114"
        case .vaultNotAvailable: "BackupService.6113"
        case .repositoryDamaged, .repositoryFull, .repositoryUnavailable, .repositoryLocked, .unexpected:
            "BackupService.9910"
        }
    }
}
