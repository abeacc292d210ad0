import Catalog
import ControlPlane
import Foundation
import HoldfastCore

extension FoundBackup {
    /// Reads the labels that a server seals into its restore points.
    ///
    /// - Returns: nil for a restore point that was made on the command line, or whose labels make no sense.
    init?(_ stored: StoredRestorePoint) {
        let labels = stored.labels
        guard let project = labels.id(.project), let backup = labels.id(.backup), let vault = labels.id(.vault),
            let checkpoint = labels.id(.checkpoint), let resource = labels.id(.resource),
            let type = labels[.resourceType].flatMap({ ResourceType(rawValue: $0) })
        else { return nil }
        let location =
            labels[.resourceLocation]
            ?? (stored.sourcePath.isEmpty ? "" : URL(filePath: stored.sourcePath).absoluteString)
        self.init(
            restorePoint: stored.id, project: ProjectID(project), backup: BackupID(backup),
            name: labels[.backupName] ?? backup, description: labels[.backupDescription] ?? "",
            checkpoint: CheckpointID(checkpoint), checkpointName: labels[.checkpointName] ?? checkpoint,
            vault: VaultID(vault), vaultName: labels[.vaultName] ?? vault,
            vaultObjectType: labels[.vaultObjectType].flatMap { VaultObjectType(rawValue: $0) },
            vaultSizeGiB: labels[.vaultSizeGiB].flatMap { Int64($0) }, resource: ResourceID(resource),
            resourceName: labels[.resourceName] ?? resource, resourceType: type, resourceLocation: location,
            isAutomatic: labels[.isAutomatic] == "true", isIncremental: labels[.isIncremental] != "false",
            createdAt: labels[.checkpointMicroseconds].flatMap { Int64($0) }.map { Instant(microseconds: max(0, $0)) }
                ?? Instant(stored.createdAt),
            storedBytes: stored.storedBytes, logicalBytes: stored.logicalBytes, origin: labels.origin,
            keptUntil: stored.keep.map { Instant($0) }, holdReason: stored.holdReason)
    }
}

extension RestorePointLabels {
    fileprivate func id(_ key: Key) -> String? { self[key].flatMap { (1...255).contains($0.utf8.count) ? $0 : nil } }
}
