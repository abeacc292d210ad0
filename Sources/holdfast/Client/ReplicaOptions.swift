import ArgumentParser
import CBRClient

/// Where replicas go: what `vault replicate` and `backup replicate` share.
struct ReplicaOptions: ParsableArguments {
    @Option(help: "The other region, as the server's file of peers names it.")
    var region: String

    @Option(help: "The id of the project there.")
    var remoteProject: String

    @Option(help: "The id of the vault there.")
    var remoteVault: String

    var place: ReplicaPlace { ReplicaPlace(region: region, project: remoteProject, vault: remoteVault) }

    static func table(_ queued: [QueuedReplica]) -> TextTable {
        TextTable(columns: ["BACKUP", "RECORD"], rows: queued.map { [$0.backupID, $0.replicationRecordID] })
    }
}

struct VaultReplicate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replicate", abstract: "Send what is new in a vault to another region.",
        discussion: "'holdfast operation list --type replication' shows how far it is.")

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var replica: ReplicaOptions

    @Argument(help: "The vault's id or name.")
    var vault: String

    func run() async throws {
        try await client.run { client in
            let queued = try await client.replicateVault(client.vault(called: vault).id, to: replica.place)
            output.show(queued, table: ReplicaOptions.table)
        }
    }
}

struct BackupReplicate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replicate", abstract: "Send a backup to another region.",
        discussion: "'holdfast operation list --type replication' shows how far it is.")

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var replica: ReplicaOptions

    @Argument(help: "The backup's id, or a name that no other has.")
    var backup: String

    func run() async throws {
        try await client.run { client in
            let queued = try await client.replicateBackup(client.backup(called: backup).id, to: replica.place)
            output.show(queued, table: ReplicaOptions.table)
        }
    }
}
