import ArgumentParser
import CBRClient

struct OperationList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List operations, newest first.")

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "Only of this vault, by id or name.")
    var vault: String?

    @Option(help: "Only with this status: waiting, running, success or failed.")
    var status: String?

    @Option(
        help: ArgumentHelp(
            "Only of this type: backup, restore, delete, sync, replication, vault_delete, remove_resource or "
                + "update_expiration_time."))
    var type: String?

    func run() async throws {
        try await client.run { client in
            var filter = ServiceClient.OperationFilter(type: type, status: status)
            if let vault { filter.vaultID = try await client.vault(called: vault).id }
            output.show(try await client.operations(filter), table: OperationCommand.table)
        }
    }
}
