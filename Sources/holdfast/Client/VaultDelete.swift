import ArgumentParser
import CBRClient

struct VaultDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a vault and every backup in it.")

    @OptionGroup var client: ClientOptions

    @Argument(help: "Its id or name.")
    var vault: String

    func run() async throws {
        try await client.run { client in try await client.deleteVault(client.vault(called: vault).id) }
    }
}
