import ArgumentParser
import CBRClient

struct VaultList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the vaults of the project.")

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await client.run { client in output.show(try await client.vaults(), table: VaultCommand.table) }
    }
}
