import ArgumentParser
import CBRClient

struct VaultSync: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync", abstract: "Find backups of a vault that the catalog does not know.",
        discussion: "For a catalog that was put back from an old copy. Waits until the search is over.")

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "The vault's id or name.")
    var vault: String

    func run() async throws {
        try await client.run { client in
            let operation = try await client.syncVault(client.vault(called: vault).id).value
            try await OperationWait(client: client).finish([operation])
            output.show(try await client.operation(operation)) { OperationCommand.table([$0]) }
        }
    }
}
