import Catalog
import HoldfastCore

/// A call that the rules refuse, or that the catalog could not answer.
public struct ControlError: Error, Sendable {
    /// What callers switch on; HTTP status and CBR code follow from it in one table of the HTTP room.
    public enum Code: String, Sendable, CaseIterable {
        case forbidden
        /// A field's value is not possible; `facts["field"]` names it.
        case invalid
        // Not there, or another project's.
        case vaultNotFound, resourceNotFound, checkpointNotFound, backupNotFound, operationNotFound
        // Resources and vaults.
        case resourceExists, resourceInUse, resourceTypeMismatch, resourceLimit, resourceInOtherVault
        case resourceTwice, resourceNotInVault, resourceBeingRemoved, unknownResourceType
        /// A vault of replicas has neither resources nor backups of its own.
        case vaultTakesNoResources, vaultTakesNoBackups
        case locationRefused, badVaultSize, vaultBusy, vaultLocked, vaultChanged
        /// The vault's state forbids a backup, a restore, any other change.
        case vaultNotAvailable, vaultBarsRestore, vaultStateWrong
        case tagLimit, tagNotFound
        // What locks and legal holds keep.
        case backupHeld, backupLocked, vaultProtected
        case targetVaultFull
        // Policies.
        case policyNotFound, policyLimit, policyNotBound, policyUnusable, policyRegionFixed
        case badAgentID, agentNotFound, agentPathLimit
        /// The backup's state gives no metadata.
        case metadataNotAvailable
        // Backups and restores.
        case nothingToBackUp, vaultFull, backupRunning, backupInUse, backupNotAvailable
        case syncRunning
        // Replication.
        case regionUnknown, regionUnreachable, projectNotPaired, replicaExists, backupNotReplicable
        case targetVaultMissing, targetVaultUnfit, targetVaultState, vaultNotReplicable
        /// More at once than this server takes; the same call may succeed later.
        case tooManyReplicas
        // Sharing.
        /// Another project's, and shared with the caller's: for looking and restoring alone.
        case backupNotOwn
        case backupNotShareable, badShareTarget, shareLimit, sharedAlready, shareRejected
        case memberNotFound, badMemberUpdate, memberChanged, shareVaultState, shareVaultUnfit
        case targetTooSmall, targetInBackup, restoreRunning, targetTypeMismatch
        /// The worker has lost the operation: another has it, or it is finished.
        case leaseLost
        /// The catalog can't be reached; the same call may succeed later.
        case unavailable
        case unexpected
    }

    public let code: Code
    /// One sentence: what was attempted, on what, and what the caller can do.
    public let message: String
    public let facts: [String: String]
    public let cause: (any Error)?

    public init(code: Code, message: String, facts: [String: String] = [:], cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.facts = facts
        self.cause = cause
    }
}

extension ControlError {
    static func forbidden(_ action: String, _ role: Role) -> Self {
        Self(code: .forbidden, message: "the role '\(role.rawValue)' may not \(action)", facts: ["role": role.rawValue])
    }

    static func invalid(_ field: String, _ rule: String) -> Self {
        Self(code: .invalid, message: "'\(field)' \(rule)", facts: ["field": field])
    }

    static func vaultNotFound(_ id: VaultID) -> Self {
        Self(code: .vaultNotFound, message: "there is no vault \(id)", facts: ["vault.id": id.text])
    }

    static func resourceNotFound(_ id: ResourceID) -> Self {
        Self(code: .resourceNotFound, message: "there is no resource \(id)", facts: ["resource.id": id.text])
    }

    static func checkpointNotFound(_ id: CheckpointID) -> Self {
        Self(code: .checkpointNotFound, message: "there is no restore point \(id)", facts: ["checkpoint.id": id.text])
    }

    static func backupNotFound(_ id: BackupID) -> Self {
        Self(code: .backupNotFound, message: "there is no backup \(id)", facts: ["backup.id": id.text])
    }

    static func operationNotFound(_ id: OperationID) -> Self {
        Self(code: .operationNotFound, message: "there is no operation log \(id)", facts: ["operation.id": id.text])
    }

    static func resourceTwice(_ id: ResourceID) -> Self {
        Self(code: .resourceTwice, message: "resource \(id) is given twice", facts: ["resource.id": id.text])
    }

    static func notInVault(_ id: ResourceID) -> Self {
        Self(
            code: .resourceNotInVault, message: "resource \(id) is not in this vault", facts: ["resource.id": id.text])
    }

    static func vaultState(_ vault: VaultRecord, needed: String, code: Code = .vaultStateWrong) -> Self {
        Self(
            code: code,
            message: "vault \(vault.id) is in state '\(vault.state.rawValue)', and \(needed) needs 'available'",
            facts: ["vault.id": vault.id.text, "state": vault.state.rawValue])
    }

    static func leaseLost(_ id: OperationID) -> Self {
        Self(
            code: .leaseLost, message: "operation \(id) is not this worker's any more", facts: ["operation.id": id.text]
        )
    }

    /// What the catalog throws, as callers of the control plane see it.
    static func wrapping(_ error: any Error) -> ControlError {
        switch error {
        case let error as ControlError: error
        case let error as CatalogError where error.isRetryable:
            // What exactly failed, and where the catalog is, is for the log: callers can only wait.
            ControlError(
                code: .unavailable, message: "the catalog can't be used now; try again later", facts: error.facts,
                cause: error)
        case let error as CatalogError where error.code == .unstorable:
            ControlError(code: .invalid, message: error.message, facts: error.facts, cause: error)
        case let error as CatalogError:
            ControlError(code: .unexpected, message: error.message, facts: error.facts, cause: error)
        default: ControlError(code: .unexpected, message: "an unexpected fault: \(error)", cause: error)
        }
    }
}
