import ArgumentParser
import CBRClient

struct BackupList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List backups, newest first.")

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "Only of this vault, by id or name.")
    var vault: String?

    @Option(help: "Only of this resource, by id or name.")
    var resource: String?

    @Flag(help: "What other projects share with this one, in place of its own.")
    var shared = false

    func run() async throws {
        try await client.run { client in
            var filter = ServiceClient.BackupFilter()
            if let vault { filter.vaultID = try await client.vault(called: vault).id }
            if let resource { filter.resourceID = try await client.resource(called: resource).id }
            if shared { filter.ownType = "shared" }
            output.show(
                try await client.backups(filter), table: shared ? BackupCommand.sharedTable : BackupCommand.table)
        }
    }
}
