public import Catalog
import Foundation
public import HoldfastCore

public struct RestoreDraft: Sendable {
    public enum Target: Sendable, Equatable {
        /// Where the bytes came from.
        case original
        /// A known resource of the same type.
        case resource(ResourceID)
        /// An absolute path, for a tree.
        case path(String)
        /// A server, which only backups of servers go to.
        case server(ResourceID)
    }

    public var backup: BackupID
    public var target: Target
    /// Removes what is in the target tree and not in the backup.
    public var deletesExtra: Bool

    public init(backup: BackupID, target: Target = .original, deletesExtra: Bool = false) {
        self.backup = backup
        self.target = target
        self.deletesExtra = deletesExtra
    }
}

extension ControlPlane {
    /// Queues a restore, after making sure that its target can take it.
    ///
    /// - Returns: the operation that does it.
    public func restoreBackup(_ draft: RestoreDraft, by caller: Caller) async throws -> OperationRecord {
        try caller.mustWrite()
        let (backup, target) = try await read { transaction in
            let backup = try transaction.readable(draft.backup, to: caller.project)
            return (backup.record, try transaction.target(of: draft, backup: backup.record, for: caller.project))
        }
        let finding = try await inspect(location: target.location, type: backup.resourceType, role: .target)
        try Self.mustFit(backup, into: target, finding: finding)
        let place = finding.place(of: target.location)
        let now = now
        return try await queue { [seams] transaction in
            let view = try transaction.readable(draft.backup, to: caller.project)
            let vault = try transaction.vault(view.vault ?? view.record.vault, in: caller.project)
            guard vault.state == .available else {
                throw ControlError.vaultState(vault, needed: "a restore", code: .vaultBarsRestore)
            }
            guard view.status == .available else {
                throw ControlError(
                    code: .backupNotAvailable,
                    message: "backup \(draft.backup) is not available but '\(view.status.rawValue)'",
                    facts: ["backup.id": draft.backup.text, "status": view.status.rawValue])
            }
            try transaction.mustBeFree(place, for: caller.project)
            var subject = OperationSubject(of: view.record)
            // The log's resource is the one that is written; what is read is the backup.
            subject.resourceName = target.name
            subject.target = RestoreTarget(
                type: view.record.resourceType, location: target.location, deletesExtra: draft.deletesExtra)
            subject.place = place.path
            let operation = OperationRecord.queued(
                .restore, by: caller, vault: vault, checkpoint: view.share == nil ? view.record.checkpoint : nil,
                backup: view.record.id, resource: target.resource, subject: subject, seams: seams, now: now)
            try transaction.operations.insert(operation)
            return operation
        }
    }

    private static func mustFit(
        _ backup: BackupRecord, into target: FoundTarget, finding: LocationFinding
    ) throws {
        switch finding {
        case .unreachable(let reason), .refused(let reason):
            throw ControlError(
                code: .locationRefused, message: reason, facts: ["field": "restore", "location": target.location])
        case .reachable(let sizeBytes, _):
            guard backup.resourceType == .volume, let sizeBytes, sizeBytes < backup.logicalBytes else { return }
            throw ControlError(
                code: .targetTooSmall,
                message: "the target has \(sizeBytes) bytes, and backup \(backup.id) needs \(backup.logicalBytes)",
                facts: ["backup.id": backup.id.text, "target_bytes": "\(sizeBytes)"])
        }
    }
}

extension ResourceType {
    fileprivate var isServer: Bool {
        switch self {
        case .server, .bareMetalServer, .nativeServer: true
        case .volume, .sharedFileSystem, .desktop: false
        }
    }
}

private struct FoundTarget: Sendable {
    /// Nil for a path.
    let resource: ResourceID?
    /// The resource's.
    let name: String?
    let location: String
}

extension SQLTransaction {
    fileprivate func target(of draft: RestoreDraft, backup: BackupRecord, for project: ProjectID) throws -> FoundTarget
    {
        switch draft.target {
        case .original:
            guard backup.origin == nil else {
                throw ControlError.invalid(
                    "restore", "must name a resource or a path: a replica's own place is in another region")
            }
            guard backup.project == project else {
                throw ControlError.invalid(
                    "restore", "must name a resource or a path: the backup's own place is another project's")
            }
            // The resource may be gone, or known by another location now: the bytes go back to where they were.
            let known = try resources.find(backup.resource, in: backup.project)
            return FoundTarget(resource: known?.id, name: known?.name, location: backup.resourceLocation)
        case .resource(let id):
            let resource = try resource(id, in: project)
            guard resource.type == backup.resourceType else {
                throw ControlError(
                    code: .targetTypeMismatch,
                    message: "resource \(id) is of type \(resource.type.rawValue), and the backup is of type "
                        + backup.resourceType.rawValue,
                    facts: ["resource.id": id.text])
            }
            return FoundTarget(resource: id, name: resource.name, location: resource.location)
        case .path(let path):
            guard backup.resourceType == .sharedFileSystem else {
                throw ControlError.invalid("details.destination_path", "is for backups of file systems only")
            }
            guard path.hasPrefix("/") else {
                throw ControlError.invalid("details.destination_path", "must be an absolute path")
            }
            return FoundTarget(resource: nil, name: nil, location: URL(filePath: path).absoluteString)
        case .server:
            throw ControlError.invalid(
                "restore.server_id",
                backup.resourceType.isServer
                    ? "can't be used yet: servers are not restored" : "is for backups of servers only")
        }
    }

    /// Nothing may write to a place, or read it for a backup, while a restore writes there: whoever's it is.
    fileprivate func mustBeFree(_ place: LocationPath, for project: ProjectID) throws {
        for operation in try operations.unfinished() {
            guard let other = operation.subject.place, place.touches(LocationPath(path: other)) else { continue }
            // Another project's ids are nobody's business.
            let name = operation.project == project ? "operation \(operation.id)" : "an operation of another project"
            let facts = operation.project == project ? ["operation.id": operation.id.text] : [:]
            if operation.kind == .backup {
                throw ControlError(
                    code: .targetInBackup, message: "\(name) is backing up the target; wait until that ends",
                    facts: facts)
            }
            throw ControlError(
                code: .restoreRunning, message: "\(name) is restoring to the same place; wait until that ends",
                facts: facts)
        }
    }
}
