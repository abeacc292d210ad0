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

    func run() async throws {
        try await client.run { client in
            var filter = ServiceClient.OperationFilter(status: status)
            if let vault { filter.vaultID = try await client.vault(called: vault).id }
            output.show(try await client.operations(filter), table: OperationCommand.table)
        }
    }
}
