public import Catalog

/// A restore point with what is computed from its backups.
public struct CheckpointView: Sendable, Equatable {
    public let record: CheckpointRecord
    public let vaultName: String
    public let status: CheckpointStatus
    /// One for each backup, in order.
    public let resources: [CheckpointResource]
}

public enum CheckpointStatus: String, Sendable, CaseIterable {
    case available, protecting, deleting, error

    /// While anything runs it shows; a failure of one backup is the restore point's, and the good ones stay usable.
    init(_ states: [BackupState]) {
        if states.contains(.protecting) {
            self = .protecting
        } else if states.contains(.deleting) {
            self = .deleting
        } else if states.contains(.error) {
            self = .error
        } else {
            self = .available
        }
    }
}

/// A resource as a restore point shows it.
public struct CheckpointResource: Sendable, Equatable {
    public let backup: BackupRecord
    public let protectStatus: ProtectStatus
    /// Available backups of it in the vault.
    public let backupCount: Int
    /// What they added to the repository.
    public let backupBytes: Int64
    public let resourceSizeBytes: Int64?
    public let excludedVolumes: [String]
    public let includedVolumes: [IncludedVolume]
}

extension SQLTransaction {
    func view(_ checkpoint: CheckpointRecord) throws -> CheckpointView {
        let vault = try vault(checkpoint.vault, in: checkpoint.project)
        let members = Dictionary(
            uniqueKeysWithValues: try vaultResources.members(of: vault.id).map { ($0.resource.id, $0) })
        let records = try backups.ofCheckpoint(checkpoint.id)
        let resources = records.map { backup in
            let member = members[backup.resource]
            return CheckpointResource(
                backup: backup, protectStatus: member?.protectStatus ?? ProtectStatus(backup.state),
                backupCount: member?.backupCount ?? (backup.state == .available ? 1 : 0),
                backupBytes: member?.backupBytes ?? backup.storedBytes,
                resourceSizeBytes: member?.resource.sizeBytes ?? backup.resourceSizeBytes,
                excludedVolumes: member?.membership.excludedVolumes ?? [],
                includedVolumes: member?.membership.includedVolumes ?? [])
        }
        return CheckpointView(
            record: checkpoint, vaultName: vault.name, status: CheckpointStatus(records.map(\.state)),
            resources: resources)
    }
}

extension ProtectStatus {
    /// Of a resource that is in the vault no more.
    fileprivate init(_ state: BackupState) {
        switch state {
        case .protecting: self = .protecting
        case .available: self = .available
        case .deleting: self = .removing
        case .error: self = .error
        }
    }
}
