import ArgumentParser
import CBRClient

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "One resource at one restore point: what is restored or deleted.",
        subcommands: [
            BackupList.self, BackupShow.self, BackupRestore.self, BackupDelete.self, BackupHold.self,
            BackupRelease.self, BackupReplicate.self, BackupShare.self, BackupUnshare.self, BackupMembers.self,
            BackupAccept.self, BackupReject.self,
        ])

    static func table(_ backups: [Backup]) -> TextTable {
        TextTable(
            columns: ["ID", "NAME", "STATUS", "RESOURCE", "TYPE", "CREATED"],
            rows: backups.map { backup in
                [
                    backup.id, backup.name, backup.status, backup.resourceName ?? backup.resourceID,
                    backup.resourceType, backup.createdAt ?? "-",
                ]
            })
    }

    /// Backups of other projects.
    static func sharedTable(_ backups: [Backup]) -> TextTable {
        TextTable(
            columns: ["ID", "NAME", "STATUS", "RESOURCE", "TYPE", "OWNER", "SHARE", "VAULT"],
            rows: backups.map { backup in
                let member = backup.members?.first
                return [
                    backup.id, backup.name, backup.status, backup.resourceName ?? backup.resourceID,
                    backup.resourceType, backup.projectID ?? "-", member?.status ?? "-", member?.vaultID ?? "-",
                ]
            })
    }
}
