import Catalog
import ControlPlane
import HoldfastCore

extension RestorePointLabels {
    /// What the restore points of replicas have beside the other labels.
    enum OriginKey: String, CaseIterable {
        case region = "replica_region"
        case backup = "replica_backup_id"
        case checkpoint = "replica_checkpoint_id"
    }

    var origin: ReplicaOrigin? {
        guard let region = texts[OriginKey.region.rawValue], let backup = texts[OriginKey.backup.rawValue],
            let checkpoint = texts[OriginKey.checkpoint.rawValue]
        else { return nil }
        return ReplicaOrigin(region: region, backup: BackupID(backup), checkpoint: CheckpointID(checkpoint))
    }

    /// The labels of a replica: enough to make its rows again.
    init(
        _ draft: ReplicaDraft, backup: BackupID, checkpoint: CheckpointID, vault: VaultRecord
    ) {
        let values: [Key: String] = [
            .project: vault.project.text, .vault: vault.id.text, .vaultName: vault.name, .checkpoint: checkpoint.text,
            .checkpointName: draft.checkpointName, .backup: backup.text, .backupName: draft.name,
            .resource: draft.resource.text, .resourceName: draft.resourceName,
            .resourceType: draft.resourceType.rawValue, .resourceLocation: "", .isAutomatic: "\(draft.isAutomatic)",
            .isIncremental: "\(draft.isIncremental)", .backupDescription: draft.description,
            .checkpointMicroseconds: "\(draft.createdAt.microseconds)", .vaultObjectType: vault.objectType.rawValue,
            .vaultSizeGiB: "\(vault.sizeGiB)",
        ]
        let origin: [OriginKey: String] = [
            .region: draft.origin.region, .backup: draft.origin.backup.text,
            .checkpoint: draft.origin.checkpoint.text,
        ]
        var texts = Dictionary(uniqueKeysWithValues: values.map { ($0.key.rawValue, $0.value) })
        for (key, text) in origin { texts[key.rawValue] = text }
        self.init(texts: texts)
    }
}
